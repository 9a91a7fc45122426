"""Keras's functions: the accuracy of each image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.labels import Array, as_labels, as_outputs
from pellucid.metrics.accuracy import (
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
)

if TYPE_CHECKING:
    import numpy.typing as npt


def categorical_accuracy(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Array:
    """Return, from one-hot labels, (n,) ones and zeros: 1 where the largest output is the true class's.

    >>> categorical_accuracy([[0, 1], [0, 1]], [[0.4, 0.6], [0.7, 0.3]])
    array([1., 0.])
    """
    return CategoricalAccuracy().values(as_labels(y_true), as_outputs(y_pred))


def sparse_categorical_accuracy(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Array:
    """Return, from whole numbers, (n,) ones and zeros: 1 where the largest output is the true class's.

    >>> sparse_categorical_accuracy([1, 1], [[0.4, 0.6], [0.7, 0.3]])
    array([1., 0.])
    """
    return SparseCategoricalAccuracy().values(as_labels(y_true), as_outputs(y_pred))


def top_k_categorical_accuracy(y_true: npt.ArrayLike, y_pred: npt.ArrayLike, k: int = 5) -> Array:
    """Return, from one-hot labels, (n,) ones and zeros: 1 where the true class is among the first k.

    >>> top_k_categorical_accuracy([[0, 0, 1]], [[0.5, 0.2, 0.3]], k=2)
    array([1.])
    """
    return TopKCategoricalAccuracy(k).values(as_labels(y_true), as_outputs(y_pred))


def sparse_top_k_categorical_accuracy(y_true: npt.ArrayLike, y_pred: npt.ArrayLike, k: int = 5) -> Array:
    """Return, from whole numbers, (n,) ones and zeros: 1 where the true class is among the first k.

    >>> sparse_top_k_categorical_accuracy([2], [[0.5, 0.2, 0.3]], k=2)
    array([1.])
    """
    return SparseTopKCategoricalAccuracy(k).values(as_labels(y_true), as_outputs(y_pred))
