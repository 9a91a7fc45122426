"""Separating ink from paper in a picture of one drawing: which of them is lighter, and where the ink is.

Made for what people photograph, scan or draw on a screen: any colours of ink and paper, uneven light, the
edge of a shadow, printed lines, specks and noise. It requires that the border of the picture shows mostly
paper, and that strokes are narrower than a third of the picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from pellucid.errors import DataError
from pellucid.reading.drawings import Mask, count_drawings

if TYPE_CHECKING:
    from PIL import Image

Floats: TypeAlias = npt.NDArray[np.floating[Any]]

LONGEST_SIDE = 400  # pixels; a larger picture is reduced first
COARSE_SIDE = 50  # pixels, enough to see how the light is distributed
WIDEST_STROKE = 1 / 3  # of the picture's longer side; anything wider is a shadow, not ink
LEAST_CONTRAST = 0.04  # between ink and paper
LEAST_FRAMED = 0.3  # of a frame's height; anything lower inside it is not a drawing
SMALLEST_PIECE = 0.04  # of the largest connected piece of ink; anything smaller is a speck
NOTHING_THERE = "nothing in it stands out from the background as a drawing would"


class Ink(NamedTuple):
    """The ink of a picture.

    Attributes
    ----------
    strength
        Where the ink is, (H, W) from 0 to 1.
    light
        Whether it is lighter than the paper.
    left_out
        The share of the ink that is not part of the drawing: specks, and other drawings far from the largest
        piece of ink.
    drawings
        How many drawings of like size the picture holds; ``strength`` is one of them.
    """

    strength: Floats
    light: bool
    left_out: float
    drawings: int = 1


def find_ink(picture: npt.NDArray[np.uint8]) -> Ink:
    """Return the ink of a picture (H, W, C), reduced where the picture is larger than 400 pixels.

    Raises
    ------
    DataError
        When nothing stands out from the paper.

    Examples
    --------
    >>> picture = np.full((40, 40, 1), 230, np.uint8)
    >>> picture[10:30, 19:22] = 30  # a dark stroke on light paper
    >>> ink = find_ink(picture)
    >>> ink.light, int(ink.strength.sum())
    (False, 60)
    """
    channel, light = _side_of_ink(_reduced(picture, COARSE_SIDE))
    values = _reduced(picture, LONGEST_SIDE)[..., channel]  # (H, W, C) -> (H, W)
    contrast = _contrast(values if light else -values)
    noise = 1.4826 * float(np.median(np.abs(contrast)))
    marks = contrast[contrast > max(LEAST_CONTRAST, 4 * noise)]
    if marks.size < 4:
        raise DataError(NOTHING_THERE)
    full = float(np.quantile(marks[marks >= _threshold(marks)], 0.75))  # the contrast of a stroke's middle
    strokes = contrast > full / 2
    drawing = _largest_group(strokes)
    soft = np.clip(
        2 * contrast / full - 0.5, 0, 1
    )  # 0 up to a quarter of the contrast, 1 from three quarters
    strength = np.where(ndimage.binary_dilation(drawing, np.ones((3, 3), bool)), soft, 0)
    left_out = 1 - float(drawing.sum() / strokes.sum())
    return Ink(strength, light, left_out, count_drawings(strokes, drawing))


def drawings_in(strokes: Mask) -> int:
    """Return how many drawings of like size there are in ink that is known already.

    Examples
    --------
    >>> strokes = np.zeros((28, 28), bool)
    >>> strokes[8:20, [6, 20]] = True
    >>> drawings_in(strokes)
    2
    """
    return count_drawings(strokes, _largest_group(strokes)) if strokes.any() else 0


def _reduced(picture: npt.NDArray[np.uint8], longest: int) -> Floats:
    """Return the picture from 0 to 1, (H, W, C), no side longer than ``longest``."""
    factor = -(-max(picture.shape[:2]) // longest)
    if factor > 1:
        from PIL import Image

        image: Image.Image = Image.fromarray(picture[..., 0] if picture.shape[-1] == 1 else picture)
        picture = np.asarray(image.reduce(factor)).reshape(-(-image.height // factor), -1, picture.shape[-1])
    return picture.astype(np.float32) / 255


def _side_of_ink(values: Floats) -> tuple[int, bool]:
    """Return the channel in which ink is most visible, and whether it is lighter than paper there.

    A surface of second degree is fitted to the paper's brightness, first at the border and then at all pixels
    near that surface. Ink is far from it, on the side where more pixels are.
    """
    H, W, C = values.shape
    y, x = (np.linspace(-1, 1, size) for size in (H, W))
    terms = np.stack(
        [np.outer(y**i, x**j).ravel() for i in range(3) for j in range(3 - i)], axis=1
    )  # (H·W, 6)
    rim = np.ones((H, W), bool)
    rim[H // 12 + 1 : -(H // 12 + 1), W // 12 + 1 : -(W // 12 + 1)] = False
    weights = []
    for brightness in values.reshape(-1, C).T:  # (H, W, C) -> C rows of (H·W,)
        paper = rim.ravel()
        for _ in range(5):
            known = terms[paper]
            # The normal equations (6×6) need one thread; a factorization of all rows would use many.
            surface, *_ = np.linalg.lstsq(known.T @ known, known.T @ brightness[paper], rcond=None)
            apart = brightness - terms @ surface
            spread = 1.4826 * float(np.median(np.abs(apart[paper])))
            paper = np.abs(apart) < max(3 * spread, 0.02)
        weights.append(float((apart**3).sum()))
    best = int(np.argmax(np.abs(weights)))
    return best, weights[best] > 0


def _contrast(values: Floats) -> Floats:
    """Return how much brighter each pixel is than the paper around it, relative to the paper's brightness.

    Relative, because a shadow darkens ink and paper by the same factor. The paper is what remains when all
    narrow bright structures are removed (a morphological opening).
    """
    values = ndimage.gaussian_filter(values, max(values.shape) / 300)
    half = max(1, round(max(values.shape) * WIDEST_STROKE / 2))
    widened = np.pad(values, half, mode="reflect", reflect_type="odd")  # continues the edge of a shadow
    paper = ndimage.grey_opening(widened, size=2 * half + 1)[half:-half, half:-half]
    contrast = (values - paper) / (np.abs(paper) + 0.1)
    return np.asarray(contrast - np.median(contrast))


def _threshold(values: Floats) -> float:
    """Return the threshold that separates two kinds of pixels best.

    N. Otsu (1979), "A threshold selection method from gray-level histograms", IEEE Transactions on Systems,
    Man, and Cybernetics 9.
    """
    ordered = np.sort(values).astype(np.float64)
    below = np.arange(1, len(ordered))
    above = len(ordered) - below
    total = np.cumsum(ordered)
    between = total[:-1] / below - (total[-1] - total[:-1]) / above  # of the two means
    return float(ordered[1:][np.argmax(below * above * between**2)])


def _largest_group(strokes: Mask) -> Mask:
    """Return the largest connected piece of ink with the pieces near it, without tiny ones.

    If that piece is a frame (a printed box, a ring), the ink inside it is used instead.
    """
    pieces, _ = ndimage.label(strokes, np.ones((3, 3)))
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    largest = pieces == np.argmax(sizes)
    within = strokes & ndimage.binary_fill_holes(largest) & ~largest
    if _height(within) >= LEAST_FRAMED * _height(largest):
        return _largest_group(within)
    reach = max(_height(largest), _height(largest.T)) // 10 + 1
    groups, _ = ndimage.label(ndimage.distance_transform_edt(~strokes) <= reach)
    weights = np.bincount(groups[strokes])
    large = sizes >= SMALLEST_PIECE * sizes.max()
    return np.asarray(strokes & (groups == np.argmax(weights)) & large[pieces])


def _height(ink: Mask) -> int:
    rows = np.flatnonzero(ink.any(axis=1))
    return int(rows[-1] - rows[0] + 1) if rows.size else 0
