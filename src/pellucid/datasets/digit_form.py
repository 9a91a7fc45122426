"""How the digits of a dataset lie in their images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


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
        Width in pixels to which thinner strokes are widened, as they would fade when the digit is reduced.
    upright
        Whether the slant is removed.
    """

    name: str
    size: int
    box: int
    centre: Literal["mass", "extent"]
    stroke: float
    upright: bool = False
