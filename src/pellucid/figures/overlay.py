"""The histories of several runs on the same axes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from pellucid.errors import ArgumentError
from pellucid.figures.history import NO_HISTORY, QUANTITIES, Quantity, history_columns
from pellucid.figures.plot import Plot
from pellucid.figures.style import LIGHT, SEVERAL, count_axis, percent_axis, plain, styled
from pellucid.figures.table import decimal, text_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    Columns = Mapping[str, list[float]]

# Markers distinguish the runs without any colour.
MARKERS = ("o", "s", "^", "D", "v", "P")
# What a line shows, by its style. The last is drawn only if a run has nothing better, because it lags behind.
VALIDATION, AFTER, MEANWHILE = "validation", "training, after the epoch", "training, while it learns"
LOOKS: dict[str, dict[str, Any]] = {
    VALIDATION: {"linestyle": "-"},
    AFTER: {"linestyle": (0, (4, 2)), "linewidth": 1.1, "marker": ""},
    MEANWHILE: {"linestyle": ":", "linewidth": 1.3},
}


def plot_histories(
    histories: Mapping[str, Any], *, unit: str = "epoch", quantities: Sequence[Quantity] = QUANTITIES
) -> Figure:
    """Return the loss and the accuracy of several runs over their epochs, side by side.

    Each run has a colour; solid lines are validation, dashed ones training images measured in the same way.

    Parameters
    ----------
    histories
        Histories by run name, each as in :func:`~pellucid.figures.plot_history`.
    unit
        Name of one entry on the axis.
    quantities
        Which of loss and accuracy to draw.

    Raises
    ------
    ArgumentError
        There is no history, or none with a loss or an accuracy.

    Examples
    --------
    >>> figure = plot_histories({"one": {"val_loss": [0.5, 0.1]}, "other": {"val_loss": [0.4, 0.2]}})
    >>> [text.get_text() for text in figure.legends[0].get_texts()]
    ['one', 'other', 'validation']
    """
    runs = {name: history_columns(history) for name, history in histories.items()}
    drawn = {quantity: _lines(runs, quantity) for quantity in quantities}
    present = [quantity for quantity, lines in drawn.items() if lines]
    if not present:
        raise ArgumentError(NO_HISTORY)
    with styled():
        height = 3.4 + 0.2 * math.ceil(len(runs) / 3)
        figure = Plot(figsize=(4.8 * len(present), height), layout="constrained")
        panels = figure.subplots(1, len(present), squeeze=False)[0]
        for quantity, ax in zip(present, panels, strict=True):
            _draw(ax, runs, drawn[quantity], quantity, unit)
        kinds = {kind for lines in drawn.values() for _, _, kind in lines}
        handles = [
            Line2D([], [], color=colour, marker=marker, label=plain(name))
            for name, colour, marker in _styles(runs)
        ]
        handles += [
            Line2D([], [], color=LIGHT["muted"], label=kind, **look)
            for kind, look in LOOKS.items()
            if kind in kinds
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


def histories_text(histories: Mapping[str, Any], *, unit: str = "epoch") -> str:
    """Return each run's final and best values, as a table.

    Examples
    --------
    >>> print(histories_text({"one": {"val_loss": [0.5, 0.1]}, "other": {"val_loss": [0.2, 0.4]}}))
    run    epochs  val_loss  lowest in epoch
      one       2    0.1000                2
    other       2    0.4000                1
    """
    runs = {name: history_columns(history) for name, history in histories.items()}
    keys = [
        key
        for key in ("val_loss", "train_loss", "val_accuracy", "train_accuracy")
        if any(key in columns for columns in runs.values())
    ]
    head, rows = ["run", f"{unit}s"], [[name, f"{len(columns['epoch'])}"] for name, columns in runs.items()]
    for key in keys:
        best, word = (min, "lowest") if key.endswith("loss") else (max, "highest")
        extreme = key.startswith("val_")
        head += [key, f"{word} in {unit}"] if extreme else [key]
        for row, columns in zip(rows, runs.values(), strict=True):
            values = columns.get(key, [math.nan])
            known = [value for value in values if not math.isnan(value)]
            at = f"{values.index(best(known)) + 1}" if known else "–"
            row += [decimal(values[-1]), at] if extreme else [decimal(values[-1])]
    return text_table(head, rows)


def _styles(runs: Mapping[str, Columns]) -> list[tuple[str, str, str]]:
    """Return each run's name, colour and marker."""
    return [
        (name, SEVERAL[number % len(SEVERAL)], MARKERS[number % len(MARKERS)])
        for number, name in enumerate(runs)
    ]


def _lines(runs: Mapping[str, Columns], quantity: str) -> list[tuple[str, str, str]]:
    """Return the lines to draw: run name, column name, and what the line shows."""
    lines = []
    for name, columns in runs.items():
        found = [
            (name, key, kind)
            for key, kind in ((f"val_{quantity}", VALIDATION), (f"train_{quantity}", AFTER))
            if key in columns
        ]
        if not found and quantity in columns:
            found = [(name, quantity, MEANWHILE)]
        lines += found
    return lines


def _draw(
    ax: Axes, runs: Mapping[str, Columns], lines: list[tuple[str, str, str]], quantity: str, unit: str
) -> None:
    styles = {name: (colour, marker) for name, colour, marker in _styles(runs)}
    for name, key, kind in lines:
        columns, (colour, marker) = runs[name], styles[name]
        every = 1 + len(columns["epoch"]) // 24
        ax.plot(
            columns["epoch"],
            columns[key],
            label=f"{name}, {kind}",
            **{"color": colour, "marker": marker, "markevery": every, **LOOKS[kind]},
        )
    ax.set_title(quantity.capitalize())
    count_axis(ax, max(len(columns["epoch"]) for columns in runs.values()), unit)
    if quantity == "accuracy":
        percent_axis(ax.yaxis)
    else:
        ax.set_ylim(bottom=0)
