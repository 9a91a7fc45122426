import json

import numpy as np
import pytest
from loss_curves import OVER, history

from pellucid.errors import ArgumentError, DataError, ShapeError
from pellucid.evaluation import with_sentences
from pellucid.evaluation.generalisation import read_curves
from pellucid.evaluation.wording.generalisation import generalisation_sentences

UNDER = history(
    [0.34, 0.30, 0.29, 0.281, 0.278, 0.2765, 0.276, 0.2758, 0.2757, 0.2757, 0.2756, 0.2756],
    [0.903, 0.915, 0.919, 0.922, 0.924, 0.925, 0.926, 0.926, 0.927, 0.927, 0.928, 0.928],
    [0.33, 0.30, 0.293, 0.288, 0.287, 0.2865, 0.286, 0.2858, 0.2857, 0.2857, 0.2856, 0.2856],
    [0.905, 0.914, 0.917, 0.919, 0.920, 0.920, 0.921, 0.921, 0.921, 0.922, 0.922, 0.922],
)


def test_an_over_fitted_network():
    found = read_curves(OVER, n_train=12000, n_validation=12000)
    assert (found.fit, found.opened, found.best_epoch, found.more_epochs) == ("over", 3, 6, "harm")
    assert found.end.gap.value == pytest.approx(0.0255)
    assert generalisation_sentences(found)[0] == (
        "After epoch 12 the network reads 99.95 % of 12,000 training and 97.40 % of 12,000 validation "
        "images right, both measured alike: a gap of 2.6 points (2.3 to 2.9)."
    )
    assert generalisation_sentences(found)[2] == (
        "Validation loss was lowest after epoch 6 (0.0980) and ends at 0.1200: more than its noise from "
        "epoch to epoch, so stopping there would have been better."
    )
    assert (
        generalisation_sentences(found)[3]
        == "More epochs would harm: validation loss rises by 0.004 an epoch over the last 4."
    )


def test_an_under_fitted_network_that_has_converged():
    found = read_curves(UNDER, n_train=12000, n_validation=12000)
    assert (found.fit, found.opened, found.converged, found.more_epochs) == (
        "under",
        None,
        "yes",
        "no change",
    )
    assert (
        generalisation_sentences(found)[1]
        == "After the last epoch the gap cannot be told from zero with 12,000 images."
    )


def test_the_running_mean_is_never_used():
    with_mean = read_curves(OVER, n_train=12000, n_validation=12000)
    without = {name: column for name, column in OVER.items() if name not in ("loss", "accuracy")}
    assert read_curves(without, n_train=12000, n_validation=12000) == with_mean


def test_a_history_with_the_running_mean_alone_cannot_tell_and_says_why():
    found = read_curves(
        {"loss": [1, 2], "accuracy": [0.1, 0.2], "val_loss": [1, 2], "val_accuracy": [0.1, 0.2]},
        n_train=100,
        n_validation=100,
    )
    assert (found.fit, found.end, found.epochs) == ("cannot tell", None, 2)
    assert generalisation_sentences(found) == (
        "Generalisation cannot be read off this history: it has no train_loss, train_accuracy. Its accuracy "
        "is a running mean over the epoch, with dropout on and the weights still moving, and cannot be set "
        "against a validation accuracy measured after the epoch.",
    )


def test_no_validation_data():
    found = read_curves({"train_loss": [1.0], "train_accuracy": [0.5]}, n_train=10, n_validation=10)
    assert generalisation_sentences(found) == (
        "Generalisation cannot be read off this history: it has no val_loss, val_accuracy.",
    )


def test_a_loss_that_became_nan():
    broken = {**OVER, "val_loss": [*OVER["val_loss"][:-1], float("nan")]}
    found = read_curves(broken, n_train=10, n_validation=10)
    assert found.fit == "cannot tell"
    assert generalisation_sentences(found) == ("The history holds NaN or infinity: training broke down.",)


def test_few_images_cannot_tell_what_many_can():
    few = read_curves(history([0.3] * 6, [0.99] * 6, [0.3] * 6, [0.97] * 6), n_train=100, n_validation=100)
    many = read_curves(history([0.3] * 6, [0.99] * 6, [0.3] * 6, [0.97] * 6), n_train=9000, n_validation=9000)
    assert (few.fit, many.fit) == ("cannot tell", "over")


def test_json():
    json.dumps(with_sentences(read_curves(OVER, n_train=12000, n_validation=12000)), allow_nan=False)
    json.dumps(with_sentences(read_curves({}, n_train=1, n_validation=1)), allow_nan=False)


def test_what_is_refused():
    with pytest.raises(
        ArgumentError, match=r"n_validation is a whole number of at least 1. Received: n_validation=0"
    ):
        read_curves(OVER, n_train=10, n_validation=0)
    with pytest.raises(ShapeError, match=r"Received: len\(train_loss\)=12, .*len\(val_loss\)=1"):
        read_curves({**OVER, "val_loss": [0.1]}, n_train=10, n_validation=10)
    with pytest.raises(DataError, match="must hold one number an epoch"):
        read_curves({**OVER, "val_loss": [None] * 11 + ["x"]}, n_train=10, n_validation=10)


def test_accuracies_given_as_arrays():
    arrays = {name: np.array(column) for name, column in OVER.items()}
    assert read_curves(arrays, n_train=12000, n_validation=12000).fit == "over"
