"""The values of a plot on hover: at each position along the x axis a guide line, and a box with the values.

They are SVG and CSS alone: each position has an invisible band, and its box is shown while the pointer is on
it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import escape
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.ticker import FuncFormatter

from pellucid.core.wording.percents import percent
from pellucid.figures.style import PercentFormatter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from numpy.typing import ArrayLike, NDArray

MOST = 100  # positions along one axis
DENSE = 60  # a line of more points is read between them too
POINTS = 72  # an inch
LINE, LETTER, MARGIN = 11.0, 4.4, 6.0  # of a box: the height of a line, the width of a letter, the margin


@dataclass(frozen=True)
class Series:
    """A line, or the bars, of a plot: its label, its colour and its points, ordered by x."""

    label: str
    colour: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]

    @classmethod
    def of(cls, label: object, colour: object, x: ArrayLike, y: ArrayLike) -> Series:
        """Return the series of these points, in any order."""
        order = np.argsort(np.asarray(x, np.float64), kind="stable")
        return cls(
            str(label), str(colour), np.asarray(x, np.float64)[order], np.asarray(y, np.float64)[order]
        )

    def at(self, x: float) -> float:
        """Return the value at ``x``; NaN where there is none."""
        if len(self.x) > DENSE:
            return float(np.interp(x, self.x, self.y, left=np.nan, right=np.nan))
        here = np.flatnonzero(np.isclose(self.x, x))
        return float(self.y[here[0]]) if here.size else float("nan")


@dataclass(frozen=True)
class Box:
    """The inside of the axes in the drawing, in 1/72 inch from its upper left corner."""

    left: float
    right: float
    top: float
    bottom: float

    @classmethod
    def of(cls, ax: Axes) -> Box:
        """Return the box of axes that were drawn."""
        figure: Any = ax.get_figure()
        scale, height = POINTS / figure.dpi, figure.get_size_inches()[1] * POINTS
        inside = ax.bbox
        return cls(
            inside.x0 * scale, inside.x1 * scale, height - inside.y1 * scale, height - inside.y0 * scale
        )


def readouts(figure: Figure) -> str:
    """Return the readouts of all axes of a figure that was drawn, as SVG in 1/72 inch.

    Examples
    --------
    >>> from pellucid.figures import plot_history_panel
    >>> figure = plot_history_panel({"loss": [0.5, 0.25]}, "loss")
    >>> figure.draw_without_rendering()
    >>> "training, while it learns 0.25<" in readouts(figure)
    True
    """
    return "".join(map(_of_axes, figure.axes))


def _of_axes(ax: Axes) -> str:
    series = list(_series(ax))
    if not series:
        return ""
    positions = np.unique(np.concatenate([one.x for one in series]))
    if len(positions) > MOST:
        positions = positions[np.linspace(0, len(positions) - 1, MOST).round().astype(int)]
    box = Box.of(ax)
    middles = _across(ax, positions, box)
    edges = [box.left, *((middles[1:] + middles[:-1]) / 2).tolist(), box.right]
    bands = zip(positions.tolist(), edges[:-1], middles.tolist(), edges[1:], strict=True)
    return f'<g class="readouts">{"".join(_band(ax, box, series, *band) for band in bands)}</g>'


def _across(ax: Axes, positions: NDArray[np.float64], box: Box) -> NDArray[np.float64]:
    """Return where positions on the x axis lie in the drawing."""
    low, high = ax.get_xlim()
    return np.asarray(box.left + (positions - low) / (high - low) * (box.right - box.left))


def _series(ax: Axes) -> Iterator[Series]:
    for line in ax.lines:
        is_named = not str(line.get_label()).startswith("_")
        if is_named and line.get_transform() == ax.transData and np.size(line.get_xydata()):
            yield _of_line(line, line.get_label())
    for held in ax.containers:
        if isinstance(held, ErrorbarContainer):
            yield _of_line(held.lines[0], held.get_label())
        elif isinstance(held, BarContainer):
            middles = [bar.get_x() + bar.get_width() / 2 for bar in held.patches]
            colour = "var(--ink)"
            yield Series.of(ax.get_title(loc="left"), colour, middles, [b.get_height() for b in held.patches])


def _of_line(line: Line2D, label: object) -> Series:
    return Series.of(label, line.get_color(), *np.asarray(line.get_xydata(), np.float64).T)


def _band(
    ax: Axes, box: Box, series: list[Series], x: float, left: float, middle: float, right: float
) -> str:
    """Return what is shown while the pointer is between ``left`` and ``right``."""
    values = [(one, one.at(x)) for one in series]
    lines = [("var(--ink)", f"{ax.get_xlabel().partition(' (')[0]} {_number(ax.xaxis, x)}".strip())]
    lines += [
        (one.colour, f"{one.label} {_number(ax.yaxis, value)}") for one, value in values if np.isfinite(value)
    ]
    width = LETTER * max(len(text) for _, text in lines) + 2 * MARGIN
    start = middle + MARGIN if middle < (box.left + box.right) / 2 else middle - MARGIN - width
    start = max(0.0, min(start, box.right - width))  # inside the drawing
    told = "".join(
        f'<tspan x="{start + MARGIN:.1f}" dy="{LINE}" style="fill: {colour}">{escape(text)}</tspan>'
        for colour, text in lines
    )
    return (
        f'<g><rect class="band" x="{left:.1f}" y="{box.top:.1f}" width="{max(0.1, right - left):.1f}" '
        f'height="{box.bottom - box.top:.1f}"/><g class="readout"><path d="M{middle:.1f} {box.top:.1f}'
        f'V{box.bottom:.1f}"/><rect x="{start:.1f}" y="{box.top:.1f}" width="{width:.1f}" '
        f'height="{LINE * len(lines) + MARGIN:.1f}"/><text y="{box.top + 1:.1f}">{told}</text></g></g>'
    )


def _number(axis: Axis, value: float) -> str:
    formatter = axis.get_major_formatter()
    if isinstance(formatter, PercentFormatter):
        return percent(value)
    if isinstance(formatter, FuncFormatter):  # names of places: "" for a place without one
        return str(formatter(value))
    return f"{value:.0f}" if value == round(value) else f"{value:.4g}"
