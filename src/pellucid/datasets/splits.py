"""Splitting data: for validation, or for a test part where there is none."""

from __future__ import annotations

import math
import sys
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.arguments import is_real, is_whole
from pellucid.core.randomness import stream
from pellucid.errors import ArgumentError, ShapeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


class ValidationSource(StrEnum):
    """Where validation images come from."""

    STRATIFIED = "stratified"  # drawn from the training images, with the same share of every class
    LAST = "last"  # the last of the training images, as Keras's ``validation_split`` takes them
    TEST = "test"  # the test images themselves, which makes the test result too good
    NONE = "none"  # there are none: the network learns from all of the training images


def stratified_split(
    labels: ArrayLike, fraction_or_count: float, seed: int, *, purpose: str = "split"
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Draw a random part of the images in which each class has the same share as in the whole.

    Parameters
    ----------
    labels
        One label per image, (N,).
    fraction_or_count
        How much to take: a float between 0 and 1 is a fraction, rounded up as scikit-learn's
        ``train_test_split`` does; an int is a number of images.
    seed, purpose
        The same seed and purpose always give the same split (:func:`pellucid.core.randomness.stream`).

    Returns
    -------
    kept, taken
        Positions in ``labels``, in shuffled order; together every position once. The number of each class in
        ``taken`` is its fair share rounded down or up (largest remainders up, ties to the first class), so a
        class with very few images can be missing from it: see :func:`missing_classes`.

    Raises
    ------
    ShapeError
        If ``labels`` are not (N,).
    ArgumentError
        If a part would be empty.

    Examples
    --------
    The lab splits the 1,797 digits twice, a quarter each time:

    >>> from pellucid.datasets import load
    >>> labels = load("digits").y_train
    >>> rest, test = stratified_split(labels, 0.25, seed=0, purpose="test part")
    >>> train, validation = stratified_split(labels[rest], 0.25, seed=0, purpose="validation part")
    >>> len(train), len(validation), len(test)
    (1010, 337, 450)
    """
    labels = np.asarray(labels)
    if labels.ndim != 1:
        raise ShapeError(
            "A stratified split needs one label per image, of shape (N,): use labels[:, 0] for a column of "
            f"labels, labels.argmax(axis=1) for one-hot labels. Received: labels.shape={labels.shape}"
        )
    count = _count(len(labels), fraction_or_count)
    generator = stream(seed, purpose)
    _, class_of, class_sizes = np.unique(labels, return_inverse=True, return_counts=True)
    shares = _shares(class_sizes, count)
    shuffled = generator.permutation(len(labels))
    # Within each class, in the shuffled order: the first ``share`` are taken.
    by_class = shuffled[np.argsort(class_of[shuffled], kind="stable")]
    starts = np.cumsum(class_sizes) - class_sizes
    rank = np.empty(len(labels), np.intp)
    rank[by_class] = np.arange(len(labels)) - np.repeat(starts, class_sizes)
    is_taken = rank < shares[class_of]
    # Shuffled again: in the first order the taken ones come first, and the kept start where a class ran out.
    shuffled = generator.permutation(len(labels))
    return shuffled[~is_taken[shuffled]], shuffled[is_taken[shuffled]]


def _count(total: int, fraction_or_count: float) -> int:
    """Return how many of ``total`` images to take."""
    asked: object = fraction_or_count
    if is_whole(asked, least=-sys.maxsize):
        count, valid = int(asked), f"a number of images between 1 and {total - 1}"
    else:
        valid = f"a fraction between 0 and 1 that leaves some of the {total} images on both sides"
        count = math.ceil(total * float(asked)) if is_real(asked, "(0, 1)") else 0
    if not 0 < count < total:
        raise ArgumentError(
            f"Cannot split {total} images: fraction_or_count must be {valid}. "
            f"Received: fraction_or_count={fraction_or_count!r}"
        )
    return count


def _shares(class_sizes: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Return how many of each class to take, ``count`` in all: the method of largest remainders."""
    total = int(class_sizes.sum())
    # Computed in whole numbers, sizes · count / total, so that no rounding decides a tie.
    shares, remainders = np.divmod(class_sizes * count, total)
    short = count - int(shares.sum())
    shares[np.argsort(-remainders, kind="stable")[:short]] += 1
    return shares


def last_split(n: int, fraction: float) -> tuple[slice, slice]:
    """Cut off the LAST ``fraction`` of ``n`` samples: what Keras's ``validation_split`` means.

    Nothing is shuffled or balanced: on data sorted by class, whole classes end up on one side
    (:func:`missing_classes` names them). The cut is at floor(n (1 - fraction)), as in Keras.

    Returns
    -------
    kept, taken
        Two slices.

    Raises
    ------
    ArgumentError
        If a part would be empty.

    Examples
    --------
    >>> last_split(60_000, 0.2)
    (slice(0, 48000, None), slice(48000, 60000, None))
    """
    at = math.floor(n * (1.0 - fraction)) if 0 < fraction < 1 else 0
    if not 0 < at < n:
        raise ArgumentError(
            "Cannot split off the last samples: validation_split must be a fraction between 0 and 1 that "
            f"leaves at least one of the {n} samples on both sides. Received: validation_split={fraction!r}"
        )
    return slice(0, at), slice(at, n)


def missing_classes(labels: ArrayLike, classes: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the classes that are missing from ``labels``, which are positions in ``classes``.

    Examples
    --------
    >>> missing_classes([0, 2, 2], ["cat", "dog", "horse"])
    ('dog',)
    """
    present = set(np.unique(np.asarray(labels)).tolist())
    return tuple(name for label, name in enumerate(classes) if label not in present)
