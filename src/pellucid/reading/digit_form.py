"""A drawn digit brought into the form that a dataset of digits has.

MNIST: scaled to fit 20×20 pixels with its proportions kept, grey at the edges, and put into 28×28 so that the
centre of mass of the ink lies at row 14, column 14 (Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998),
"Gradient-based learning applied to document recognition", Proceedings of the IEEE 86). So it is in the data:
all 60,000 fit 20×20, and all centres of mass lie within half a pixel of there.

scikit-learn's digits: their makers removed the slant (M. D. Garris et al. (1994), "NIST form-based handprint
recognition system", NISTIR 5469), scaled to 32×32 and counted black pixels in blocks of 4×4. In the data each
digit is 8 rows high, the middle of its width is the image's, and strokes are 1.4 pixels wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from pellucid.reading.ink import Floats, Ink, Mask

Pixels: TypeAlias = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class DigitForm:
    """How the digits of a dataset lie in their images.

    Attributes
    ----------
    name
        What the digits are called.
    size, box
        Side of the image, and of the square that the digit fits, in pixels.
    centre
        What lies in the middle of the image: the ink's centre of mass, or the middle of its extent.
    stroke
        Pixels; thinner strokes are made as wide. A fine pen's would otherwise be faint once they are small.
    upright
        Whether the slant is taken out.
    """

    name: str
    size: int
    box: int
    centre: Literal["mass", "extent"]
    stroke: float
    upright: bool = False

    def holds(self, image: Pixels) -> bool:
        """Return whether ``image`` (H, W) has this form already: light on dark, in its size and place.

        >>> image = np.zeros((28, 28), np.uint8)
        >>> image[4:24, 13:16] = 255
        >>> MNIST_FORM.holds(image), MNIST_FORM.holds(255 - image)
        (True, False)
        """
        ink = image >= 32
        if image.shape != (self.size, self.size) or not ink.any() or ink[:, [0, -1]].mean() > 0.5:
            return False
        height, width = (side.stop - side.start for side in _extent(ink))
        if self.centre == "extent":
            return bool(height >= self.box - 1)
        return bool(max(height, width) <= self.box and max(abs(place) for place in _off_centre(image)) <= 1)

    def bring(self, ink: Ink) -> tuple[Pixels, list[str]]:
        """Return the drawing as an image (size, size) of this form, and what was done, in words.

        >>> strength = np.zeros((100, 60))
        >>> strength[10:90, 28:36] = 1  # 80 rows high: a quarter of it, 20, is left
        >>> image, steps = MNIST_FORM.bring(Ink(strength, light=False, left_out=0.0))
        >>> np.flatnonzero(image.any(axis=1))[[0, -1]], steps
        (array([ 4, 23]), ['inverted (dark on light)', 'fitted to 20×20', 'centred by mass in 28×28'])
        """
        steps = ["light on dark already" if ink.light else "inverted (dark on light)"]
        strength = ink.strength
        if self.upright:
            strength = _upright(strength)
            steps.append("slant taken out")
        strength = _cropped(strength)
        wanted = self.stroke / self.box * max(strength.shape)  # in pixels of the drawing
        if _stroke_width(strength > 0.5) < 0.9 * wanted:
            strength = _cropped(_widened(strength, wanted))
            steps.append("thin strokes widened")
        image = self._placed(_scaled(strength, self.box))
        where = "by mass" if self.centre == "mass" else "by extent"
        return image, [
            *steps,
            f"fitted to {self.box}×{self.box}",
            f"centred {where} in {self.size}×{self.size}",
        ]

    def _placed(self, digit: Floats) -> Pixels:
        (h, w), S = digit.shape, self.size
        if self.centre == "mass":
            # Counted from 0, row 14 is the place in MNIST's data: half a pixel below the image's middle line.
            top, left = (round(S / 2 - float(place)) for place in ndimage.center_of_mass(digit))
        else:
            top, left = (S - h) // 2, (S - w) // 2
        top, left = min(max(top, 0), S - h), min(max(left, 0), S - w)
        image = np.zeros((S, S), np.uint8)
        image[top : top + h, left : left + w] = np.rint(255 * digit)
        return image


MNIST_FORM = DigitForm("MNIST's digits", size=28, box=20, centre="mass", stroke=1.9)
DIGITS_FORM = DigitForm("scikit-learn's digits", size=8, box=8, centre="extent", stroke=1.4, upright=True)


def _off_centre(image: npt.NDArray[Any]) -> tuple[float, float]:
    rows, columns = (float(place) for place in ndimage.center_of_mass(image))
    return rows - image.shape[0] / 2, columns - image.shape[1] / 2


def _extent(ink: Mask) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _cropped(strength: Floats) -> Floats:
    return strength[_extent(strength > 0.5)]


def _upright(strength: Floats) -> Floats:
    """Return the drawing sheared so that its rows' centres of mass lean to neither side."""
    H, W = strength.shape
    row, column = ndimage.center_of_mass(strength)
    y, x = np.mgrid[:H, :W].astype(np.float64)
    lean = (strength * (y - row) * (x - column)).sum() / max((strength * (y - row) ** 2).sum(), 1e-9)
    margin = int(abs(lean) * H) + 1
    padded = np.pad(strength, ((0, 0), (margin, margin)))
    sheared = ndimage.affine_transform(padded, [[1, 0], [lean, 1]], offset=[0, -lean * row], order=1)
    return np.asarray(np.clip(sheared, 0, 1))


def _stroke_width(ink: Mask) -> float:
    """Return the width of the strokes in pixels: the median over their middle lines."""
    depth = ndimage.distance_transform_edt(np.pad(ink, 1))  # to the nearest pixel without ink
    middle = (depth == ndimage.maximum_filter(depth, 3)) & (depth > 0)
    return 2 * float(np.median(depth[middle])) - 0.5


def _widened(strength: Floats, width: float) -> Floats:
    """Return the drawing with strokes of that width."""
    more = (width - _stroke_width(strength > 0.5)) / 2  # on each side
    padded = np.pad(strength, int(more) + 2)
    away = ndimage.distance_transform_edt(padded <= 0.5)
    return np.asarray(np.clip(more + 1 - away, 0, 1))


def _scaled(strength: Floats, box: int) -> Floats:
    """Return the drawing with its longer side ``box`` pixels long, brightest at 1."""
    from PIL import Image

    scale = box / max(strength.shape)
    h, w = (max(1, round(side * scale)) for side in strength.shape)
    # Each new pixel is the mean of the old ones below it, as counting black pixels in blocks is.
    way = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    digit = np.asarray(Image.fromarray(strength.astype(np.float32)).resize((w, h), way))
    return digit / max(float(digit.max()), 1e-6)
