"""Plots that only the lab needs, each with its text equivalent; and the mark of a quick run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from pellucid.core.wording.percents import percent
from pellucid.figures.style import LIGHT, axes_or_new, count_axis, figure_of, percent_axis, styled
from pellucid.figures.table import decimal, text_table
from pellucid.figures.tiles import image_colours

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Of one or two networks: training and validation of the first are solid, those of the second dashed.
LOOKS: tuple[dict[str, str], ...] = (
    {"color": LIGHT["training"], "linestyle": "-", "marker": "o"},
    {"color": LIGHT["validation"], "linestyle": "-", "marker": "s"},
    {"color": LIGHT["training"], "linestyle": "--", "marker": "^"},
    {"color": LIGHT["validation"], "linestyle": "--", "marker": "D"},
)
MARGIN = 0.26  # inches below a plot for its mark


def plot_compared(
    lines: Mapping[str, Sequence[float]], title: str, *, shares: bool = False, unit: str = "epoch"
) -> Figure:
    """Return one panel with a line of one value per epoch each, told apart by colour, style and marker.

    ``shares`` labels the axis in percent.

    Examples
    --------
    >>> plot_compared({"a": [0.5, 0.6], "b": [0.4, 0.7]}, "Accuracy").axes[0].get_title(loc="left")
    'Accuracy'
    """
    longest = max(map(len, lines.values()))
    with styled():
        ax = axes_or_new(None, width=5.6, height=3.4)
        for (label, values), look in zip(lines.items(), LOOKS, strict=False):
            epochs = range(1, len(values) + 1)
            ax.plot(epochs, values, **look, markevery=1 + longest // 24, label=label)  # type: ignore[arg-type]  # keyword arguments from a table
        ax.set_title(title)
        count_axis(ax, longest, unit)
        if shares:
            percent_axis(ax.yaxis)
        else:
            ax.set_ylim(bottom=0)
        ax.legend()
    return figure_of(ax)


def compared_text(lines: Mapping[str, Sequence[float]], *, shares: bool = False) -> str:
    """Return the text equivalent: each line's first and last value, and a table.

    Examples
    --------
    >>> print(compared_text({"a": [0.5, 0.6]}).splitlines()[0])
    a: from 0.5000 to 0.6000.
    """
    tell = percent if shares else decimal
    sentences = [f"{label}: from {tell(values[0])} to {tell(values[-1])}." for label, values in lines.items()]
    longest = max(map(len, lines.values()))
    rows = [
        [str(row + 1), *(tell(values[row]) if row < len(values) else "" for values in lines.values())]
        for row in range(longest)
    ]
    return " ".join(sentences) + "\n\n" + text_table(["epoch", *lines], rows)


def plot_receptive_fields(image: ArrayLike, fields: Sequence[tuple[str, int]]) -> Figure:
    """Return an image with the receptive field of the middle value of each layer's maps.

    ``image`` is (H, W[, C]), ``fields`` the layers' names with the squares' sides in pixels.

    Examples
    --------
    >>> len(plot_receptive_fields(np.zeros((8, 8)), [("conv2d", 3), ("conv2d_1", 5)]).axes[0].patches)
    2
    """
    pixels = image_colours(np.asarray(image)[np.newaxis])[0]
    H, W = pixels.shape[:2]
    colours = [LIGHT["validation"], "#ffd54f", "#4fc3f7", "#aed581", "#f48fb1", "#ffffff"]
    with styled():
        ax = axes_or_new(None, width=5.4, height=3.6)
        ax.imshow(pixels, interpolation="nearest")
        for number, (name, side) in enumerate(fields):
            corner = (W / 2 - side / 2 - 0.5, H / 2 - side / 2 - 0.5)
            colour = colours[number % len(colours)]
            square = Rectangle(corner, side, side, fill=False, edgecolor=colour, linewidth=2.2)
            square.set_label(f"{name}: {side} × {side}")
            ax.add_patch(square)
        ax.set(xlim=(-0.5, W - 0.5), ylim=(H - 0.5, -0.5))
        ax.set_axis_off()
        ax.set_title("What one value of each layer sees")
        legend = ax.legend(loc="center left", bbox_to_anchor=(1.03, 0.5), title="receptive field")
        legend.get_frame().set_facecolor("#8a9099")
        for text in (*legend.get_texts(), legend.get_title()):
            text.set_color("#ffffff")
    return figure_of(ax)


def plot_landscape(
    across: ArrayLike, up: ArrayLike, costs: ArrayLike, path: ArrayLike, *, labels: tuple[str, str]
) -> Figure:
    """Return the cost over two weights as contour lines, with the path of gradient descent.

    ``across`` (A,) and ``up`` (B,) are the weights' values, ``costs`` (B, A), ``path`` (steps + 1, 2).

    Examples
    --------
    >>> figure = plot_landscape([0, 1], [0, 1], [[0, 1], [1, 2]], [[1, 1], [0, 0]], labels=("v", "w"))
    >>> figure.axes[0].get_xlabel()
    'v'
    """
    way = np.asarray(path, np.float64)
    with styled():
        ax = axes_or_new(None, width=5.6, height=4.2)
        lines = ax.contour(across, up, costs, levels=14, colors=LIGHT["muted"], linewidths=0.8)
        ax.clabel(lines, np.asarray(lines.levels)[::2], fontsize=7.5, fmt="%.2f")
        ax.plot(way[:, 0], way[:, 1], color=LIGHT["validation"], marker=".", label="descent, a dot a step")
        ax.plot(*way[0], color=LIGHT["training"], marker="o", markersize=9, linestyle="none", label="start")
        ax.set_title("Cost over two weights")
        ax.set(xlabel=labels[0], ylabel=labels[1])
        ax.legend(loc="upper right")
    return figure_of(ax)


def landscape_text(costs: ArrayLike, path: ArrayLike, start: float, end: float) -> str:
    """Return the text equivalent of the landscape and the descent.

    Examples
    --------
    >>> landscape_text([[0.0, 2.0]], [[1, 1], [0, 0]], 2.0, 0.5)
    'The cost lies between 0.0000 and 2.0000 on the map. In 1 steps the descent went from 2.0000 to 0.5000.'
    """
    heights = np.asarray(costs)
    return (
        f"The cost lies between {heights.min():.4f} and {heights.max():.4f} on the map. "
        f"In {len(np.asarray(path)) - 1} steps the descent went from {start:.4f} to {end:.4f}."
    )


def plot_slope(weights: ArrayLike, costs: ArrayLike, at: float, slope: float, step: float) -> Figure:
    """Return the cost over one weight, its tangent where the weight is now, and the step taken.

    Examples
    --------
    >>> plot_slope([0, 1, 2], [0, 1, 4], at=1.0, slope=2.0, step=-0.2).axes[0].get_ylabel()
    'cost'
    """
    across, heights = np.asarray(weights, np.float64), np.asarray(costs, np.float64)
    here, there = (float(np.interp(place, across, heights)) for place in (at, at + step))
    near = np.abs(across - at) < 0.25 * np.ptp(across)
    with styled():
        ax = axes_or_new(None, width=5.6, height=3.4)
        ax.plot(across, heights, color=LIGHT["training"], label="cost")
        tangent = here + slope * (across[near] - at)
        ax.plot(across[near], tangent, color=LIGHT["ink"], linestyle="--", label=f"slope {slope:.4f}")
        ax.plot(
            [at, at + step], [here, there], color=LIGHT["validation"], marker="o", label=f"step {step:+.4f}"
        )
        ax.set_title("The slope gives direction and size of the step")
        ax.set(xlabel="weight", ylabel="cost")
        ax.legend()
    return figure_of(ax)


def write_mark(figure: Figure, text: str) -> None:
    """Write ``text`` below a plot, in a margin added for it.

    Examples
    --------
    >>> figure = plot_compared({"a": [1, 2]}, "A")
    >>> write_mark(figure, "quick run")
    >>> figure.texts[0].get_text()
    'quick run'
    """
    width, height = figure.get_size_inches()
    share = MARGIN / (height + MARGIN)
    boxes: list[NDArray[np.float64]] = [np.array(ax.get_position().bounds) for ax in figure.axes]
    figure.set_size_inches(max(width, 3.2), height + MARGIN)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.set(rect=(0, share, 1, 1 - share))  # type: ignore[call-arg]  # Matplotlib's stubs lack rect
    else:
        shrink = width / max(width, 3.2)
        for ax, (left, bottom, across, up) in zip(figure.axes, boxes, strict=True):
            ax.set_position((left * shrink, share + bottom * (1 - share), across * shrink, up * (1 - share)))
        for title in figure.texts:
            title.set_y(share + title.get_position()[1] * (1 - share))
    with styled():
        figure.text(0.012, 0.03 / (height + MARGIN), text, color=LIGHT["validation"], fontsize=8, va="bottom")
