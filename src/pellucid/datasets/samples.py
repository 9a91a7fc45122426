"""Pictures to try things with, drawn by code: digits to read, and a folder of shapes to learn from.

They are drawn as a hand would: lines are not quite straight, corners not quite closed, places and sizes vary.
The same pictures are drawn every time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pellucid.core.files import replacing
from pellucid.core.randomness import stream
from pellucid.errors import OutputError

if TYPE_CHECKING:
    from PIL import Image

Points = npt.NDArray[np.float64]  # (N, 2): right and down

SHAPES = ("circle", "square", "triangle")
OF_EACH_SHAPE, MORE_OF_EACH = 60, 3
SHAPE_PIXELS, DIGIT_PIXELS = 64, 200
MARGIN = 0.05  # of a shape, for its line and the edge
FINER = 4  # drawn larger and shrunk, so that lines are smooth

# The strokes of each digit, each a curve through points (right, down) of a square from 0 to 1.
DIGITS: tuple[tuple[tuple[tuple[float, float], ...], ...], ...] = (
    (
        (
            (0.52, 0.15),
            (0.33, 0.28),
            (0.28, 0.55),
            (0.4, 0.83),
            (0.6, 0.82),
            (0.72, 0.5),
            (0.66, 0.25),
            (0.5, 0.15),
        ),
    ),
    (((0.4, 0.3), (0.53, 0.17)), ((0.53, 0.17), (0.52, 0.5), (0.5, 0.85))),
    (
        ((0.32, 0.32), (0.45, 0.16), (0.65, 0.25), (0.6, 0.48), (0.3, 0.83)),
        ((0.3, 0.83), (0.5, 0.81), (0.72, 0.82)),
    ),
    (
        ((0.32, 0.22), (0.52, 0.15), (0.66, 0.27), (0.58, 0.43), (0.45, 0.48)),
        ((0.45, 0.48), (0.64, 0.55), (0.66, 0.74), (0.48, 0.85), (0.3, 0.76)),
    ),
    (
        ((0.42, 0.15), (0.36, 0.35), (0.29, 0.56)),
        ((0.29, 0.56), (0.5, 0.55), (0.74, 0.56)),
        ((0.62, 0.33), (0.58, 0.87)),
    ),
    (
        ((0.68, 0.17), (0.52, 0.17), (0.36, 0.18)),
        ((0.36, 0.18), (0.34, 0.44)),
        ((0.34, 0.44), (0.52, 0.42), (0.68, 0.58), (0.6, 0.8), (0.42, 0.85), (0.29, 0.77)),
    ),
    (
        (
            (0.62, 0.14),
            (0.42, 0.34),
            (0.31, 0.62),
            (0.43, 0.84),
            (0.62, 0.78),
            (0.64, 0.6),
            (0.48, 0.53),
            (0.33, 0.66),
        ),
    ),
    (
        ((0.29, 0.2), (0.5, 0.18), (0.71, 0.19)),
        ((0.71, 0.19), (0.57, 0.48), (0.45, 0.86)),
        ((0.38, 0.52), (0.68, 0.5)),
    ),
    (
        ((0.5, 0.48), (0.33, 0.35), (0.4, 0.17), (0.6, 0.17), (0.66, 0.33), (0.5, 0.48)),
        ((0.5, 0.48), (0.3, 0.64), (0.38, 0.84), (0.62, 0.84), (0.7, 0.65), (0.5, 0.48)),
    ),
    (
        ((0.66, 0.3), (0.5, 0.15), (0.34, 0.28), (0.42, 0.47), (0.6, 0.44), (0.66, 0.3)),
        ((0.66, 0.3), (0.63, 0.6), (0.55, 0.86)),
    ),
)


def write_samples(folder: Path) -> list[Path]:
    """Write ``digits``, ``shapes`` and ``more-shapes`` into a folder; return these three folders.

    ``digits`` has a picture of each digit. ``shapes`` has a folder for each of three shapes, with 60 drawings
    in each; ``more-shapes`` has other drawings of the same shapes.

    Raises
    ------
    OutputError
        When one of them is there already, and is left as it is, or cannot be written.
    """
    folders = [folder / name for name in ("digits", "shapes", "more-shapes")]
    for one in folders:
        if one.exists():
            raise OutputError(f"{one} is there already, and is left as it is: choose another folder.")
    digits, shapes, more = folders
    for digit in range(10):
        _save(drawn_digit(digit), digits / f"{digit}.png")
    for kind in SHAPES:
        for number in range(OF_EACH_SHAPE):
            _save(drawn_shape(kind, number), shapes / kind / f"{number + 1:02d}.png")
        for number in range(MORE_OF_EACH):
            _save(drawn_shape(kind, OF_EACH_SHAPE + number), more / f"{kind}-{number + 1}.png")
    return folders


def drawn_digit(digit: int) -> Image.Image:
    """Return a drawing of a digit: 200×200, grey, dark on white.

    Examples
    --------
    >>> drawn_digit(7).size
    (200, 200)
    """
    generator = stream(digit, "drawn digit")
    strokes = [_curve(np.array(stroke)) + generator.normal(0, 0.006, (1, 2)) for stroke in DIGITS[digit]]
    return _drawn(strokes, DIGIT_PIXELS, thickness=0.13, ink=40, paper=248)


def drawn_shape(kind: str, number: int) -> Image.Image:
    """Return drawing ``number`` of a circle, square or triangle: 64×64, grey, dark on white.

    Place, size, proportions, tilt and line differ from drawing to drawing.

    Examples
    --------
    >>> drawn_shape("circle", 0).size
    (64, 64)
    """
    generator = stream(number, f"drawn {kind}")
    outline = OUTLINES[kind](generator)
    outline = outline + generator.normal(0, 0.012, outline.shape)
    tilt, size = generator.uniform(-0.3, 0.3), generator.uniform(0.15, 0.38)
    turned = outline @ np.array([[math.cos(tilt), math.sin(tilt)], [-math.sin(tilt), math.cos(tilt)]])
    turned = size * turned / np.abs(turned).max()
    centre = generator.uniform(size + MARGIN, 1 - size - MARGIN, 2)
    ink, paper = int(generator.integers(0, 90)), int(generator.integers(225, 256))
    return _drawn([turned + centre], SHAPE_PIXELS, generator.uniform(0.015, 0.06), ink, paper)


def _circle(generator: np.random.Generator) -> Points:
    """Return the outline of a circle around 0, a little wider or higher, whose ends may overlap."""
    angles = np.linspace(0, 2 * math.pi * generator.uniform(1, 1.05), 48) + generator.uniform(0, 2 * math.pi)
    wider = generator.uniform(0.88, 1.12)
    return np.stack([np.cos(angles) * wider, np.sin(angles) / wider], axis=1)


def _polygon(corners: int, first: float) -> Callable[[np.random.Generator], Points]:
    """Return the function that draws the outline of a polygon around 0, its corners moved a little."""

    def outline(generator: np.random.Generator) -> Points:
        angles = first + 2 * math.pi * np.arange(corners + 1) / corners
        points = 1.15 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        points += generator.normal(0, 0.05, points.shape)
        return np.concatenate([np.linspace(start, end, 12) for start, end in pairwise(points)])

    return outline


OUTLINES: dict[str, Callable[[np.random.Generator], Points]] = {
    "circle": _circle,
    "square": _polygon(4, math.pi / 4),
    "triangle": _polygon(3, -math.pi / 2),
}


def _curve(points: Points) -> Points:
    """Return a smooth curve through a few points: Catmull and Rom's spline."""
    if len(points) < 3:
        return points
    ends = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    t = np.linspace(0, 1, 12)[:, np.newaxis]
    parts = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        slope, bend, twist = c - a, 2 * a - 5 * b + 4 * c - d, 3 * b - a - 3 * c + d
        parts.append(b + (slope * t + bend * t**2 + twist * t**3) / 2)
    return np.concatenate(parts)


def _drawn(strokes: list[Any], pixels: int, thickness: float, ink: int, paper: int) -> Image.Image:
    """Return strokes, in a square from 0 to 1, as a picture; ``thickness`` is a share of its side."""
    from PIL import Image, ImageDraw

    side = FINER * pixels
    large = Image.new("L", (side, side), paper)
    pen, width = ImageDraw.Draw(large), max(1, round(thickness * side))
    for stroke in strokes:
        points = [(float(x), float(y)) for x, y in stroke * side]
        pen.line(points, fill=ink, width=width, joint="curve")
        for x, y in (points[0], points[-1]):  # round ends
            pen.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=ink)
    return large.resize((pixels, pixels), Image.Resampling.LANCZOS)


def _save(picture: Image.Image, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {path.parent}: {error.strerror or error}.") from error
    with replacing(path) as file:
        picture.save(file, format="PNG")
