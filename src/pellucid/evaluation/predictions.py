"""What one run predicted, and on which images: what comparisons and sufficiency are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pellucid.errors import DataError
from pellucid.evaluation.checked_arrays import BoolArray, FloatArray, IntArray, checked_labels, checked_pair

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, eq=False)
class Predictions:
    """The predictions of the run ``name``: labels (N,), probabilities (N, U), and which images they were.

    ``index`` (N,) are the images' places in the dataset and ``dataset`` its fingerprint (sha256); None where
    they are not known. Make one with :func:`predictions_of`, which checks.
    """

    name: str
    labels: IntArray
    probabilities: FloatArray
    index: IntArray | None = None
    dataset: str | None = None

    @property
    def correct(self) -> BoolArray:
        """Whether each image was read right."""
        return np.asarray(self.probabilities.argmax(axis=1) == self.labels)


def predictions_of(
    name: str,
    labels: npt.ArrayLike | None,
    probabilities: npt.ArrayLike | None,
    *,
    index: npt.ArrayLike | None = None,
    dataset: str | None = None,
) -> Predictions:
    """Return the checked predictions of one run.

    Raises
    ------
    DataError
        A run without predictions (None), or labels and probabilities that are not of the same images.

    Examples
    --------
    >>> predictions_of("mnist-cnn", [0, 1], [[0.9, 0.1], [0.8, 0.2]]).correct
    array([ True, False])
    """
    if labels is None or probabilities is None:
        raise DataError(
            f"Run {name!r} has no predictions, so nothing can be said of how good it is. "
            "They are written when a run finishes; resume it, or evaluate it again."
        )
    true, table = checked_pair(labels, probabilities)
    places = None if index is None else checked_labels(index, name="index")
    if places is not None and len(places) != len(true):
        raise DataError(
            f"index must have one place an image. Received: len(index)={len(places)}, len(labels)={len(true)}"
        )
    return Predictions(name, true, table, places, dataset)


def check_same_test_set(runs: Sequence[Predictions]) -> None:
    """Raise DataError, with the reason, where the runs were not tested on the same images in the same order.

    Examples
    --------
    >>> a, b = (predictions_of(name, [0, 1], [[0.9, 0.1], [0.8, 0.2]], dataset=name) for name in "ab")
    >>> check_same_test_set([a, b])
    Traceback (most recent call last):
    pellucid.errors.DataError: Runs 'a' and 'b' cannot be compared: they were tested on different datasets...
    """
    first = runs[0]
    for other in runs[1:]:
        reason = _difference(first, other)
        if reason:
            raise DataError(
                f"Runs {first.name!r} and {other.name!r} cannot be compared: {reason}. Only on the same test "
                "images does a difference in accuracy come from the networks."
            )


def _difference(a: Predictions, b: Predictions) -> str | None:
    if a.dataset is not None and b.dataset is not None and a.dataset != b.dataset:
        return f"they were tested on different datasets (sha256 {a.dataset[:12]}… and {b.dataset[:12]}…)"
    if len(a.labels) != len(b.labels):
        return f"one was tested on {len(a.labels):,} images, the other on {len(b.labels):,}"
    if a.index is not None and b.index is not None and not np.array_equal(a.index, b.index):
        return f"{int((a.index != b.index).sum()):,} of the test images are different ones"
    if not np.array_equal(a.labels, b.labels):
        return f"the labels of {int((a.labels != b.labels).sum()):,} test images differ"
    if a.probabilities.shape[1] != b.probabilities.shape[1]:
        return f"one knows {a.probabilities.shape[1]} classes, the other {b.probabilities.shape[1]}"
    return None
