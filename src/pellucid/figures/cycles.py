"""Accuracy over cycles; a cycle is a fixed number of training images (a mini-epoch)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.wording.percents import percent
from pellucid.errors import ArgumentError, ShapeError
from pellucid.evaluation.intervals import proportion
from pellucid.figures.style import (
    LIGHT,
    axes_or_new,
    count_axis,
    figure_of,
    legend_below,
    percent_axis,
    styled,
)
from pellucid.figures.table import text_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray


def plot_cycles(
    accuracy: ArrayLike, *, n: int | None = None, images_per_cycle: int | None = None, ax: Axes | None = None
) -> Figure:
    """Return the accuracy on held-out images after each cycle of training.

    Parameters
    ----------
    accuracy
        Accuracy after each cycle, from 0 to 1.
    n
        Number of held-out images; if given, the plot has a band, Wilson's 95 % interval.
    images_per_cycle
        Number of training images per cycle, shown on the axis.

    Examples
    --------
    >>> plot_cycles([0.8, 0.9, 0.95], n=1000, images_per_cycle=600).axes[0].get_xlabel()
    'cycle of 600 training images'
    """
    values = _checked(accuracy)
    cycles = np.arange(1, len(values) + 1)
    with styled():
        ax = axes_or_new(ax, height=3.6)
        if n is not None:
            bounds = [proportion(round(value * n), n) for value in values]
            low, high = [bound.low for bound in bounds], [bound.high for bound in bounds]
            ax.fill_between(
                cycles, low, high, color=LIGHT["validation"], alpha=0.2, linewidth=0, label="95 % interval"
            )
        marker = "s" if len(values) <= 30 else None
        ax.plot(cycles, values, color=LIGHT["validation"], marker=marker, label=_held_out(n))
        ax.set_title("Accuracy")
        unit = f"cycle of {images_per_cycle:,} training images" if images_per_cycle else "cycle"
        count_axis(ax, len(values), unit)
        percent_axis(ax.yaxis)
        legend_below(ax)
    return figure_of(ax)


def cycles_text(accuracy: ArrayLike, *, n: int | None = None, images_per_cycle: int | None = None) -> str:
    """Return the accuracy over cycles in words, and as a table of at most ten rows.

    Examples
    --------
    >>> print(cycles_text([0.8, 0.95, 0.9], images_per_cycle=600))
    Accuracy on held-out images over 3 cycles of 600 training images: from 80.00 % to 90.00 %,
    highest 95.00 % after cycle 2.
    <BLANKLINE>
    cycle  accuracy
        1   80.00 %
        2   95.00 %
        3   90.00 %
    """
    values = _checked(accuracy)
    of = f" of {images_per_cycle:,} training images" if images_per_cycle else ""
    best = int(values.argmax())
    head = (
        f"Accuracy on {_held_out(n)} over {len(values)} cycles{of}: from {percent(values[0])} to "
        f"{percent(values[-1])}, highest {percent(values[best])} after cycle {best + 1}."
    )
    shown = np.unique(np.linspace(0, len(values) - 1, min(10, len(values))).round().astype(int))
    rows = [[str(row + 1), percent(values[row])] for row in shown.tolist()]
    return f"{head}\n\n{text_table(['cycle', 'accuracy'], rows)}"


def _held_out(n: int | None) -> str:
    return "held-out images" if n is None else f"{n:,} held-out images"


def _checked(accuracy: ArrayLike) -> NDArray[np.float64]:
    values = np.asarray(accuracy, dtype=np.float64)
    if values.ndim != 1 or values.size == 0:
        raise ShapeError(f"Accuracies are one number for each cycle. Received: shape={values.shape}")
    if not ((values >= 0) & (values <= 1)).all():
        raise ArgumentError(
            "Accuracies lie between 0 and 1; divide percentages by 100. "
            f"Received: min={values.min()}, max={values.max()}"
        )
    return values
