"""How good the predictions are: accuracy, loss, top-k, and precision, recall and F1 of each class.

Every estimate has n and a 95 % interval. A count of a count (accuracy, top-k, precision, recall)
has Wilson's; F1 has that of the proportion behind it, and the mean loss an interval by betting. All take
images as independent. Where several are by one writer, errors gather, and the intervals are too narrow for
new writers: for MNIST's 297 test writers that of the accuracy should be a sixth wider. With known writers
``field_accuracy(correct, 1, writers).measured`` is the accuracy with an interval for new writers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pellucid.core.html_output import html_table, paragraph, titled
from pellucid.core.wording.plurals import counted
from pellucid.errors import ArgumentError
from pellucid.evaluation.betting import betting_interval
from pellucid.evaluation.checked_arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    checked_count,
    checked_pair,
    class_name,
)
from pellucid.evaluation.confusion import confusion_matrix
from pellucid.evaluation.intervals import Estimate, proportion
from pellucid.functions import cross_entropy
from pellucid.metrics import sparse_top_k_categorical_accuracy

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class ClassMetrics:
    """How one class fared: ``support`` images are of this class, ``predicted`` were taken for it.

    ``recall`` is the share of the support that was found, ``precision`` the share of the predicted that was
    right, ``f1`` their harmonic mean. A class never predicted has no precision, one never present no recall.
    """

    name: str
    support: int
    predicted: int
    precision: Estimate
    recall: Estimate
    f1: Estimate


@dataclass(frozen=True)
class Evaluation:
    """All estimates of one set of predictions; ``confusion`` has rows = true class."""

    n: int
    accuracy: Estimate
    loss: Estimate
    top_k: dict[int, Estimate]
    classes: tuple[ClassMetrics, ...]
    confusion: IntArray

    def _repr_html_(self) -> str:
        """Return the estimates and the confusion matrix, as a notebook shows them."""
        overall = [("accuracy", self.accuracy), ("loss", self.loss)]
        overall += [(f"in top {k}", estimate) for k, estimate in self.top_k.items()]
        each = [
            [one.name, f"{one.support:,}", one.recall.percent(), one.precision.percent(), one.f1.percent()]
            for one in self.classes
        ]
        names = [one.name for one in self.classes]
        rows = [[name, *map(str, row)] for name, row in zip(names, self.confusion.tolist(), strict=True)]
        shares = np.sqrt(self.confusion / np.maximum(self.confusion.sum(axis=1, keepdims=True), 1))
        shades = [[0.0, *(0.7 * row)] for row in shares]
        return titled(
            f"{counted(self.n, 'image')}",
            html_table(["", ""], [[name, str(estimate)] for name, estimate in overall], "ll"),
            html_table(["class", "images", "recall", "precision", "F1"], each, "lrlll"),
            paragraph("Rows: true class. Columns: predicted class."),
            html_table(["", *names], rows, "l" + "r" * len(names), shades),
            paragraph("Larger: pellucid.figures.plot_confusion_matrix(evaluation.confusion)"),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {
            "n": self.n,
            "accuracy": self.accuracy.as_dict(),
            "loss": self.loss.as_dict(),
            "top_k": {str(k): estimate.as_dict() for k, estimate in self.top_k.items()},
            "classes": [
                {
                    "name": one.name,
                    "support": one.support,
                    "predicted": one.predicted,
                    "precision": one.precision.as_dict(),
                    "recall": one.recall.as_dict(),
                    "f1": one.f1.as_dict(),
                }
                for one in self.classes
            ],
            "confusion": self.confusion.tolist(),
        }


def evaluate(
    labels: npt.ArrayLike, probabilities: npt.ArrayLike, *, class_names: Sequence[str] | None = None
) -> Evaluation:
    """Return every estimate of predictions (N, U) against labels (N,).

    Examples
    --------
    >>> evaluation = evaluate([0, 1, 1], [[0.9, 0.1], [0.4, 0.6], [0.8, 0.2]], class_names=["cat", "dog"])
    >>> print(evaluation.accuracy)
    0.67 (95 % interval 0.21 to 0.94, n = 3)
    >>> evaluation.confusion
    array([[1, 0],
           [1, 1]])
    """
    true, table = checked_pair(labels, probabilities)
    width = table.shape[1]
    return Evaluation(
        n=len(true),
        accuracy=accuracy(true, table),
        loss=cross_entropy_loss(true, table),
        top_k={k: top_k_accuracy(true, table, k) for k in (2, 3, 5) if k < width},
        classes=tuple(per_class(true, table, class_names=class_names)),
        confusion=confusion_matrix(true, table.argmax(axis=1), width),
    )


def correct(labels: npt.ArrayLike, probabilities: npt.ArrayLike) -> BoolArray:
    """Return for each image whether the most probable class (the first of equals) is the true one.

    Examples
    --------
    >>> correct([0, 1], [[0.9, 0.1], [0.8, 0.2]])
    array([ True, False])
    """
    true, table = checked_pair(labels, probabilities)
    return np.asarray(table.argmax(axis=1) == true)


def accuracy(labels: npt.ArrayLike, probabilities: npt.ArrayLike, *, level: float = 0.95) -> Estimate:
    """Return the share of images whose most probable class is the true one.

    Examples
    --------
    >>> print(accuracy([0, 1], [[0.9, 0.1], [0.8, 0.2]]))
    0.50 (95 % interval 0.09 to 0.91, n = 2)
    """
    right = correct(labels, probabilities)
    return proportion(int(right.sum()), len(right), level=level)


def top_k_accuracy(
    labels: npt.ArrayLike, probabilities: npt.ArrayLike, k: int, *, level: float = 0.95
) -> Estimate:
    """Return the share of images whose true class is among the k most probable.

    The rule is that of Keras and of :func:`pellucid.metrics.top_k_categorical_accuracy`: fewer than k classes
    are more probable, so of equally probable classes each counts.

    Examples
    --------
    >>> top_k_accuracy([2, 2], [[0.5, 0.3, 0.2], [0.5, 0.2, 0.3]], k=2).value
    0.5
    """
    true, table = checked_pair(labels, probabilities)
    k = checked_count(k, "k")
    if k > table.shape[1]:
        raise ArgumentError(f"k must be at most the number of classes, {table.shape[1]}. Received: k={k}")
    hits = sparse_top_k_categorical_accuracy(true, table, k)
    return proportion(int(hits.sum()), len(true), level=level)


MOST_LOSS = 16.2  # a little more than -log(1e-7), at which the loss of an image is clipped


def cross_entropy_losses(labels: npt.ArrayLike, probabilities: npt.ArrayLike) -> FloatArray:
    """Return each image's loss in nats: -log of its true class's probability, clipped at 1e-7 as in Keras.

    Examples
    --------
    >>> cross_entropy_losses([0, 1], [[0.5, 0.5], [1.0, 0.0]]).round(4)
    array([ 0.6931, 16.1181])
    """
    true, table = checked_pair(labels, probabilities)
    return np.asarray(cross_entropy(true, table), np.float64)


def cross_entropy_loss(
    labels: npt.ArrayLike, probabilities: npt.ArrayLike, *, level: float = 0.95
) -> Estimate:
    """Return the mean cross-entropy loss in nats, with its interval by betting.

    A few images make most of the loss, so a bootstrap of some thousand images covers far less than it says;
    the loss of an image lies from 0 to 16.1 (it is clipped), and the interval holds for any losses that do.

    Examples
    --------
    >>> cross_entropy_loss([0, 1], [[0.5, 0.5], [0.5, 0.5]]).value
    0.693147...
    """
    losses = cross_entropy_losses(labels, probabilities)
    return betting_interval(losses, high=MOST_LOSS, level=level)


def per_class(
    labels: npt.ArrayLike,
    probabilities: npt.ArrayLike,
    *,
    class_names: Sequence[str] | None = None,
    level: float = 0.95,
) -> list[ClassMetrics]:
    """Return precision, recall and F1 of each class.

    Examples
    --------
    >>> cat, dog = per_class([0, 1, 1], [[0.9, 0.1], [0.4, 0.6], [0.8, 0.2]], class_names=["cat", "dog"])
    >>> dog.support, dog.predicted, dog.precision.value, dog.recall.value
    (2, 1, 1.0, 0.5)
    """
    true, table = checked_pair(labels, probabilities)
    width = table.shape[1]
    if class_names is not None and len(class_names) != width:
        raise ArgumentError(
            f"class_names must name each of the {width} classes. "
            f"Received: len(class_names)={len(class_names)}"
        )
    names = None if class_names is None else list(class_names)
    counts = confusion_matrix(true, table.argmax(axis=1), width)
    concerned = counts.sum(axis=0) + counts.sum(axis=1) - counts.diagonal()  # true, predicted, or both
    return [
        ClassMetrics(
            name=class_name(i, names),
            support=int(counts[i].sum()),
            predicted=int(counts[:, i].sum()),
            precision=proportion(int(counts[i, i]), int(counts[:, i].sum()), level=level),
            recall=proportion(int(counts[i, i]), int(counts[i].sum()), level=level),
            f1=_f1_estimate(int(counts[i, i]), int(concerned[i]), level),
        )
        for i in range(width)
    ]


def f1_scores(counts: npt.ArrayLike) -> FloatArray:
    """Return F1 of each class of confusion counts, (…, U, U) -> (…, U).

    NaN for a class that is neither true nor predicted anywhere.

    Examples
    --------
    >>> f1_scores([[1, 0, 0], [1, 1, 0], [0, 0, 0]]).round(4)
    array([0.6667, 0.6667,    nan])
    """
    matrix = np.asarray(counts, np.float64)
    both = matrix.sum(axis=-1) + matrix.sum(axis=-2)  # images that are, plus images taken for, the class
    right = np.diagonal(matrix, axis1=-2, axis2=-1)
    return np.asarray(np.divide(2 * right, both, out=np.full_like(both, np.nan), where=both > 0))


def _f1_estimate(right: int, concerned: int, level: float) -> Estimate:
    """Return F1 of a class that ``concerned`` images belong to or were taken for, ``right`` of them both.

    F1 = 2F / (1 + F), where F = right / concerned is a proportion: its Wilson interval carries over. Source:
    K. F. Y. Lam, V. Gopal and J. Qian (2023), "Confidence intervals for the F1 score: a comparison of four
    methods", arXiv:2309.14621.
    """
    share = proportion(right, concerned, level=level)
    value, low, high = (2 * one / (1 + one) for one in (share.value, share.low, share.high))
    return Estimate(value, low, high, concerned, "Wilson, indirect", level)
