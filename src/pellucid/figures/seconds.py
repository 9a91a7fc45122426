"""The duration of each epoch."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING, Any

from pellucid.core.wording.plurals import counted
from pellucid.errors import ArgumentError
from pellucid.figures.history import history_columns
from pellucid.figures.style import LIGHT, axes_or_new, count_axis, figure_of, styled
from pellucid.figures.table import decimal, text_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_seconds(history: Any, *, unit: str = "epoch", ax: Axes | None = None) -> Figure:
    """Return the seconds of each epoch as bars; the history as in :func:`~pellucid.figures.plot_history`.

    Examples
    --------
    >>> figure = plot_seconds({"seconds": [3.5, 2.0, 2.1]})
    >>> len(figure.axes[0].patches)
    3
    """
    epochs, seconds = _seconds(history)
    with styled():
        ax = axes_or_new(ax, height=2.6)
        ax.bar(epochs, seconds, width=0.7 if len(epochs) <= 30 else 0.9, color=LIGHT["training"])
        ax.set_title(f"Seconds per {unit}")
        ax.set_xlim(0.4, len(epochs) + 0.6)
        count_axis(ax, len(epochs), unit)
    return figure_of(ax)


def seconds_text(history: Any, *, unit: str = "epoch") -> str:
    """Return the seconds of each epoch in words and as a table.

    Examples
    --------
    >>> print(seconds_text({"seconds": [3.5, 2.0, 2.25]}))
    7.75 s for 3 epochs: the first took 3.50 s, the median of the others is 2.12 s.
    <BLANKLINE>
    epoch  seconds
        1     3.50
        2     2.00
        3     2.25
    """
    epochs, seconds = _seconds(history)
    known = [value for value in seconds if not math.isnan(value)]
    text = f"{decimal(sum(known), 2)} s for {counted(len(epochs), unit)}"
    if len(known) == len(seconds) > 1:
        others = statistics.median(seconds[1:])
        text += (
            f": the first took {decimal(seconds[0], 2)} s, the median of the others is {decimal(others, 2)} s"
        )
    rows = [[f"{epoch:.0f}", decimal(value, 2)] for epoch, value in zip(epochs, seconds, strict=True)]
    return f"{text}.\n\n{text_table([unit, 'seconds'], rows)}"


def _seconds(history: Any) -> tuple[list[float], list[float]]:
    columns = history_columns(history)
    if "seconds" not in columns:
        raise ArgumentError(f"The history has no seconds, only the keys {list(columns)}.")
    return columns["epoch"], columns["seconds"]
