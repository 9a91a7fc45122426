"""The cross-entropies: how surprised the network is by the right answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from pellucid.core.arguments import real_number
from pellucid.core.labels import Array, whole_labels
from pellucid.errors import ShapeError
from pellucid.functions.cross_entropies import (
    cross_entropy,
    cross_entropy_backward,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
)
from pellucid.losses.base import Loss, values_of

if TYPE_CHECKING:
    from collections.abc import Mapping


class CrossEntropy(Loss):
    """The base of both cross-entropies."""

    joins_softmax: ClassVar[bool] = True
    from_logits: bool

    def targets(self, labels: Array, outputs: Array) -> Array:
        """Return the labels in the form that the functions take."""
        raise NotImplementedError

    def values(self, labels: Array, outputs: Array) -> Array:
        """Return the loss of each image, (n,)."""
        if self.from_logits:
            return self.joined_values(labels, outputs)
        return cross_entropy(self.targets(labels, outputs), outputs)

    def gradient(self, labels: Array, outputs: Array) -> Array:
        """Return d(sum of the values)/d(outputs), (n, U)."""
        if self.from_logits:
            return self.joined_gradient(labels, outputs)
        return cross_entropy_backward(_ones(outputs), self.targets(labels, outputs), outputs)

    def joined_values(self, labels: Array, logits: Array) -> Array:
        """Return the loss of each image, (n,), from the scores (n, U) that go into the network's softmax."""
        return softmax_cross_entropy(self.targets(labels, logits), logits)

    def joined_gradient(self, labels: Array, logits: Array) -> Array:
        """Return d(sum of the values)/d(logits), (n, U): probabilities minus labels."""
        return softmax_cross_entropy_backward(_ones(logits), self.targets(labels, logits), logits)


class CategoricalCrossentropy(CrossEntropy):
    """Cross-entropy for one-hot labels, or any distribution over the U classes, (n, U).

    Parameters
    ----------
    from_logits
        Whether the outputs are scores, without a softmax.
    label_smoothing
        Share of the label, from 0 to 1, that is taken from the true class and spread evenly over all
        (Szegedy et al. 2016, section 7).
    name
        As in Keras; of no effect.

    Raises
    ------
    ArgumentError
        When ``label_smoothing`` is not from 0 to 1.

    Examples
    --------
    >>> CategoricalCrossentropy()([[0, 1], [0, 1]], [[0.5, 0.5], [0.5, 0.5]])  # ln 2
    0.693147...
    """

    options: ClassVar[tuple[str, ...]] = ("from_logits", "label_smoothing", "name")
    takes_distributions: ClassVar[bool] = True

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        *,
        name: str = "categorical_crossentropy",
        **unknown: Any,
    ) -> None:
        super().__init__(**unknown)
        self.from_logits = bool(from_logits)
        self.label_smoothing = real_number(type(self).__name__, "label_smoothing", label_smoothing, "[0, 1]")
        self.name = name

    @property
    def objective(self) -> str:
        """The loss in words, with its smoothing if it has one."""
        smoothed = f", labels smoothed by {self.label_smoothing:g}" if self.label_smoothing else ""
        return super().objective + smoothed

    def targets(self, labels: Array, outputs: Array) -> Array:
        """Return the labels in the dtype of the outputs, smoothed."""
        if labels.shape != outputs.shape:
            raise ShapeError(
                "categorical_crossentropy takes one-hot labels, a column for each output; "
                "sparse_categorical_crossentropy takes whole numbers. "
                f"Received: labels.shape={labels.shape}, outputs.shape={outputs.shape}"
            )
        labels = labels.astype(outputs.dtype, copy=False)
        if not self.label_smoothing:
            return labels
        smoothed: Array = labels * (1 - self.label_smoothing) + self.label_smoothing / outputs.shape[-1]
        return smoothed


class SparseCategoricalCrossentropy(CrossEntropy):
    """Cross-entropy for labels that are whole numbers, (n,) or (n, 1).

    Parameters
    ----------
    from_logits
        Whether the outputs are scores, without a softmax.
    name
        As in Keras; of no effect.

    Examples
    --------
    >>> SparseCategoricalCrossentropy()([1, 1], [[0.5, 0.5], [0.5, 0.5]])  # ln 2
    0.693147...
    """

    options: ClassVar[tuple[str, ...]] = ("from_logits", "name")
    takes_integers: ClassVar[bool] = True
    neutral: ClassVar[Mapping[str, Any]] = {**Loss.neutral, "ignore_class": None}

    def __init__(
        self, from_logits: bool = False, *, name: str = "sparse_categorical_crossentropy", **unknown: Any
    ) -> None:
        super().__init__(**unknown)
        self.from_logits = bool(from_logits)
        self.name = name

    def targets(self, labels: Array, outputs: Array) -> Array:
        """Return the labels as (n,)."""
        return whole_labels(labels, outputs, "sparse_categorical_crossentropy takes whole numbers")


def categorical_crossentropy(
    y_true: npt.ArrayLike, y_pred: npt.ArrayLike, from_logits: bool = False, label_smoothing: float = 0.0
) -> Array:
    """Return the cross-entropy of each image for one-hot labels, (n,).

    Examples
    --------
    >>> categorical_crossentropy([[0, 1]], [[0.5, 0.5]]).round(3)
    array([0.693])
    """
    return values_of(CategoricalCrossentropy(from_logits, label_smoothing), y_true, y_pred)


def sparse_categorical_crossentropy(
    y_true: npt.ArrayLike, y_pred: npt.ArrayLike, from_logits: bool = False
) -> Array:
    """Return the cross-entropy of each image for labels that are whole numbers, (n,).

    Examples
    --------
    >>> sparse_categorical_crossentropy([1], [[0.5, 0.5]]).round(3)
    array([0.693])
    """
    return values_of(SparseCategoricalCrossentropy(from_logits), y_true, y_pred)


def _ones(outputs: Array) -> Array:
    return np.ones(len(outputs), outputs.dtype)
