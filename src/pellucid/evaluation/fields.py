"""Fields: k characters that must all be right. How often they are, by arithmetic and on real handwriting.

If errors fell independently, a field of k characters would be right with probability accuracy^k. They do not:
who writes one unreadable 7 writes more of them. So the share of right fields is also measured on fields that
one person wrote, and the two are shown side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pellucid.core.randomness import stream
from pellucid.errors import DataError, ShapeError
from pellucid.evaluation.betting import betting_interval
from pellucid.evaluation.checked_arrays import BoolArray, FloatArray, IntArray, checked_count, checked_share
from pellucid.evaluation.intervals import Estimate, bootstrap, proportion

if TYPE_CHECKING:
    from pellucid.evaluation.predictions import Predictions


LEAST_FOR_BOOTSTRAP = 100  # writers


@dataclass(frozen=True)
class FieldAccuracy:
    """P(field right) of ``digits`` characters.

    ``independent`` is accuracy^k, its interval that of the accuracy to the power k. ``measured`` is the share
    of right fields among all fields that one writer's images can make, ``difference`` that minus accuracy^k
    of the same images; both None where the writers are not known.
    """

    digits: int
    independent: Estimate
    measured: Estimate | None = None
    difference: Estimate | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        measured = None if self.measured is None else self.measured.as_dict()
        difference = None if self.difference is None else self.difference.as_dict()
        return {
            "digits": self.digits,
            "independent": self.independent.as_dict(),
            "measured": measured,
            "difference": difference,
        }


def power(accuracy: float, digits: int) -> float:
    """Return accuracy^digits: P(field right) if errors were independent.

    Examples
    --------
    >>> [round(power(accuracy, digits), 4) for accuracy in (0.9246, 0.9896) for digits in (4, 10)]
    [0.7308, 0.4566, 0.959, 0.9007]
    """
    return float(accuracy ** checked_count(digits, "digits"))


def needed_accuracy(target: float, digits: int) -> float:
    """Return the accuracy a character at which a field's error would be ``target``, errors independent.

    Examples
    --------
    >>> round(needed_accuracy(0.01, 4), 4)
    0.9975
    """
    return float((1 - checked_share(target, "target")) ** (1 / checked_count(digits, "digits")))


def field_accuracy(
    correct: BoolArray, digits: int, writers: npt.ArrayLike | None = None, *, level: float = 0.95
) -> FieldAccuracy:
    """Return P(field right), by arithmetic and, where the writers are known, on fields by one writer.

    A writer with m images, c of them read right, makes C(m, k) fields of k different images, of which C(c, k)
    are right. Writers count by their images, so that at k = 1 the share is the accuracy; a writer with fewer
    than k images makes no field. The interval is bootstrapped over writers; of fewer than 100 writers, by
    betting (:mod:`pellucid.evaluation.betting`), since a bootstrap of few covers too little.

    Parameters
    ----------
    correct
        Whether each image (N,) was read right.
    writers
        Who wrote each image (N,), any whole numbers.

    Raises
    ------
    DataError
        No writer has ``digits`` images.
    ArgumentError
        ``digits`` below 1.

    Examples
    --------
    >>> correct = np.array([True] * 8 + [False] * 8)        # one writer always right, one never
    >>> accuracy = field_accuracy(correct, 2, writers=np.repeat([7, 9], 8))
    >>> accuracy.independent.value, accuracy.measured.value, accuracy.difference.value
    (0.25, 0.5, 0.25)
    """
    digits = checked_count(digits, "digits")
    one = proportion(int(correct.sum()), len(correct), level=level)
    by_power = Estimate(
        power(one.value, digits), power(one.low, digits), power(one.high, digits), one.n, "accuracy^k", level
    )
    if writers is None:
        return FieldAccuracy(digits, by_power)
    images, right = _per_writer(correct, writers)
    enough = images >= digits
    if not enough.any():
        raise DataError(
            f"No writer has {digits} images, so no field of {digits} can be made by one writer; "
            f"the most that one has is {images.max()}."
        )
    images, right = images[enough], right[enough]
    share = _share_of_right_fields(images, right, digits)

    def measured(rows: IntArray) -> FloatArray:
        weights = images[rows]
        return np.asarray((weights * share[rows]).sum(axis=1) / weights.sum(axis=1))

    def difference(rows: IntArray) -> FloatArray:
        accuracy = right[rows].sum(axis=1) / images[rows].sum(axis=1)
        return np.asarray(measured(rows) - accuracy**digits)

    few = len(images) < LEAST_FOR_BOOTSTRAP
    return FieldAccuracy(
        digits,
        by_power,
        betting_interval(share, images, level=level)
        if few
        else bootstrap(measured, len(images), level=level),
        bootstrap(difference, len(images), level=level),
    )


def draw_fields(
    n: int, digits: int, writers: npt.ArrayLike | None = None, *, one_each: bool = True, seed: int = 0
) -> IntArray:
    """Return fields as rows of image numbers, (F, k), each image in one field at most.

    Without writers the images are shuffled and cut into fields: these are independent of each other. With
    writers each field is by one writer, and each writer makes one field: more would not be independent, and
    would make no statement about new writers surer. With ``one_each=False`` every writer makes as
    many fields as there are images for, which is right where only a mean is asked.

    Examples
    --------
    >>> draw_fields(9, 4).shape
    (2, 4)
    >>> fields = draw_fields(9, 2, writers=[5, 5, 5, 5, 8, 8, 8, 8, 3])   # writer 3 has one image only
    >>> sorted(sorted(row.tolist())[0] // 4 for row in fields)
    [0, 1]
    """
    n, digits = checked_count(n, "n"), checked_count(digits, "digits")
    generator = stream(seed, "fields")
    shuffled = generator.permutation(n)
    if writers is None:
        fields = n // digits
        if not fields:
            raise DataError(f"{n} images do not make a field of {digits}; at least {digits} are needed.")
        return np.asarray(shuffled[: fields * digits].reshape(fields, digits))  # (N,) -> (F, k)
    of_shuffled = _checked_writers(n, writers)[shuffled]
    _, place, count = np.unique(of_shuffled, return_inverse=True, return_counts=True)
    if count.max() < digits:
        raise DataError(
            f"No writer has {digits} images, so no field of {digits} can be made by one writer; "
            f"the most that one has is {count.max()}."
        )
    by_writer = shuffled[np.argsort(place, kind="stable")]  # each writer's images together, in shuffled order
    starts, per_writer = np.cumsum(count) - count, count // digits  # (W,)
    if one_each:
        per_writer = np.minimum(per_writer, 1)
    before = np.cumsum(per_writer) - per_writer
    number = np.arange(per_writer.sum()) - np.repeat(before, per_writer)  # 0, 1, … within each writer, (F,)
    first = np.repeat(starts, per_writer) + number * digits
    return np.asarray(by_writer[first[:, np.newaxis] + np.arange(digits)])  # (F, 1) + (k,) -> (F, k)


def field_confidence(probabilities: FloatArray, fields: IntArray) -> FloatArray:
    """Return the confidence (F,) of fields (F, k): the product of their characters' top probabilities.

    Examples
    --------
    >>> field_confidence(np.array([[0.9, 0.1], [0.2, 0.8]]), np.array([[0, 1]]))
    array([0.72])
    """
    return np.asarray(probabilities.max(axis=1)[fields].prod(axis=1))


def field_wrong(predictions: Predictions, fields: IntArray) -> BoolArray:
    """Return whether any character of each field (F, k) was misread, (F,).

    Examples
    --------
    >>> from pellucid.evaluation.predictions import predictions_of
    >>> predictions = predictions_of("a", [0, 0, 1], [[0.9, 0.1], [0.2, 0.8], [0.2, 0.8]])
    >>> field_wrong(predictions, np.array([[0, 1], [0, 2]]))
    array([ True, False])
    """
    return np.asarray(~predictions.correct[fields].all(axis=1))


def split_by_writer(
    writers: npt.ArrayLike, share: float = 0.5, *, seed: int = 0
) -> tuple[IntArray, IntArray]:
    """Return image numbers in two parts with no writer in both, ``share`` of the writers in the first.

    To choose a threshold for new writers, neither training nor checking may have seen the writers it is
    chosen on; where the validation images come from the training writers, half of the test writers can serve.

    Examples
    --------
    >>> first, second = split_by_writer([4, 4, 6, 6, 6, 9])
    >>> len(first) + len(second)
    6
    """
    given = np.asarray(writers)
    every = np.unique(given)
    if len(every) < 2:
        raise DataError(f"Two writers are needed to make two parts. Received: writers={every.tolist()}")
    count = min(len(every) - 1, max(1, round(checked_share(share, "share") * len(every))))
    chosen = stream(seed, "writers").permutation(every)[:count]
    inside = np.isin(given, chosen)
    return np.flatnonzero(inside), np.flatnonzero(~inside)


def _checked_writers(n: int, writers: npt.ArrayLike) -> IntArray:
    array = np.asarray(writers)
    if array.shape != (n,):
        raise ShapeError(
            f"writers must name one writer an image, shape ({n},). Received: writers.shape={array.shape}"
        )
    return np.asarray(np.unique(array, return_inverse=True)[1], np.int64)


def _per_writer(correct: BoolArray, writers: npt.ArrayLike) -> tuple[IntArray, IntArray]:
    """Return how many images each writer has, and how many of them were read right: (W,), (W,)."""
    place = _checked_writers(len(correct), writers)
    return np.bincount(place), np.bincount(place, weights=correct).astype(np.int64)


def _share_of_right_fields(images: IntArray, right: IntArray, digits: int) -> FloatArray:
    """Return C(right, k) / C(images, k) for each writer, as a product that cannot overflow."""
    steps = np.arange(digits)
    ratios = (right[:, np.newaxis] - steps) / (images[:, np.newaxis] - steps)  # (W, k)
    return np.asarray(np.clip(ratios, 0, None).prod(axis=1))
