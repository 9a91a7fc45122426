"""The histories of several seeds of one experiment: their mean, and a band from the lowest to the highest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from matplotlib.collections import LineCollection

from pellucid.errors import ArgumentError
from pellucid.figures.history import NO_HISTORY, history_columns
from pellucid.figures.plot import Plot
from pellucid.figures.style import LIGHT, count_axis, legend_below, percent_axis, styled
from pellucid.figures.table import decimal, text_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

Quantity = Literal["loss", "accuracy"]
# The prefix of the history's key, its label, and the look of its line: as in a single run's history.
LINES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("train_", "training", {"color": LIGHT["training"]}),
    ("val_", "validation", {"color": LIGHT["validation"], "linestyle": (0, (5, 2))}),
)
MEANWHILE = ("", "training, while it learns", {"color": LIGHT["training"], "linestyle": ":"})


def plot_bands(
    histories: Sequence[Any], *, unit: str = "epoch", quantities: Sequence[Quantity] = ("loss", "accuracy")
) -> Plot:
    """Return loss and accuracy over the epochs of several runs: means, ranges, and each run.

    Parameters
    ----------
    histories
        One for each run, each as in :func:`~pellucid.figures.plot_history`. Of runs of unequal length, the
        epochs that all of them have are drawn.
    unit
        Name of one entry on the axis.
    quantities
        Which of the two to draw.

    Raises
    ------
    ArgumentError
        There is no history, or none with a loss or an accuracy.

    Examples
    --------
    >>> figure = plot_bands([{"val_loss": [0.5, 0.1]}, {"val_loss": [0.4, 0.2]}])
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['validation, mean of 2 seeds']
    """
    with styled():
        drawn = [one for one in quantities if _lines(histories, one)]
        if not drawn:
            raise ArgumentError(f"{NO_HISTORY} Received: {len(histories)} histories")
        figure = Plot(figsize=(4.8 * len(drawn), 3.6), layout="constrained")
        for quantity, ax in zip(drawn, figure.subplots(1, len(drawn), squeeze=False)[0], strict=True):
            _draw(ax, _lines(histories, quantity), quantity, unit)
    return figure


def bands_text(histories: Sequence[Any], *, unit: str = "epoch") -> str:
    """Return mean, lowest and highest value after the last epoch, as a table.

    Examples
    --------
    >>> print(bands_text([{"val_loss": [0.5, 0.25]}, {"val_loss": [0.5, 0.75]}]))
    after epoch 2     mean  lowest  highest
    validation loss  0.5000  0.2500   0.7500
    """
    rows, epochs = [], 0
    for quantity in ("loss", "accuracy"):
        for label, values, _ in _lines(histories, quantity):
            epochs, last = values.shape[1], values[:, -1]
            rows.append([f"{label} {quantity}", *map(decimal, (last.mean(), last.min(), last.max()))])
    return text_table([f"after {unit} {epochs}", "mean", "lowest", "highest"], rows)


def _lines(histories: Sequence[Any], quantity: str) -> list[tuple[str, NDArray[np.float64], dict[str, Any]]]:
    """Return label, values (runs, epochs) and look of each line of a quantity that all runs have."""
    runs = [history_columns(history) for history in histories]
    epochs = min((len(columns["epoch"]) for columns in runs), default=0)

    def of(prefix: str) -> NDArray[np.float64] | None:
        if not epochs or not all(f"{prefix}{quantity}" in columns for columns in runs):
            return None
        return np.array([columns[f"{prefix}{quantity}"][:epochs] for columns in runs])

    found = [(label, values, look) for prefix, label, look in LINES if (values := of(prefix)) is not None]
    meanwhile = of("")
    if not found and meanwhile is not None:
        found = [(MEANWHILE[1], meanwhile, MEANWHILE[2])]
    return found


def _draw(
    ax: Axes, lines: list[tuple[str, NDArray[np.float64], dict[str, Any]]], quantity: str, unit: str
) -> None:
    for label, values, look in lines:
        epochs = np.arange(1, values.shape[1] + 1)
        ax.plot(epochs, values.mean(axis=0), **look, label=f"{label}, mean of {len(values)} seeds")
        ax.fill_between(
            epochs, values.min(axis=0), values.max(axis=0), color=look["color"], alpha=0.18, linewidth=0
        )
    for _, values, look in lines:
        epochs = np.arange(1, values.shape[1] + 1)
        each = [np.column_stack([epochs, of_run]) for of_run in values]
        ax.add_collection(LineCollection(each, colors=look["color"], linewidths=0.6, alpha=0.5))
    ax.set_title(quantity.capitalize())
    count_axis(ax, lines[0][1].shape[1], unit)
    if quantity == "accuracy":
        percent_axis(ax.yaxis)
    else:
        ax.set_ylim(bottom=0)
    legend_below(ax)
