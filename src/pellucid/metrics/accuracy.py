"""Accuracies: the share of images that are classified correctly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pellucid.core.arguments import whole_number
from pellucid.core.labels import Array, as_labels, as_outputs, whole_labels
from pellucid.errors import ShapeError
from pellucid.metrics.base import Metric

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt


class CategoricalAccuracy(Metric):
    """1 where the largest output is the true class's, else 0; labels are one-hot, (n, U).

    Examples
    --------
    >>> CategoricalAccuracy().values(np.array([[0, 1], [0, 1]]), np.array([[0.4, 0.6], [0.7, 0.3]]))
    array([1., 0.])
    """

    def __init__(self, name: str = "categorical_accuracy", **unknown: Any) -> None:
        super().__init__(name, **unknown)

    def values(self, labels: Array, outputs: Array) -> Array:
        """Return 1 or 0 for each image, (n,)."""
        return _hits(_marked_classes(labels, outputs), outputs)


class SparseCategoricalAccuracy(Metric):
    """1 where the largest output is the true class's, else 0; labels are whole numbers, (n,).

    Examples
    --------
    >>> SparseCategoricalAccuracy().values(np.array([1, 1]), np.array([[0.4, 0.6], [0.7, 0.3]]))
    array([1., 0.])
    """

    def __init__(self, name: str = "sparse_categorical_accuracy", **unknown: Any) -> None:
        super().__init__(name, **unknown)

    def values(self, labels: Array, outputs: Array) -> Array:
        """Return 1 or 0 for each image, (n,)."""
        return _hits(_numbered_classes(labels, outputs), outputs)


class AccuracyByLabels(Metric):
    """What ``"accuracy"`` means if the loss takes any labels: one of the two above, by the labels' shape.

    Examples
    --------
    >>> accuracy, outputs = AccuracyByLabels(), np.array([[0.4, 0.6], [0.7, 0.3]])
    >>> accuracy(np.array([1, 1]), outputs), accuracy(np.array([[0, 1], [0, 1]]), outputs)
    (0.5, 0.5)
    """

    aliases: ClassVar[tuple[str, ...]] = (
        "accuracy",
        "acc",
    )

    def __init__(self, name: str = "accuracy", **unknown: Any) -> None:
        super().__init__(name, **unknown)

    def values(self, labels: Array, outputs: Array) -> Array:
        """Return 1 or 0 for each image, (n,)."""
        classes = _marked_classes if labels.shape == outputs.shape else _numbered_classes
        return _hits(classes(labels, outputs), outputs)


class TopKCategoricalAccuracy(Metric):
    """1 where fewer than k outputs are larger than the true class's, else 0; labels are one-hot, (n, U).

    Examples
    --------
    >>> TopKCategoricalAccuracy(k=2).values(np.array([[0, 0, 1]]), np.array([[0.5, 0.2, 0.3]]))
    array([1.])
    """

    options: ClassVar[tuple[str, ...]] = ("k", "name")

    def __init__(self, k: int = 5, name: str = "top_k_categorical_accuracy", **unknown: Any) -> None:
        super().__init__(name, **unknown)
        self.k = whole_number(type(self).__name__, "k", k)

    def values(self, labels: Array, outputs: Array) -> Array:
        """Return 1 or 0 for each image, (n,)."""
        return _top_hits(_marked_classes(labels, outputs), outputs, self.k)


class SparseTopKCategoricalAccuracy(Metric):
    """1 where fewer than k outputs are larger than the true class's, else 0; labels are whole numbers, (n,).

    Examples
    --------
    >>> SparseTopKCategoricalAccuracy(k=2).values(np.array([2]), np.array([[0.5, 0.2, 0.3]]))
    array([1.])
    """

    options: ClassVar[tuple[str, ...]] = ("k", "name")
    neutral: ClassVar[Mapping[str, Any]] = {"dtype": None, "from_sorted_ids": False}

    def __init__(self, k: int = 5, name: str = "sparse_top_k_categorical_accuracy", **unknown: Any) -> None:
        super().__init__(name, **unknown)
        self.k = whole_number(type(self).__name__, "k", k)

    def values(self, labels: Array, outputs: Array) -> Array:
        """Return 1 or 0 for each image, (n,)."""
        return _top_hits(_numbered_classes(labels, outputs), outputs, self.k)


def categorical_accuracy(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Array:
    """Return (n,) ones and zeros for one-hot labels: 1 where the largest output is the true class's.

    Examples
    --------
    >>> categorical_accuracy([[0, 1], [0, 1]], [[0.4, 0.6], [0.7, 0.3]])
    array([1., 0.])
    """
    return CategoricalAccuracy().values(as_labels(y_true), as_outputs(y_pred))


def sparse_categorical_accuracy(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Array:
    """Return (n,) ones and zeros for integer labels: 1 where the largest output is the true class's.

    Examples
    --------
    >>> sparse_categorical_accuracy([1, 1], [[0.4, 0.6], [0.7, 0.3]])
    array([1., 0.])
    """
    return SparseCategoricalAccuracy().values(as_labels(y_true), as_outputs(y_pred))


def top_k_categorical_accuracy(y_true: npt.ArrayLike, y_pred: npt.ArrayLike, k: int = 5) -> Array:
    """Return (n,) ones and zeros for one-hot labels: 1 where the true class is among the first k.

    Examples
    --------
    >>> top_k_categorical_accuracy([[0, 0, 1]], [[0.5, 0.2, 0.3]], k=2)
    array([1.])
    """
    return TopKCategoricalAccuracy(k).values(as_labels(y_true), as_outputs(y_pred))


def sparse_top_k_categorical_accuracy(y_true: npt.ArrayLike, y_pred: npt.ArrayLike, k: int = 5) -> Array:
    """Return (n,) ones and zeros for integer labels: 1 where the true class is among the first k.

    Examples
    --------
    >>> sparse_top_k_categorical_accuracy([2], [[0.5, 0.2, 0.3]], k=2)
    array([1.])
    """
    return SparseTopKCategoricalAccuracy(k).values(as_labels(y_true), as_outputs(y_pred))


def _marked_classes(labels: Array, outputs: Array) -> Array:
    """Return the class of each one-hot label: (n, U) -> (n,)."""
    _check_classes(outputs)
    if labels.shape != outputs.shape:
        raise ShapeError(
            "categorical accuracy takes one-hot labels, a column for each output. "
            f"Received: labels.shape={labels.shape}, outputs.shape={outputs.shape}"
        )
    classes: Array = labels.argmax(axis=-1)
    return classes


def _numbered_classes(labels: Array, outputs: Array) -> Array:
    """Return the class of each image, (n,)."""
    _check_classes(outputs)
    return whole_labels(labels, outputs, "sparse categorical accuracy takes whole numbers")


def _check_classes(outputs: Array) -> None:
    if outputs.ndim != 2 or outputs.shape[1] < 2:
        raise ShapeError(
            "accuracy takes an output for each class, (n, U) with U of at least 2. "
            f"Received: outputs.shape={outputs.shape}"
        )


def _hits(classes: Array, outputs: Array) -> Array:
    """Return 1 where the largest output is the true class's: (n,), (n, U) -> (n,)."""
    hits: Array = (outputs.argmax(axis=-1) == classes).astype(outputs.dtype)
    return hits


def _top_hits(classes: Array, outputs: Array, k: int) -> Array:
    """Return 1 where fewer than k outputs are larger than the true class's: (n,), (n, U) -> (n,)."""
    own = np.take_along_axis(outputs, classes[:, np.newaxis], axis=-1)  # (n,) -> (n, 1)
    own = np.where(np.isnan(own), -np.inf, own)
    hits: Array = ((outputs > own).sum(axis=-1) < k).astype(outputs.dtype)
    return hits
