"""Taking a part of the data away: for validation, or for a test part where there is none."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.core.randomness import stream
from pellucid.errors import ArgumentError, ShapeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


def stratified_split(
    labels: ArrayLike, fraction_or_count: float, seed: int, *, purpose: str = "split"
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Draw a part of the images by chance, with each class in it as often as in the whole.

    Parameters
    ----------
    labels
        One label per image, (N,).
    fraction_or_count
        How much to take: a float between 0 and 1 is a fraction, rounded up as scikit-learn's
        ``train_test_split`` does; an int is a number of images.
    seed, purpose
        Which draw: the same seed and purpose give the same split, always
        (:func:`pellucid.core.randomness.stream`).

    Returns
    -------
    kept, taken
        Positions in ``labels``, each in shuffled order; together every position once. The number of each
        class in ``taken`` is its fair share rounded down or up (largest remainders up, ties to the first
        class), so a class with very few images can be missing from it: see :func:`missing_classes`.

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
            f"A stratified split needs one label per image, of shape (N,); got labels.shape={labels.shape}. "
            "Use labels[:, 0] for a column of labels, labels.argmax(axis=1) for one-hot labels."
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
    # Shuffled anew: in the old order the taken ones come first, and the kept begin where a class was used up.
    shuffled = generator.permutation(len(labels))
    return shuffled[~is_taken[shuffled]], shuffled[is_taken[shuffled]]


def _count(total: int, fraction_or_count: float) -> int:
    """Return how many of ``total`` images to take."""
    asked: Any = fraction_or_count
    if isinstance(asked, (int, np.integer)) and not isinstance(asked, bool):
        count, right = int(asked), f"a number of images between 1 and {total - 1}"
    else:
        right = f"a fraction between 0 and 1 that leaves some of the {total} images on both sides"
        usable = isinstance(asked, (float, np.floating)) and 0 < asked < 1
        count = math.ceil(total * float(asked)) if usable else 0
    if not 0 < count < total:
        raise ArgumentError(
            f"Cannot split {total} images: got fraction_or_count={fraction_or_count!r}, not {right}."
        )
    return count


def _shares(class_sizes: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Return how many of each class to take, ``count`` in all: the method of largest remainders."""
    total = int(class_sizes.sum())
    # In whole numbers, as sizes times count over total: no rounding decides a tie.
    shares, remainders = np.divmod(class_sizes * count, total)
    short = count - int(shares.sum())
    shares[np.argsort(-remainders, kind="stable")[:short]] += 1
    return shares


def last_split(n: int, fraction: float) -> tuple[slice, slice]:
    """Cut off the LAST ``fraction`` of ``n`` samples: what Keras's ``validation_split`` means.

    Nothing is shuffled or balanced: on data sorted by class, whole classes end up on one side
    (:func:`missing_classes` names them). The cut is at floor(n (1 - fraction)), as in Keras. Returns two
    slices: what is kept, what is taken. Raises :class:`~pellucid.errors.ArgumentError` if a part would be
    empty.

    >>> last_split(60_000, 0.2)
    (slice(0, 48000, None), slice(48000, 60000, None))
    """
    at = math.floor(n * (1.0 - fraction)) if 0 < fraction < 1 else 0
    if not 0 < at < n:
        raise ArgumentError(
            f"Cannot split off the last samples: got validation_split={fraction!r} of {n} samples; it takes "
            "a fraction between 0 and 1 that leaves at least one sample on both sides."
        )
    return slice(0, at), slice(at, n)


def missing_classes(labels: ArrayLike, classes: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the classes that no label in ``labels``, positions in ``classes``, stands for.

    >>> missing_classes([0, 2, 2], ["cat", "dog", "horse"])
    ('dog',)
    """
    present = set(np.unique(np.asarray(labels)).tolist())
    return tuple(name for label, name in enumerate(classes) if label not in present)
