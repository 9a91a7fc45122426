"""Draw the digits in this folder: strokes of many pens on many papers, in good and in bad light.

    python tests/cli/drawings/make_drawings.py

writes them again. A file's name begins with its digit. Nothing here knows how pellucid will look for the ink.
"""

# ruff: noqa: E501 - one drawing is one line

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

# Strokes in a box one wide and one high, y downwards. A curve goes smoothly through its points.
CURVE, LINES = "curve", "lines"
STROKES = {
    "0": [(CURVE, [(0.5, 0), (0.2, 0.12), (0.05, 0.5), (0.2, 0.9), (0.5, 1), (0.82, 0.88), (0.95, 0.5), (0.8, 0.1), (0.48, 0)])],
    "0 oval": [(CURVE, [(0.6, 0), (0.3, 0.15), (0.18, 0.55), (0.3, 0.92), (0.5, 1), (0.75, 0.8), (0.82, 0.4), (0.7, 0.06), (0.5, 0.03)])],
    "1": [(LINES, [(0.5, 0), (0.5, 1)])],
    "1 flag": [(LINES, [(0.25, 0.27), (0.55, 0), (0.55, 1)])],
    "2": [(CURVE, [(0.1, 0.27), (0.25, 0.05), (0.6, 0), (0.85, 0.22), (0.7, 0.52), (0.1, 1)]), (LINES, [(0.1, 1), (0.95, 0.98)])],
    "2 loop": [(CURVE, [(0.12, 0.22), (0.4, 0), (0.78, 0.15), (0.72, 0.5), (0.2, 0.95), (0.1, 0.85), (0.25, 0.78), (0.6, 0.95), (0.95, 0.92)])],
    "3": [(CURVE, [(0.12, 0.13), (0.45, 0), (0.8, 0.17), (0.72, 0.4), (0.4, 0.48)]), (CURVE, [(0.4, 0.48), (0.78, 0.54), (0.88, 0.78), (0.5, 1), (0.08, 0.88)])],
    "3 flat": [(LINES, [(0.12, 0.02), (0.85, 0.02), (0.42, 0.42)]), (CURVE, [(0.42, 0.42), (0.82, 0.5), (0.85, 0.82), (0.45, 1), (0.08, 0.9)])],
    "4": [(LINES, [(0.25, 0), (0.1, 0.62), (0.92, 0.6)]), (LINES, [(0.7, 0.22), (0.62, 1)])],
    "4 closed": [(LINES, [(0.68, 1), (0.68, 0), (0.05, 0.68), (0.95, 0.68)])],
    "5": [(LINES, [(0.85, 0.02), (0.28, 0), (0.22, 0.44)]), (CURVE, [(0.22, 0.44), (0.6, 0.37), (0.88, 0.65), (0.6, 0.97), (0.1, 0.92)])],
    "5 apart": [(CURVE, [(0.3, 0.06), (0.24, 0.44), (0.6, 0.4), (0.85, 0.66), (0.55, 0.98), (0.1, 0.9)]), (LINES, [(0.36, 0), (0.88, 0.02)])],
    "6": [(CURVE, [(0.75, 0), (0.35, 0.25), (0.14, 0.65), (0.3, 0.96), (0.68, 0.97), (0.86, 0.72), (0.6, 0.53), (0.18, 0.68)])],
    "6 upright": [(CURVE, [(0.5, 0), (0.22, 0.4), (0.16, 0.75), (0.45, 1), (0.82, 0.82), (0.7, 0.56), (0.4, 0.58), (0.18, 0.8)])],
    "7": [(LINES, [(0.08, 0.04), (0.9, 0.02), (0.4, 1)])],
    "7 crossed": [(LINES, [(0.1, 0.08), (0.14, 0.02), (0.9, 0.02), (0.42, 1)]), (LINES, [(0.32, 0.5), (0.82, 0.47)])],
    "8": [(CURVE, [(0.8, 0.16), (0.48, 0), (0.2, 0.18), (0.5, 0.46), (0.86, 0.76), (0.5, 1), (0.14, 0.77), (0.48, 0.47), (0.8, 0.24), (0.74, 0.08)])],
    "8 rings": [(CURVE, [(0.5, 0), (0.22, 0.22), (0.5, 0.46), (0.78, 0.22), (0.5, 0)]), (CURVE, [(0.5, 0.46), (0.12, 0.74), (0.5, 1), (0.88, 0.74), (0.5, 0.46)])],
    "9": [(CURVE, [(0.84, 0.2), (0.5, 0), (0.16, 0.22), (0.35, 0.5), (0.7, 0.42), (0.84, 0.2)]), (CURVE, [(0.84, 0.2), (0.8, 0.6), (0.6, 1)])],
    "9 straight": [(CURVE, [(0.8, 0.3), (0.5, 0.02), (0.18, 0.28), (0.45, 0.52), (0.8, 0.28)]), (LINES, [(0.8, 0.1), (0.8, 1)])],
}  # fmt: skip

WHITE, CREAM, GREY, BROWN = (250, 250, 248), (244, 236, 214), (186, 188, 190), (176, 148, 112)
BLACK, BLACKBOARD, NAVY = (12, 12, 14), (44, 66, 56), (24, 34, 70)
INK, BLUE, RED, GREEN, PENCIL, CHALK, YELLOW = (
    (24, 24, 28), (34, 56, 150), (196, 36, 40), (30, 120, 60), (96, 96, 100), (232, 232, 226), (240, 214, 60),
)  # fmt: skip


@dataclass(frozen=True)
class Drawing:
    """One picture. Lengths are in the digit's height, unless said otherwise."""

    glyph: str
    says: str  # the rest of the file's name, with its ending
    size: tuple[int, int] = (140, 140)  # rows, columns of the picture in pixels
    height: float = 0.6  # of the digit, in the picture's rows
    at: tuple[float, float] = (0.5, 0.5)  # the digit's middle: down, across, in the picture
    pen: float = 0.09  # width of the stroke
    swell: float = 0.0  # how much the width changes along a stroke, as a brush's
    grain: float = 0.0  # how much of the paper's grain shows through, as of pencil and chalk
    ink: tuple[int, int, int] = INK
    paper: tuple[int, int, int] = WHITE
    slant: float = 0.0  # columns by which the top stands right of the foot
    turn: float = 0.0  # degrees
    wide: float = 0.72  # width of the digit's box
    light: str = "even"  # or "side", "corner", "vignette", "shadow"
    ruled: str = ""  # "lines", "squares"
    noise: float = 0.0  # standard deviation, of 255
    blur: float = 0.0  # pixels
    specks: int = 0
    beside: str = ""  # "digit", "box", "ring", "line": something that is not the digit
    wobble: float = 0.012
    seed: int = field(default=0)

    @property
    def file(self) -> str:
        return f"{self.glyph[0]}-{self.says}"


# fmt: off
DRAWINGS = [
    Drawing("0", "felt-pen.png", pen=0.1),
    Drawing("0 oval", "ballpoint-slanted.jpg", pen=0.035, ink=BLUE, slant=0.3, noise=3, size=(220, 180)),
    Drawing("0", "chalk-on-blackboard.jpg", pen=0.11, ink=CHALK, paper=BLACKBOARD, grain=0.5, noise=5, light="side"),
    Drawing("0", "marker-fills-the-picture.png", pen=0.17, height=0.86, size=(64, 56), wide=0.8),
    Drawing("1", "thin-and-upright.png", pen=0.05, height=0.7),
    Drawing("1 flag", "ruled-paper.jpg", pen=0.06, ink=BLUE, ruled="lines", noise=3, size=(200, 200), height=0.45),
    Drawing("1", "slanted-brush.png", pen=0.12, swell=0.6, slant=0.45),
    Drawing("1 flag", "white-on-black.png", ink=(255, 255, 255), paper=(0, 0, 0), pen=0.1, size=(96, 96)),
    Drawing("2", "felt-pen-in-side-light.jpg", pen=0.09, light="side", noise=4, size=(200, 240), height=0.55),
    Drawing("2 loop", "pencil.jpg", pen=0.05, ink=PENCIL, grain=0.35, noise=3, size=(200, 180)),
    Drawing("2", "small-in-a-corner.png", height=0.2, at=(0.25, 0.2), pen=0.1, size=(240, 240)),
    Drawing("2", "light-on-navy.png", pen=0.12, ink=YELLOW, paper=NAVY, size=(120, 100), turn=-8),
    Drawing("3", "ballpoint-squared-paper.jpg", pen=0.045, ink=BLUE, ruled="squares", noise=3, size=(220, 220), height=0.5),
    Drawing("3 flat", "marker.png", pen=0.16, size=(90, 90), height=0.75),
    Drawing("3", "vignette.jpg", pen=0.08, light="vignette", noise=5, size=(220, 220), height=0.5),
    Drawing("3", "red-on-cream.png", ink=RED, paper=CREAM, pen=0.08, turn=6),
    Drawing("4", "open-felt-pen.png", pen=0.09),
    Drawing("4 closed", "hand-shadow.jpg", pen=0.07, light="shadow", noise=4, size=(220, 240), height=0.5),
    Drawing("4", "chalk-slanted.jpg", pen=0.1, ink=CHALK, paper=BLACKBOARD, grain=0.45, noise=6, slant=0.25),
    Drawing("4", "tiny.png", size=(20, 18), height=0.75, pen=0.13, wobble=0.0),
    Drawing("5", "ballpoint-bar-joined.png", pen=0.04, size=(160, 140)),
    Drawing("5 apart", "bar-apart.png", pen=0.1, ink=GREEN),
    Drawing("5", "brown-paper.jpg", pen=0.09, paper=BROWN, noise=6, light="corner", size=(200, 200)),
    Drawing("5", "leaning-left.png", pen=0.1, slant=-0.3, turn=-6),
    Drawing("6", "brush.png", pen=0.11, swell=0.7),
    Drawing("6 upright", "blurred-photo.jpg", pen=0.08, blur=2.5, noise=6, light="corner", size=(220, 200), height=0.5),
    Drawing("6", "ruled-paper-off-centre.jpg", pen=0.06, ink=BLUE, ruled="lines", at=(0.6, 0.7), height=0.4, size=(220, 260), noise=3),
    Drawing("6", "light-on-dark-wide-picture.png", ink=(255, 255, 255), paper=BLACK, pen=0.1, size=(90, 200), height=0.8),
    Drawing("7", "felt-pen.png", pen=0.09),
    Drawing("7 crossed", "crossed-ballpoint.jpg", pen=0.04, ink=BLUE, noise=3, size=(200, 180), light="side"),
    Drawing("7", "dirty-paper.jpg", pen=0.08, specks=60, paper=CREAM, noise=6, size=(200, 200), height=0.55),
    Drawing("7", "white-marker-on-red.png", ink=(255, 255, 255), paper=RED, pen=0.14, size=(100, 100)),
    Drawing("8", "felt-pen.png", pen=0.09),
    Drawing("8 rings", "two-rings-pencil.jpg", pen=0.045, ink=PENCIL, grain=0.3, noise=3, light="side", size=(200, 180)),
    Drawing("8", "thick-marker-grey-paper.jpg", pen=0.15, paper=GREY, noise=5, light="vignette", size=(180, 180)),
    Drawing("8", "slanted-squared-paper.jpg", pen=0.06, slant=0.35, ruled="squares", noise=4, size=(220, 220), height=0.5),
    Drawing("9", "felt-pen.png", pen=0.09),
    Drawing("9 straight", "hand-shadow-ballpoint.jpg", pen=0.045, ink=BLUE, light="shadow", noise=4, size=(240, 240), height=0.5),
    Drawing("9", "yellow-on-white.png", ink=YELLOW, pen=0.13, size=(120, 120)),
    # Hard ones: what the preparation does not undo, or the network has seldom seen.
    Drawing("2", "lying-down.png", pen=0.1, turn=80),
    Drawing("3", "in-a-printed-box.png", pen=0.1, beside="box", height=0.5),
    Drawing("4 closed", "underlined.jpg", pen=0.08, beside="line", height=0.5, noise=3),
    Drawing("5", "circled.png", pen=0.07, beside="ring", height=0.4, ink=RED),
    Drawing("6", "cut-off-at-the-edge.png", pen=0.1, height=0.8, at=(0.36, 0.5)),
    Drawing("7", "faint-pencil-in-a-shadow.jpg", pen=0.035, ink=(168, 168, 170), grain=0.4, light="shadow", noise=7, size=(220, 240), height=0.4),
    Drawing("8", "beside-another-digit.png", pen=0.09, beside="digit", height=0.5, at=(0.5, 0.32), size=(140, 180)),
    Drawing("1 flag", "long-flag-like-a-seven.png", pen=0.08, wide=1.2, turn=12),
    Drawing("9 straight", "chalk.jpg", pen=0.1, ink=CHALK, paper=BLACKBOARD, grain=0.5, noise=5, light="corner", turn=8),
]
# fmt: on


def draw(drawing: Drawing) -> np.ndarray:
    """Return the picture as uint8 (H, W, 3)."""
    generator = np.random.default_rng([drawing.seed, *drawing.file.encode()])
    H, W = drawing.size
    covered = np.zeros((H, W))
    for stroke in STROKES[drawing.glyph]:
        points = _points(stroke, drawing, generator)  # (P, 2): down, across, in pixels
        along = np.linspace(0, 1, len(points))
        widths = drawing.pen * drawing.height * H * (1 + drawing.swell * np.sin(2 * np.pi * along + 1))
        covered = np.maximum(covered, _stroke(points, np.maximum(widths, 0.8), H, W))
    covered = np.maximum(covered, _beside(drawing, generator))
    if drawing.grain:
        covered *= 1 - drawing.grain * (_smooth(generator.random((H, W)), 0.6) > 0.52)
    for _ in range(drawing.specks):
        spot = generator.random((1, 2)) * (H, W)
        covered = np.maximum(covered, 0.7 * _stroke(spot, np.array([generator.uniform(1, 2.2)]), H, W))
    paper = np.asarray(drawing.paper) * _ruling(drawing)[..., np.newaxis]
    picture = paper + covered[..., np.newaxis] * (np.asarray(drawing.ink) - paper)
    picture = picture * _light(drawing.light, H, W)[..., np.newaxis]
    if drawing.blur:
        picture = np.stack([_smooth(picture[..., c], drawing.blur) for c in range(3)], axis=-1)
    picture = picture + drawing.noise * generator.standard_normal((H, W, 1))
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def _beside(drawing, generator):
    """Return what else has been drawn, (H, W)."""
    H, W = drawing.size
    shapes = {
        "": [],
        "digit": STROKES["1 flag"],
        "box": [(LINES, [(-0.3, -0.35), (1.3, -0.35), (1.3, 1.35), (-0.3, 1.35), (-0.3, -0.35)])],
        "line": [(LINES, [(-0.3, 1.35), (1.3, 1.3)])],
        "ring": [(CURVE, [(0.5 + 0.95 * np.sin(a), 0.5 - np.cos(a)) for a in np.linspace(0, 2 * np.pi, 13)])],
    }
    at = (drawing.at[0], drawing.at[1] + 0.42) if drawing.beside == "digit" else drawing.at
    drawing = replace(drawing, at=at)
    covered = np.zeros((H, W))
    for stroke in shapes[drawing.beside]:
        points = _points(stroke, drawing, generator)
        width = 0.5 * drawing.pen if drawing.beside == "box" else drawing.pen
        covered = np.maximum(covered, _stroke(points, np.full(len(points), width * drawing.height * H), H, W))
    return covered


def _points(stroke, drawing, generator):
    """Return the way of the pen in pixels, closely spaced."""
    kind, corners = stroke
    way = np.array(corners, float)  # (P, 2): across, down, in the box
    way = _curve(way) if kind == CURVE else _lines(way)
    length = np.hypot(*np.diff(way, axis=0).T).sum()
    t = np.linspace(0, 2 * np.pi, len(way))
    for frequency in (1, 2, 3):  # a hand is not a ruler
        size = drawing.wobble * length / frequency * generator.standard_normal(2)
        way = way + size * np.sin(frequency * t[:, np.newaxis] + generator.uniform(0, 2 * np.pi, 2))
    across = (way[:, 0] - 0.5) * drawing.wide + drawing.slant * (0.5 - way[:, 1])
    down = way[:, 1] - 0.5
    angle = np.deg2rad(drawing.turn)
    across, down = (
        across * np.cos(angle) - down * np.sin(angle),
        across * np.sin(angle) + down * np.cos(angle),
    )
    H, W = drawing.size
    scale = drawing.height * H
    return np.stack([drawing.at[0] * H + scale * down, drawing.at[1] * W + scale * across], axis=1)


def _lines(corners):
    parts = [np.linspace(a, b, 150) for a, b in pairwise(corners)]
    return np.concatenate(parts)


def _curve(points):
    """Return a Catmull-Rom spline through the points."""
    ends = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, 1, 40)[:, np.newaxis]
    parts = []
    for a, b, c, d in zip(ends[:-3], ends[1:-2], ends[2:-1], ends[3:], strict=True):
        parts.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.concatenate(parts)


def _stroke(points, widths, H, W):
    """Return how much of each pixel round pens of these widths cover at these points, (H, W) from 0 to 1."""
    covered = np.zeros((H, W))
    for (down, across), width in zip(points, widths, strict=True):
        reach = width / 2 + 1
        top, left = max(0, int(down - reach)), max(0, int(across - reach))
        rows, columns = np.mgrid[top : min(H, int(down + reach) + 2), left : min(W, int(across + reach) + 2)]
        distance = np.hypot(rows + 0.5 - down, columns + 0.5 - across)
        part = np.clip(width / 2 + 0.5 - distance, 0, 1)
        window = covered[top : top + part.shape[0], left : left + part.shape[1]]
        np.maximum(window, part, out=window)
    return covered


def _ruling(drawing):
    """Return what printed lines leave of the paper's brightness, (H, W)."""
    H, W = drawing.size
    paper = np.ones((H, W))
    if drawing.ruled:
        paper[10::28] = 0.78
    if drawing.ruled == "squares":
        paper[10::14] = 0.8
        paper[:, 6::14] = 0.8
    return paper


def _light(kind, H, W):
    """Return how much light falls on each pixel, (H, W)."""
    down, across = np.mgrid[0:H, 0:W] / np.array([H - 1, W - 1]).reshape(2, 1, 1)
    match kind:
        case "even":
            return np.ones((H, W))
        case "side":
            return 1 - 0.55 * across
        case "corner":
            return 1 - 0.6 * np.hypot(down, across) / np.sqrt(2)
        case "vignette":
            return 1 - 0.9 * ((down - 0.5) ** 2 + (across - 0.5) ** 2)
        case "shadow":  # the edge of a hand's shadow runs through the digit
            return 1 - 0.45 / (1 + np.exp(-(across + 0.4 * down - 0.75) * 60))
    raise ValueError(kind)


def _smooth(picture, sigma):
    reach = int(3 * sigma) + 1
    weights = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * sigma**2))
    weights /= weights.sum()
    for axis in (0, 1):
        widened = np.pad(picture, [(reach, reach) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(widened, len(weights), axis=axis)
        picture = windows @ weights
    return picture


def main(folder: Path) -> None:
    for drawing in DRAWINGS:
        options = {"quality": 80} if drawing.file.endswith("jpg") else {"optimize": True}
        Image.fromarray(draw(drawing)).save(folder / drawing.file, **options)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
