"""The plot of accuracy against the number of filters, over several seeds, with its text equivalent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.wording.percents import percent
from pellucid.core.wording.plurals import counted
from pellucid.figures.style import LIGHT, axes_or_new, figure_of, percent_axis, styled
from pellucid.figures.table import text_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_filters(curve: Mapping[int, Sequence[float]], title: str) -> Figure:
    """Return the mean accuracy for each number of filters, with a band from the lowest to the highest seed.

    ``curve`` has the accuracies of all seeds by the number of filters.

    Examples
    --------
    >>> plot_filters({1: [0.2, 0.3], 5: [0.8, 0.9]}, "Accuracy").axes[0].get_xlabel()
    'filters'
    """
    numbers = list(curve)
    lowest, middle, highest = (
        [float(of(accuracies)) for accuracies in curve.values()] for of in (np.min, np.mean, np.max)
    )
    with styled():
        ax = axes_or_new(None, width=5.6, height=3.4)
        ax.fill_between(
            numbers, lowest, highest, color=LIGHT["validation"], alpha=0.2, label="lowest to highest"
        )
        ax.plot(numbers, middle, color=LIGHT["validation"], marker="o", label="mean")
        for number, accuracies in curve.items():
            ax.plot([number] * len(accuracies), accuracies, ".", color=LIGHT["ink"], markersize=3)
        ax.set_xscale("log")
        ax.set_xticks(numbers, labels=[str(number) for number in numbers])
        ax.set_xticks([], minor=True)
        ax.set_title(title)
        ax.set_xlabel("filters")
        percent_axis(ax.yaxis)
        ax.legend()
    return figure_of(ax)


def curve_text(curve: Mapping[int, Sequence[float]]) -> str:
    """Return the text equivalent: mean, lowest and highest accuracy for each number of filters.

    Examples
    --------
    >>> print(curve_text({1: [0.25, 0.35]}).splitlines()[0])
    With 1 filter: 30.00 % (25.00 % to 35.00 %).
    """
    found = [
        (number, percent(float(np.mean(accuracies))), percent(min(accuracies)), percent(max(accuracies)))
        for number, accuracies in curve.items()
    ]
    sentences = [
        f"With {counted(number, 'filter')}: {mean} ({low} to {high})." for number, mean, low, high in found
    ]
    table = text_table(
        ["filters", "mean", "lowest", "highest"], [[str(number), *rest] for number, *rest in found]
    )
    return " ".join(sentences) + "\n\n" + table
