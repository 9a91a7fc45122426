"""Labels, losses and last layers that do not belong together: each message says which layer to write."""

import warnings

import numpy as np
import pytest

from pellucid import Sequential, layers, losses
from pellucid.errors import DataError, PellucidNote, ShapeError

SPARSE, ONE_HOT = "sparse_categorical_crossentropy", "categorical_crossentropy"
X = np.random.default_rng(0).normal(size=(12, 6)).astype(np.float32)
Y = np.arange(12) % 3
Dense = layers.Dense


def rows(numbers, classes=3):
    return np.eye(classes)[numbers]


def fit(last, loss, y, **arguments):
    network = Sequential([layers.Input((6,)), *last], seed=0)
    network.compile("sgd", loss, **arguments)
    return network.fit(X, y, verbose=0)


def refused(kind, last, loss, y):
    with pytest.raises(kind) as error:
        fit(last, loss, y)
    return str(error.value)


@pytest.mark.parametrize("activation", [None, "softmax"])
@pytest.mark.parametrize(
    ("loss", "y", "classes"),
    [
        (SPARSE, Y % 2, 2),
        (SPARSE, Y, 3),
        (ONE_HOT, rows(Y % 2, 2), 2),
        (ONE_HOT, rows(Y, 10), 10),
        (ONE_HOT, Y % 2, 2),
    ],
)
def test_one_output_cannot_tell_classes_apart(activation, loss, y, classes):
    assert refused(ShapeError, [Dense(1, activation=activation)], loss, y) == (
        "One output cannot tell classes apart: a softmax over it is always 1. Received: outputs of shape "
        f"(None, 1). For {classes} classes end the network in Dense({classes}, activation='softmax')."
    )


def test_a_softmax_over_one_output_learns_nothing_with_any_loss():
    said = refused(ShapeError, [Dense(1, activation="softmax")], "mse", Y[:, None].astype(float))
    assert said.endswith("Dense(3, activation='softmax') (for one number an image: Dense(1)).")


@pytest.mark.parametrize("y", [Y / 2, (Y / 2)[:, None]])
def test_one_number_an_image_is_learnt_by_dense_1(y):
    assert fit([Dense(1)], "mse", y).epoch == [0]


@pytest.mark.parametrize(("loss", "y"), [(SPARSE, Y), (ONE_HOT, rows(Y))])
@pytest.mark.parametrize(
    ("last", "instead"),
    [
        ([Dense(3)], "from Dense(3). Write Dense(3, activation='softmax'), or"),
        (
            [Dense(3, activation="relu")],
            "from Dense(3). Write Dense(3, activation='softmax') in place of activation='relu', or",
        ),
        ([Dense(3), layers.BatchNormalization()], "from BatchNormalization(). Add Softmax() at its end, or"),
    ],
)
def test_scores_where_probabilities_belong(last, instead, loss, y):
    said = refused(ShapeError, last, loss, y)
    assert said.startswith(
        f"The loss {loss} takes probabilities; the network ends in scores, without a softmax."
    )
    assert instead in said
    assert said.endswith("Crossentropy(from_logits=True).")


def test_dropout_after_the_softmax():
    said = refused(ShapeError, [Dense(3, activation="softmax"), layers.Dropout(0.5)], SPARSE, Y)
    assert said.endswith(
        "Received: outputs of shape (None, 3), from Dropout. Put the Dropout before Dense(3)."
    )


def test_scores_with_from_logits_are_fine():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit([Dense(3)], losses.SparseCategoricalCrossentropy(from_logits=True), Y)


@pytest.mark.parametrize(
    ("last", "from_logits", "note"),
    [
        (
            [Dense(3, activation="softmax")],
            True,
            "write Dense(3) without activation='softmax', or the loss without",
        ),
        ([Dense(3, activation="relu")], True, "Write Dense(3) without activation='relu'."),
        (
            [Dense(3, activation="softmax"), layers.Softmax()],
            False,
            "ends in two softmaxes, one after the other",
        ),
    ],
)
def test_what_trains_badly_is_noted(last, from_logits, note):
    with pytest.warns(PellucidNote) as notes:
        fit(last, losses.SparseCategoricalCrossentropy(from_logits=from_logits), Y)
    assert [note in str(one.message) for one in notes] == [True]


SOFTMAX = [Dense(3, activation="softmax")]


@pytest.mark.parametrize(
    ("loss", "y", "instead"),
    [
        (SPARSE, Y + 1, "They count from 1: write y - 1."),
        (
            SPARSE,
            np.arange(12) % 10,
            "Labels from 0 to 9 need as many outputs: end the network in Dense(10, activa",
        ),
        (SPARSE, Y * 10, "Number the classes from 0: values, y = np.unique(y, return_inverse=True)."),
        (SPARSE, Y - 1, "If -1 means that a label is missing, leave those images out: y >= 0."),
        (
            SPARSE,
            Y * 0.5,
            "Give the classes' numbers, undivided; to predict a number for each image instead, end t",
        ),
        (
            SPARSE,
            np.array(["a", "b", "c"] * 4),
            "Number the classes: classes, y = np.unique(y, return_inverse=True).",
        ),
        (
            SPARSE,
            np.array(["a", "b", "c"] * 4, object),
            "Number the classes: classes, y = np.unique(y, return_i",
        ),
        (ONE_HOT, rows(Y, 10), "For 10 columns end the network in Dense(10, activation='softmax')."),
        (ONE_HOT, rows(Y).T, "Received: 12 images and 3 labels (y). Put the images on the first axis: y.T"),
        (
            ONE_HOT,
            np.arange(12) % 5,
            "utils.to_categorical(y, 5). End the network in Dense(5, activation='softmax')",
        ),
        (
            ONE_HOT,
            Y / 2,
            "these are one number an image. Received: y.shape=(12,). To predict it, end the network in",
        ),
        (ONE_HOT, rows(Y) * 255, "summing to 255. Write y / 255"),
        (ONE_HOT, rows(Y) * 2 - 1, "Write y > 0 for labels of -1 and 1"),
        (
            ONE_HOT,
            np.maximum(rows(Y), rows((Y + 1) % 3)),
            "It names 2 classes, and a softmax chooses one: give each",
        ),
        (ONE_HOT, rows(Y)[:, None], "Write y.reshape(len(y), 3)."),
        ("mse", rows(Y, 4), "For 4 columns end the network in Dense(4)."),
    ],
)
def test_labels_of_another_form(loss, y, instead):
    assert instead in refused(DataError, SOFTMAX, loss, y)


def test_two_classes_called_minus_one_and_one():
    said = refused(DataError, [Dense(2, activation="softmax")], SPARSE, Y % 2 * 2 - 1)
    assert said.endswith("Received: y[0]=-1. For two classes write (y > 0).astype(int).")


def test_one_hot_rows_and_whole_numbers_mixed():
    said = refused(ShapeError, SOFTMAX, ONE_HOT, [[1, 0, 0]] * 11 + [2])
    assert said.endswith("Labels are either whole numbers, one an image, or one-hot rows of equal length.")
