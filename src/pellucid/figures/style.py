"""The style of all plots: one palette for light and dark, no changes to matplotlib's global state."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import matplotlib.style
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter
from matplotlib.transforms import ScaledTranslation

from pellucid.core.wording.percents import exact_percent
from pellucid.figures.plot import Plot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

# Blue and vermilion (after Okabe and Ito 2008, "Color universal design") are distinguishable with every
# common kind of colour blindness; line style and marker also distinguish the series, without any colour.
# Plots are drawn in the light colours; in a report each becomes the CSS variable of its name.
LIGHT = {
    "paper": "#fdfdfc",
    "ink": "#1c2127",
    "muted": "#5a626c",
    "rule": "#d9dce0",
    "training": "#0a64a4",
    "validation": "#c04a00",
    "third": "#00825f",
    "fourth": "#9b4a93",
    "fifth": "#8a7000",
    "sixth": "#a3174b",
    "cell": "#0b4f8a",
    "on-pale-cell": "#000001",
    "on-cell": "#fffffe",
}
DARK = {
    "paper": "#15181c",
    "ink": "#e8eaed",
    "muted": "#a2aab4",
    "rule": "#343a42",
    "training": "#6cb6ff",
    "validation": "#ff9b57",
    "third": "#4ccf9f",
    "fourth": "#dba0d4",
    "fifth": "#d9c04a",
    "sixth": "#ff8fab",
    "cell": "#2563a3",
    "on-pale-cell": "#e8eaed",
    "on-cell": "#fffffe",
}

# Colours of several runs or fields.
SEVERAL = tuple(LIGHT[name] for name in ("training", "validation", "third", "fourth", "fifth", "sixth"))

BELOW = 38  # points from the axes to a legend below them: room for the labels of the axis
WIDEST_OF_TWO = 18  # letters of a label in a legend of two columns

STYLE = {
    "axes.axisbelow": True,
    "axes.edgecolor": LIGHT["muted"],
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.labelcolor": LIGHT["muted"],
    "axes.linewidth": 0.8,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": LIGHT["ink"],
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlepad": 9,
    "figure.facecolor": LIGHT["paper"],
    "font.size": 9.5,
    "grid.color": LIGHT["rule"],
    "grid.linewidth": 0.7,
    "legend.edgecolor": LIGHT["paper"],
    "legend.facecolor": LIGHT["paper"],
    "legend.labelcolor": LIGHT["ink"],
    "lines.linewidth": 1.8,
    "lines.markersize": 4.5,
    "text.color": LIGHT["ink"],
    "xtick.color": LIGHT["muted"],
    "xtick.major.size": 3,
    "ytick.color": LIGHT["muted"],
    "ytick.major.size": 0,
}
# Class names may be in any script. The first installed font that has a glyph draws it.
FONTS = (
    "DejaVu Sans",
    "Noto Sans",
    "Noto Sans CJK SC",
    "Noto Sans Arabic",
    "Noto Sans Devanagari",
    "Microsoft YaHei",
    "Hiragino Sans",
    "Arial Unicode MS",
)


@contextmanager
def styled() -> Iterator[None]:
    """Draw in pellucid's style inside the block, whatever the user's matplotlib settings are."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    fonts = [name for name in FONTS if name in installed]
    with matplotlib.style.context(["default", {**STYLE, "font.family": fonts}]):
        yield


def axes_or_new(ax: Axes | None, *, width: float = 4.8, height: float = 3.0) -> Axes:
    """Return ``ax``, or the axes of a new figure of that size in inches."""
    if ax is not None:
        return ax
    return Plot(figsize=(width, height), layout="constrained").subplots()


def figure_of(ax: Axes) -> Figure:
    """Return the figure that ``ax`` is drawn on."""
    return cast("Figure", ax.get_figure())


def legend_below(ax: Axes) -> None:
    """Add the legend below the axes, where it covers nothing; long labels stand below each other."""
    labels = ax.get_legend_handles_labels()[1]
    columns = 1 if max(map(len, labels)) > WIDEST_OF_TWO else 2  # a wide legend would make the axes narrow
    below = ax.transAxes + ScaledTranslation(0, -BELOW / 72, figure_of(ax).dpi_scale_trans)
    anchor = {"bbox_to_anchor": (0, 0), "bbox_transform": below}
    ax.legend(loc="upper left", **anchor, borderaxespad=0, ncols=columns)


def plain(text: object) -> str:
    r"""Return ``text`` escaped so that matplotlib shows it literally: a dollar sign starts no formula.

    Examples
    --------
    >>> print(plain("5$ and 10$"))
    5\$ and 10\$
    """
    return str(text).replace("$", r"\$")


class PercentFormatter(Formatter):
    """Writes shares in percent, with no more decimals than they need."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the label of a tick."""
        return exact_percent(x)


def percent_axis(axis: Axis) -> None:
    """Label an axis of shares in percent, with no more decimals than its ticks need."""
    axis.set_major_formatter(PercentFormatter())


def count_axis(ax: Axes, last: int, unit: str) -> None:
    """Label the x axis of ``ax`` with the ``unit`` from 1 to ``last``, with a tick at 1 but none at 0."""
    step = next((step for step in (1, 5, 10, 20, 50, 100, 200, 500) if last / step <= 12), last)
    ax.set_xticks(sorted({1, *range(step, last + 1, step)}))
    ax.set_xlabel(unit)


def shortened(text: object, length: int = 14) -> str:
    """Return ``text``; if it is longer than ``length``, with an ellipsis for its middle.

    Long names often begin alike and differ at the end.

    Examples
    --------
    >>> shortened("Pembroke Welsh Corgi")
    'Pembrok… Corgi'
    """
    whole = str(text)
    if len(whole) <= length:
        return whole
    end = (length - 1) // 2
    return f"{whole[: length - 1 - end]}…{whole[-end:]}" if end else f"{whole[: length - 1]}…"


def all_shortened(names: Sequence[object], length: int = 14) -> list[str]:
    """Return names cut so that they still differ: where they differ, or numbered if there is no such place.

    Examples
    --------
    >>> all_shortened(["class number 7 of all the kinds", "class number 8 of all the kinds"])
    ['…7…', '…8…']
    """
    whole = [str(name) for name in names]
    short = [shortened(name, length) for name in whole]
    if len(set(short)) == len(set(whole)):
        return short
    start = _in_common(whole)
    end = _in_common([name[start:][::-1] for name in whole])
    middles = [name[start : len(name) - end] for name in whole]
    short = [shortened(f"…{middle}{'…' if end else ''}", length) for middle in middles]
    if all(middles) and len(set(short)) == len(set(whole)):
        return short
    return [shortened(f"{number} {name}", length) for number, name in enumerate(whole, start=1)]


def _in_common(texts: Sequence[str]) -> int:
    """Return how many letters the texts have in common at their beginning."""
    different = (place for place, letters in enumerate(zip(*texts, strict=False)) if len(set(letters)) > 1)
    return next(different, min(map(len, texts)))
