"""How many drawings a picture holds: pieces of ink of like size that do not belong together."""

from __future__ import annotations

from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Mask: TypeAlias = npt.NDArray[np.bool_]

LIKE_HEIGHT = 0.4  # of the drawing's height; lower ink is a speck, an underline or a printed line
LIKE_INK = 0.2  # of the drawing's ink
WIDEST = 2.05  # width of one digit over its height; the widest of 10,000 MNIST test digits is 2.0
APART = 0.06  # of the height: the gap between two pieces that stand side by side


def count_drawings(strokes: Mask, drawing: Mask) -> int:
    """Return how many drawings of like size there are: 1 where ``drawing`` is alone.

    Parameters
    ----------
    strokes
        All ink of the picture, (H, W).
    drawing
        The part of it that was taken for the drawing.

    Examples
    --------
    >>> strokes = np.zeros((40, 60), bool)
    >>> strokes[10:30, [10, 11, 40, 41]] = True  # two strokes far apart
    >>> count_drawings(strokes, strokes & (np.arange(60) < 30))
    2
    """
    apart = _like(strokes & ~drawing, drawing)
    return apart + max(1, _side_by_side(drawing))


def _like(rest: Mask, drawing: Mask) -> int:
    """Return how many groups of the other ink are about as large as the drawing."""
    height = _extent(drawing)[0]
    reach = height // 10 + 1
    groups, count = ndimage.label(ndimage.distance_transform_edt(~rest) <= reach) if rest.any() else (rest, 0)
    groups = np.where(rest, groups, 0)
    found = 0
    for group, window in enumerate(ndimage.find_objects(groups, count), start=1):
        if window is None:
            continue
        ink = groups[window] == group
        tall, wide = _extent(ink)
        found += (
            tall >= LIKE_HEIGHT * height
            and wide < 4 * height
            and int(ink.sum()) >= LIKE_INK * int(drawing.sum())
            and not _is_line_through(ink, rest.shape)
        )
    return found


def _is_line_through(ink: Mask, picture: tuple[int, ...]) -> bool:
    """Return whether ink is a ruled line or the edge of a frame: as long as the picture nearly, and thin."""
    return any(
        side >= 0.8 * whole and ink.sum() < 0.25 * ink.size * 2 + side * 3
        for side, whole in zip(ink.shape, picture, strict=True)
    )


def _side_by_side(drawing: Mask) -> int:
    """Return how many digits stand close together in what looks like one drawing."""
    tall, wide = _extent(drawing)
    if wide > WIDEST * tall:
        return 2
    pieces, _ = ndimage.label(drawing, np.ones((3, 3)))
    columns: list[tuple[int, int]] = [
        (window[1].start, window[1].stop)
        for number, window in enumerate(ndimage.find_objects(pieces), start=1)
        if window[0].stop - window[0].start >= 0.75 * tall
        and (pieces[window] == number).sum() >= LIKE_INK * drawing.sum()
    ]
    columns.sort()
    gaps = [after[0] - before[1] for before, after in pairwise(columns)]
    return 1 + sum(gap >= max(1, APART * tall) for gap in gaps)


def _extent(ink: Mask) -> tuple[int, int]:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return (int(rows[-1] - rows[0] + 1), int(columns[-1] - columns[0] + 1)) if rows.size else (0, 0)
