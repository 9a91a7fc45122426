"""The sentences that test_generalisation does not already read."""

import pytest
from loss_curves import OVER, history

from pellucid.evaluation.generalisation import read_curves
from pellucid.evaluation.wording.generalisation import generalisation_sentences, what_changed

SINCE_WHEN, BEST_EPOCH, MORE_EPOCHS, CONVERGENCE, FIT = range(1, 6)


def sentences(train_accuracy=(0.95, 0.95), val_accuracy=(0.95, 0.95), losses=None, *, n=2000):
    losses = [0.3] * len(train_accuracy) if losses is None else losses
    longer = len(losses) - len(train_accuracy)
    columns = [[column[0]] * longer + list(column) for column in (train_accuracy, val_accuracy)]
    return generalisation_sentences(
        read_curves(history(losses, columns[0], losses, columns[1]), n_train=n, n_validation=n)
    )


@pytest.mark.parametrize(
    ("train", "validation", "n", "sentence"),
    [
        (
            (0.9, 0.95, 0.98, 0.99),
            (0.9, 0.94, 0.95, 0.95),
            2000,
            "The gap is open since epoch 3: from there on its 95 % interval stays above zero.",
        ),
        (
            (0.98, 0.99),
            (0.95, 0.95),
            2000,
            "The gap is open from the first epoch on: its 95 % interval stays above zero.",
        ),
        ((0.96,), (0.95,), 300, "After the last epoch the gap cannot be told from zero with 300 images."),
        (
            (0.90,),
            (0.95,),
            2000,
            "Validation lies above training although both were measured alike: the validation images are "
            "easier ones, by chance or by the way they were split.",
        ),
    ],
)
def test_since_when_the_gap_is_open(train, validation, n, sentence):
    assert sentences(train, validation, n=n)[SINCE_WHEN] == sentence


@pytest.mark.parametrize(
    ("losses", "sentence"),
    [
        ([0.3, 0.2], "Validation loss is at its lowest after the last epoch (0.2000)."),
        (
            [0.2, 0.3],
            "Validation loss was lowest after epoch 1 (0.2000) and ends at 0.3000: whether that is noise "
            "cannot be told from fewer than 5 epochs.",
        ),
        (
            [0.9, 0.5, 0.31, 0.30, 0.31, 0.29, 0.31, 0.30],
            "Validation loss was lowest after epoch 6 (0.2900) and ends at 0.3000: no more than its noise "
            "from epoch to epoch.",
        ),
    ],
)
def test_the_best_epoch(losses, sentence):
    assert sentences(losses=losses)[BEST_EPOCH] == sentence


@pytest.mark.parametrize(
    ("losses", "sentence"),
    [
        ([0.9, 0.8, 0.7, 0.6, 0.5, 0.4], "loss still falls by 0.1 an epoch over the last 4."),
        ([0.4, 0.5, 0.6, 0.7, 0.8, 0.9], "loss rises by 0.1 an epoch over the last 4."),
        (
            [0.9, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3],
            "would change little: validation loss changes by less than matters.",
        ),
        ([0.9, 0.5, 0.3, 0.35, 0.28, 0.37], "changes by 0.014 an epoch over the last 4, give or take "),
        ([0.9, 0.5, 0.3], "help cannot be told: 5 epochs are needed, and there are 3."),
    ],
)
def test_more_epochs(losses, sentence):
    assert sentence in sentences(losses=losses)[MORE_EPOCHS]


@pytest.mark.parametrize(
    ("losses", "sentence"),
    [
        (
            [0.9, 0.8, 0.7, 0.6, 0.5, 0.4],
            "not converged: its loss still falls by 0.1 an epoch over the last 4.",
        ),
        ([0.4, 0.5, 0.6, 0.7, 0.8, 0.9], "its loss rises by 0.1 an epoch over the last 4; the learning rate"),
        (
            [0.9, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3],
            "Training has converged: its loss, 0.3000, changes by less than matters.",
        ),
        (
            [0.9, 0.5, 0.3, 0.35, 0.28, 0.37],
            "Whether training has converged cannot be told: its loss changes",
        ),
        ([0.9, 0.5], "converged cannot be told: 5 epochs are needed, and there are 2."),
    ],
)
def test_convergence(losses, sentence):
    assert sentence in sentences(losses=losses)[CONVERGENCE]


@pytest.mark.parametrize(
    ("train", "validation", "n", "sentence"),
    [
        (0.9978, 0.9850, 12000, "most errors on new images come with the gap, for only 0.2 % of the"),
        (0.9280, 0.9220, 12000, "Under-fitted: 7.2 % of the training images themselves are misread"),
        (0.9945, 0.9890, 12000, "the gap is small, validation loss has not risen, and 0.5 % of the"),
        (0.9320, 0.9110, 337, "with 337 images the gap may be anything from -2.0 to 6.2 points"),
        (1.0, 1.0, 12000, "0.0 % of the training images are misread"),
    ],
)
def test_fit_of_the_labs_networks(train, validation, n, sentence):
    assert sentence in sentences((train,), (validation,), n=n)[FIT]


def test_a_risen_validation_loss():
    found = generalisation_sentences(read_curves(OVER, n_train=12000, n_validation=12000))
    assert found[FIT] == "Over-fitted: validation loss has risen from its lowest while training went on."


def test_what_dropout_changed():
    plain = read_curves(OVER, n_train=12000, n_validation=12000)
    smaller = history([0.1] * 3, [0.985] * 3, [0.1] * 3, [0.979] * 3)
    dropout = read_curves(smaller, n_train=12000, n_validation=12000)
    assert what_changed("plain", plain, "dropout", dropout) == (
        "The gap of dropout is 0.6 points (0.3 to 0.9), that of plain 2.6 points (2.3 to 2.9): smaller by "
        "2.0 points (1.5 to 2.4). Validation accuracy went from 97.40 to 97.90 %, training accuracy from "
        "99.95 to 98.50 %."
    )
    assert "larger by 2.0 points (1.5 to 2.4)" in what_changed("dropout", dropout, "plain", plain)


def test_a_change_within_noise():
    plain = read_curves(OVER, n_train=12000, n_validation=12000)
    assert "a change of 0.0 points (-0.4 to 0.4), which may be noise" in what_changed("a", plain, "b", plain)


def test_change_that_cannot_be_told():
    plain, nothing = (read_curves(one, n_train=10, n_validation=10) for one in (OVER, {}))
    assert what_changed("a", plain, "b", nothing) == (
        "What changed between a and b cannot be told: b has no training and validation accuracy measured "
        "alike."
    )
