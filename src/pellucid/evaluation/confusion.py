"""Which class was taken for which. Rows are the TRUE class, columns the predicted one, everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pellucid.errors import ShapeError
from pellucid.evaluation.checked_arrays import (
    FloatArray,
    IntArray,
    checked_count,
    checked_labels,
    checked_pair,
)


@dataclass(frozen=True)
class Confusion:
    """One pair of classes: ``count`` images of class ``true`` were taken for class ``predicted``."""

    true: int
    predicted: int
    count: int


def confusion_matrix(labels: npt.ArrayLike, predicted: npt.ArrayLike, classes: int) -> IntArray:
    """Return the counts (U, U): entry [i, j] is how many images of true class i were predicted as class j.

    Examples
    --------
    >>> confusion_matrix([0, 0, 1, 1, 1], [0, 1, 1, 1, 0], classes=3)
    array([[1, 1, 0],
           [1, 2, 0],
           [0, 0, 0]])
    """
    classes = checked_count(classes, "classes", least=2)
    true = checked_labels(labels, classes)
    guess = checked_labels(predicted, classes, name="predicted")
    if len(true) != len(guess):
        raise ShapeError(
            "labels and predicted must be of the same images. "
            f"Received: len(labels)={len(true)}, len(predicted)={len(guess)}"
        )
    # (N,) pairs as one number each -> (U·U,) counts -> (U, U)
    return np.bincount(true * classes + guess, minlength=classes**2).reshape(classes, classes)


def normalize_rows(counts: npt.ArrayLike) -> FloatArray:
    """Return each row of a confusion matrix divided by its sum: the share of each TRUE class.

    The diagonal then is the recall of each class. A class with no images has a row of zeros.

    Examples
    --------
    >>> normalize_rows([[1, 1, 0], [1, 2, 1], [0, 0, 0]])
    array([[0.5 , 0.5 , 0.  ],
           [0.25, 0.5 , 0.25],
           [0.  , 0.  , 0.  ]])
    """
    matrix = np.asarray(counts, np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ShapeError(f"counts must be square, shape (U, U). Received: counts.shape={matrix.shape}")
    of_class = matrix.sum(axis=1, keepdims=True)  # (U, 1), so that row i is divided by the count of class i
    return np.asarray(np.divide(matrix, of_class, out=np.zeros_like(matrix), where=of_class > 0))


def most_confused(counts: npt.ArrayLike, count: int = 5) -> list[Confusion]:
    """Return the ``count`` pairs of different classes that were confused most often, most often first.

    Examples
    --------
    >>> most_confused([[5, 2, 0], [0, 9, 1], [3, 0, 7]], count=2)
    [Confusion(true=2, predicted=0, count=3), Confusion(true=0, predicted=1, count=2)]
    """
    count = checked_count(count, "count", least=0)
    matrix = np.asarray(counts, np.int64)
    pairs = [
        Confusion(int(i), int(j), int(matrix[i, j]))
        for i, j in zip(*np.nonzero(matrix), strict=True)
        if i != j
    ]
    return sorted(pairs, key=lambda pair: -pair.count)[:count]


def most_confident_mistakes(labels: npt.ArrayLike, probabilities: npt.ArrayLike, count: int = 10) -> IntArray:
    """Return the row numbers of the ``count`` mistakes made with the highest probability, highest first.

    Fewer where fewer mistakes were made. Rows of equal probability keep their order.

    Examples
    --------
    >>> most_confident_mistakes([0, 0, 1, 1], [[0.4, 0.6], [0.9, 0.1], [0.2, 0.8], [0.8, 0.2]], count=5)
    array([3, 0])
    """
    count = checked_count(count, "count", least=0)
    true, table = checked_pair(labels, probabilities)
    wrong = np.flatnonzero(table.argmax(axis=1) != true)
    return wrong[np.argsort(-table[wrong].max(axis=1), kind="stable")][:count]
