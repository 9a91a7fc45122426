"""Bringing a drawn digit into the form that a dataset's digits have.

MNIST: scaled to fit 20×20 pixels with its proportions kept, grey at the edges, and put into 28×28 so that the
centre of mass of the ink lies at row 14, column 14 (Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998),
"Gradient-based learning applied to document recognition", Proceedings of the IEEE 86). The data confirm it:
all 60,000 digits fit 20×20, and all centres of mass lie within half a pixel of that point.

scikit-learn's digits: their makers removed the slant (M. D. Garris et al. (1994), "NIST form-based handprint
recognition system", NISTIR 5469), scaled to 32×32 and counted black pixels in blocks of 4×4. In the data each
digit is 8 rows high, the middle of its width is the image's, and strokes are 1.4 pixels wide.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from pellucid.datasets import DigitForm
from pellucid.reading.drawings import Mask
from pellucid.reading.ink import Floats, Ink

Pixels: TypeAlias = npt.NDArray[np.uint8]

_LEAST_INK = 32  # of 255; a darker pixel counts as ground


def has_form(image: Pixels, form: DigitForm) -> bool:
    """Return whether ``image`` (H, W) has this form already: light on dark, in its size and place.

    Examples
    --------
    >>> from pellucid.datasets import describe
    >>> form = describe("mnist").digit_form
    >>> image = np.zeros((28, 28), np.uint8)
    >>> image[4:24, 13:16] = 255
    >>> has_form(image, form), has_form(255 - image, form)
    (True, False)
    """
    ink = image >= _LEAST_INK
    if image.shape != (form.size, form.size) or not ink.any() or ink[:, [0, -1]].mean() > 0.5:
        return False
    height, width = (side.stop - side.start for side in _extent(ink))
    if form.centre == "extent":
        return bool(height >= form.box - 1)
    return bool(max(height, width) <= form.box and max(abs(place) for place in _off_centre(image)) <= 1)


def bring_into_form(ink: Ink, form: DigitForm) -> tuple[Pixels, list[str]]:
    """Return the drawing as an image (size, size) of this form, and what was done, in words.

    Examples
    --------
    >>> from pellucid.datasets import describe
    >>> strength = np.zeros((100, 60))
    >>> strength[10:90, 28:36] = 1  # 80 rows high, reduced to 20
    >>> drawing = Ink(strength, light=False, left_out=0.0)
    >>> image, steps = bring_into_form(drawing, describe("mnist").digit_form)
    >>> np.flatnonzero(image.any(axis=1))[[0, -1]], steps
    (array([ 4, 23]), ['inverted (dark on light)', 'fitted to 20×20', 'centred by mass in 28×28'])
    """
    steps = ["light on dark already" if ink.light else "inverted (dark on light)"]
    strength = ink.strength
    if form.upright:
        strength = _upright(strength)
        steps.append("slant taken out")
    strength = _cropped(strength)
    wanted = form.stroke / form.box * max(strength.shape)  # in pixels of the drawing
    if _stroke_width(strength > 0.5) < 0.9 * wanted:
        strength = _cropped(_widened(strength, wanted))
        steps.append("thin strokes widened")
    image = _placed(_scaled(strength, form.box), form)
    fitted = f"fitted to {form.box}×{form.box}"
    return image, [*steps, fitted, f"centred by {form.centre} in {form.size}×{form.size}"]


def _placed(digit: Floats, form: DigitForm) -> Pixels:
    (h, w), S = digit.shape, form.size
    if form.centre == "mass":
        # Counted from 0, row 14 is the place in MNIST's data: half a pixel below the image's middle line.
        top, left = (round(S / 2 - float(place)) for place in ndimage.center_of_mass(digit))
    else:
        top, left = (S - h) // 2, (S - w) // 2
    top, left = min(max(top, 0), S - h), min(max(left, 0), S - w)
    image = np.zeros((S, S), np.uint8)
    image[top : top + h, left : left + w] = np.rint(255 * digit)
    return image


def _off_centre(image: Pixels) -> tuple[float, float]:
    rows, columns = (float(place) for place in ndimage.center_of_mass(image))
    return rows - image.shape[0] / 2, columns - image.shape[1] / 2


def _extent(ink: Mask) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _cropped(strength: Floats) -> Floats:
    return strength[_extent(strength > 0.5)]


def _upright(strength: Floats) -> Floats:
    """Return the drawing sheared so that the centres of mass of its rows lie one below the other."""
    H, W = strength.shape
    row, column = ndimage.center_of_mass(strength)
    y, x = np.mgrid[:H, :W].astype(np.float64)
    lean = (strength * (y - row) * (x - column)).sum() / max((strength * (y - row) ** 2).sum(), 1e-9)
    margin = int(abs(lean) * H) + 1
    padded = np.pad(strength, ((0, 0), (margin, margin)))
    sheared = ndimage.affine_transform(padded, [[1, 0], [lean, 1]], offset=[0, -lean * row], order=1)
    return np.asarray(np.clip(sheared, 0, 1))


def _stroke_width(ink: Mask) -> float:
    """Return the width of the strokes in pixels: the median along their middle lines."""
    depth = ndimage.distance_transform_edt(np.pad(ink, 1))  # distance to the nearest pixel without ink
    middle = (depth == ndimage.maximum_filter(depth, 3)) & (depth > 0)
    return 2 * float(np.median(depth[middle])) - 0.5


def _widened(strength: Floats, width: float) -> Floats:
    """Return the drawing with its strokes made that wide."""
    more = (width - _stroke_width(strength > 0.5)) / 2  # on each side
    padded = np.pad(strength, int(more) + 2)
    away = ndimage.distance_transform_edt(padded <= 0.5)
    return np.asarray(np.clip(more + 1 - away, 0, 1))


def _scaled(strength: Floats, box: int) -> Floats:
    """Return the drawing with its longer side ``box`` pixels long, brightest at 1."""
    from PIL import Image

    scale = box / max(strength.shape)
    h, w = (max(1, round(side * scale)) for side in strength.shape)
    # Each new pixel is the mean of the old pixels it covers, like counting black pixels in blocks.
    filtering = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    digit = np.asarray(Image.fromarray(strength.astype(np.float32)).resize((w, h), filtering))
    return digit / max(float(digit.max()), 1e-6)
