"""The training history: loss and accuracy over the epochs, for training and validation images."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from matplotlib.figure import Figure

from pellucid.core.wording.plurals import counted
from pellucid.errors import ArgumentError, ShapeError
from pellucid.figures.plot import Plot
from pellucid.figures.style import (
    LIGHT,
    axes_or_new,
    count_axis,
    figure_of,
    legend_below,
    percent_axis,
    styled,
)
from pellucid.figures.table import decimal, text_table, two_digits

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Quantity = Literal["loss", "accuracy"]
QUANTITIES: tuple[Quantity, ...] = ("loss", "accuracy")

# The prefix of the history's key, the label, and the style of the line. The colour shows which images were
# measured, the line style how.
SERIES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("", "training, while it learns", {"color": LIGHT["training"], "linestyle": ":", "marker": "."}),
    ("train_", "training, after the {unit}", {"color": LIGHT["training"], "marker": "o"}),
    ("val_", "validation, after the {unit}", {"color": LIGHT["validation"], "marker": "s"}),
)
MOST_MARKERS = 24  # with more epochs only some have a marker
NO_HISTORY = "None of the histories has a loss or an accuracy. Give those of runs that trained."


def plot_history(history: Any, *, unit: str = "epoch") -> Figure:
    """Return loss and accuracy over the epochs, side by side.

    Parameters
    ----------
    history
        What ``fit`` returns, its ``.history`` (lists by key), or the history of a run folder. Keys: ``loss``,
        ``accuracy`` (Keras's running means during the epoch), ``val_…`` (validation images) and ``train_…``
        (training images measured in the same way as validation images). Missing keys are left out.
    unit
        Name of one entry on the axis.

    Raises
    ------
    ArgumentError
        When the history has neither a loss nor an accuracy.

    Examples
    --------
    >>> figure = plot_history({"loss": [0.5, 0.1], "val_loss": [0.2, 0.1], "accuracy": [0.8, 0.9]})
    >>> [ax.get_title(loc="left") for ax in figure.axes]
    ['Loss', 'Accuracy']
    """
    columns = history_columns(history)
    present = [quantity for quantity in QUANTITIES if _series_of(columns, quantity, unit)]
    if not present:
        raise ArgumentError(f"A history has a loss or an accuracy. Received: keys={list(columns)}")
    with styled():
        figure = Plot(figsize=(4.8 * len(present), 3.7), layout="constrained")
        panels = figure.subplots(1, len(present), squeeze=False)[0]
    for quantity, ax in zip(present, panels, strict=True):
        plot_history_panel(columns, quantity, unit=unit, ax=ax)
    return figure


def plot_history_panel(
    history: Any, quantity: Quantity, *, unit: str = "epoch", ax: Axes | None = None
) -> Figure:
    """Return one panel of :func:`plot_history`, the loss or the accuracy, on ``ax`` if given.

    Examples
    --------
    >>> plot_history_panel({"loss": [0.5, 0.1]}, "loss").axes[0].get_xlabel()
    'epoch'
    """
    columns = history_columns(history)
    series = _series_of(columns, quantity, unit)
    if not series:
        raise ArgumentError(f"The history has no {quantity}, only the keys {list(columns)}.")
    with styled():
        ax = axes_or_new(ax, height=3.7)
        every = 1 + len(columns["epoch"]) // MOST_MARKERS
        for key, label, look in series:
            ax.plot(columns["epoch"], columns[key], **look, markevery=every, label=label)
        ax.set_title(quantity.capitalize())
        count_axis(ax, len(columns["epoch"]), unit)
        if quantity == "accuracy":
            percent_axis(ax.yaxis)
        else:
            ax.set_ylim(bottom=0)
        legend_below(ax)
    return figure_of(ax)


def history_text(history: Any, *, unit: str = "epoch", quantities: Sequence[Quantity] = QUANTITIES) -> str:
    """Return the history in words, with its start and end, and as a table, with the seconds of each epoch.

    ``quantities`` are those to tell, as a plot of one panel shows one.

    Examples
    --------
    >>> print(history_text({"loss": [0.5, 0.125], "val_loss": [0.25, 0.5]}))
    Loss over 2 epochs: training, while it learns, from 0.5000 to 0.1250; validation, after the epoch, from
    0.2500 to 0.5000, lowest 0.2500 in epoch 1.
    <BLANKLINE>
    epoch    loss  val_loss
        1  0.5000    0.2500
        2  0.1250    0.5000
    """
    columns = history_columns(history)
    sentences = [_sentence(columns, quantity, unit) for quantity in quantities]
    left_out = {name for name in QUANTITIES if name not in quantities}
    shown = [
        key
        for key in columns
        if key not in ("epoch", "seconds", "learning_rate") and key.rpartition("_")[2] not in left_out
    ]
    table = {unit: [str(int(epoch)) for epoch in columns["epoch"]]}
    table |= {key: [decimal(value) for value in columns[key]] for key in shown}
    if "seconds" in columns:
        table["seconds"] = [two_digits(value) for value in columns["seconds"]]
    rows = list(zip(*table.values(), strict=True))
    return "\n".join(filter(None, sentences)) + "\n\n" + text_table(list(table), rows)


def history_columns(history: Any) -> dict[str, list[float]]:
    """Return any form of a history as lists by key, of equal length, starting with ``epoch``.

    Examples
    --------
    >>> history_columns([{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25, "val_loss": 0.5}])
    {'epoch': [1.0, 2.0], 'loss': [0.5, 0.25], 'val_loss': [nan, 0.5]}
    """
    seconds = getattr(history, "seconds", None)
    history = getattr(history, "history", history)
    if seconds and isinstance(history, Mapping) and "seconds" not in history:
        history = {**history, "seconds": seconds}
    if isinstance(history, Mapping):
        columns = {str(key): [float(value) for value in values] for key, values in history.items()}
    else:
        keys = list(dict.fromkeys(key for row in history for key in row))
        columns = {key: [float(row.get(key, math.nan)) for row in history] for key in keys}
    lengths = {key: len(values) for key, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ShapeError(f"The lists of a history are of one length. Received: lengths={lengths}")
    if not columns or not max(lengths.values()):
        raise ArgumentError("A history has at least one epoch; train first. Received: an empty history")
    length = max(lengths.values())
    return {"epoch": [float(epoch) for epoch in range(1, length + 1)], **columns}


def _series_of(
    columns: Mapping[str, Sequence[float]], quantity: str, unit: str
) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (prefix + quantity, label.format(unit=unit), look)
        for prefix, label, look in SERIES
        if prefix + quantity in columns
    ]


def _sentence(columns: Mapping[str, Sequence[float]], quantity: Quantity, unit: str) -> str:
    """Return one sentence on the course of a quantity; empty if it was not measured."""
    best = min if quantity == "loss" else max
    parts = []
    for key, label, _ in _series_of(columns, quantity, unit):
        values = columns[key]
        part = f"{label}, from {decimal(values[0])} to {decimal(values[-1])}"
        known = [value for value in values if not math.isnan(value)]
        if key.startswith("val_") and known:
            extreme = "lowest" if best is min else "highest"
            at = columns["epoch"][values.index(best(known))]
            part += f", {extreme} {decimal(best(known))} in {unit} {at:.0f}"
        parts.append(part)
    if not parts:
        return ""
    count = len(columns["epoch"])
    return f"{quantity.capitalize()} over {counted(count, unit)}: {'; '.join(parts)}."
