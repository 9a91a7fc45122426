import numpy as np
import pytest

from pellucid.evaluation.curves import gap
from pellucid.evaluation.intervals import proportion
from pellucid.evaluation.readings import best, convergence, fit, more_epochs, since_when


def verdict(train, validation, n, has_risen=False):
    train, validation = proportion(round(train * n), n), proportion(round(validation * n), n)
    return fit(gap(train.value, n, validation.value, n), train, validation, has_risen)


def gaps(*pairs, n=2000):
    return [gap(train, n, validation, n) for train, validation in pairs]


def test_gap_that_opens_later():
    opened, sentence = since_when(gaps((0.9, 0.9), (0.95, 0.94), (0.98, 0.95), (0.99, 0.95)))
    assert opened == 3
    assert sentence == "The gap is open since epoch 3: from there on its 95 % interval stays above zero."


def test_gap_that_closed_again_counts_from_its_last_opening():
    assert since_when(gaps((0.98, 0.95), (0.95, 0.95), (0.98, 0.95)))[0] == 3


def test_gap_open_from_the_start():
    assert since_when(gaps((0.98, 0.95), (0.99, 0.95))) == (
        1,
        "The gap is open from the first epoch on: its 95 % interval stays above zero.",
    )


def test_gap_that_cannot_be_told_from_zero():
    opened, sentence = since_when(gaps((0.96, 0.95), n=300))
    assert opened is None
    assert sentence == "After the last epoch the gap cannot be told from zero with 300 images."


def test_validation_above_training():
    opened, sentence = since_when(gaps((0.90, 0.95)))
    assert opened is None
    assert sentence.startswith("Validation lies above training although both were measured alike")


def test_best_epoch():
    assert best(np.array([0.3, 0.2]), None) == (
        2,
        "Validation loss is at its lowest after the last epoch (0.2000).",
    )
    assert best(np.array([0.2, 0.3]), None)[1].endswith(
        "whether that is noise cannot be told from fewer than 5 epochs."
    )
    assert best(np.array([0.2, 0.3]), False)[1].endswith(
        "ends at 0.3000: no more than its noise from epoch to epoch."
    )


@pytest.mark.parametrize(
    ("losses", "answer", "sentence"),
    [
        (
            [0.9, 0.8, 0.7, 0.6, 0.5, 0.4],
            "help",
            "validation loss still falls by 0.1 an epoch over the last 4",
        ),
        ([0.4, 0.5, 0.6, 0.7, 0.8, 0.9], "harm", "validation loss rises by 0.1 an epoch over the last 4"),
        (
            [0.9, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3],
            "no change",
            "would change little: validation loss stands still",
        ),
        (
            [0.9, 0.5, 0.3, 0.35, 0.28, 0.37],
            "cannot tell",
            "changes by 0.014 an epoch over the last 4, give or",
        ),
        ([0.9, 0.5, 0.3], "cannot tell", "cannot be told: 5 epochs are needed, and there are 3"),
    ],
)
def test_more_epochs(losses, answer, sentence):
    given, told = more_epochs(np.array(losses))
    assert given == answer
    assert sentence in told


@pytest.mark.parametrize(
    ("losses", "answer", "sentence"),
    [
        ([0.9, 0.8, 0.7, 0.6, 0.5, 0.4], "no", "not converged: its loss still falls by 0.1 an epoch"),
        (
            [0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
            "no",
            "its loss rises by 0.1 an epoch over the last 4; the learning rate",
        ),
        (
            [0.9, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3],
            "yes",
            "Training has converged: its loss stands still at 0.3000",
        ),
        (
            [0.9, 0.5, 0.3, 0.35, 0.28, 0.37],
            "cannot tell",
            "Whether training has converged cannot be told: its loss",
        ),
        ([0.9, 0.5], "cannot tell", "5 epochs are needed, and there are 2"),
    ],
)
def test_convergence(losses, answer, sentence):
    given, told = convergence(np.array(losses))
    assert given == answer
    assert sentence in told


def test_a_slowly_falling_loss_has_not_converged():
    # 0.7 % an epoch at the end of 100, as digits-cnn: small an epoch, much over the next hundred.
    assert convergence(np.exp(-0.007 * np.arange(100)))[0] == "no"


@pytest.mark.parametrize(
    ("train", "validation", "n", "answer", "sentence"),
    [
        (0.9978, 0.9874, 12000, "over", "most errors on new images come with the gap, for only 0.2 % of the"),
        (0.9280, 0.9220, 12000, "under", "Under-fitted: 7.2 % of the training images themselves are misread"),
        (0.9945, 0.9890, 12000, "well", "the gap is small, validation loss has not risen, and 0.5 % of the"),
        (
            0.9320,
            0.9110,
            337,
            "cannot tell",
            "with 337 images the gap may be anything from -2.0 to 6.2 points",
        ),
        (1.0, 1.0, 12000, "well", "0.0 % of the training images are misread"),
    ],
)
def test_fit_of_the_labs_networks(train, validation, n, answer, sentence):
    given, told = verdict(train, validation, n)
    assert given == answer
    assert sentence in told


def test_a_risen_validation_loss_is_over_fitting_whatever_the_accuracies():
    assert verdict(0.9945, 0.9890, 12000, has_risen=True) == (
        "over",
        "Over-fitted: validation loss has risen from its lowest while training went on.",
    )
