"""The test accuracy of each seed of an experiment, with its interval, and their mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.wording.percents import percent
from pellucid.core.wording.plurals import counted
from pellucid.errors import ArgumentError, ShapeError
from pellucid.figures.style import LIGHT, axes_or_new, figure_of, legend_below, percent_axis, plain, styled
from pellucid.figures.table import text_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray


def plot_seeds(accuracies: Mapping[str, ArrayLike], *, ax: Axes | None = None) -> Figure:
    """Return a dot for the accuracy of each seed, with a bar for its interval, and a line at their mean.

    Parameters
    ----------
    accuracies
        Accuracy, and the lower and upper end of its interval, by the name of the seed.

    Raises
    ------
    ArgumentError
        When there is no seed.
    ShapeError
        When a seed has other than three numbers.

    Examples
    --------
    >>> figure = plot_seeds({"0": (0.9, 0.87, 0.92), "1": (0.92, 0.9, 0.94)})
    >>> [label.get_text() for label in figure.axes[0].get_xticklabels()]
    ['0', '1']
    """
    value, low, high = _checked(accuracies)
    places = np.arange(1, len(value) + 1)
    with styled():
        ax = axes_or_new(ax, height=3.2)
        mean = float(value.mean())
        ax.axhline(mean, color=LIGHT["validation"], linewidth=1.2, label=f"mean, {percent(mean)}")
        bars = [value - low, high - value]
        colour = LIGHT["training"]
        dots = ax.errorbar(places, value, bars, color=colour, fmt="o", elinewidth=1)
        dots.set_label("test accuracy, 95 % interval")
        ax.set_title("Test accuracy of each seed")
        ax.set_xlabel("seed")
        ax.set_xlim(0.4, len(value) + 0.6)
        every = 1 + len(value) // 20
        ax.set_xticks(places[::every], [plain(name) for name in accuracies][::every])
        percent_axis(ax.yaxis)
        legend_below(ax)
    return figure_of(ax)


def seeds_text(accuracies: Mapping[str, ArrayLike]) -> str:
    """Return the accuracies in words, and as a table; takes the arguments of :func:`plot_seeds`.

    Examples
    --------
    >>> print(seeds_text({"0": (0.9, 0.87, 0.92), "1": (0.92, 0.9, 0.94)}))
    Test accuracy of 2 seeds: from 90.00 % to 92.00 %, mean 91.00 %.
    <BLANKLINE>
    seed  accuracy  95 % from       to
       0   90.00 %    87.00 %  92.00 %
       1   92.00 %    90.00 %  94.00 %
    """
    values = _checked(accuracies)
    value = values[0]
    head = (
        f"Test accuracy of {counted(len(value), 'seed')}: from {percent(value.min())} to "
        f"{percent(value.max())}, mean {percent(value.mean())}."
    )
    rows = [
        [name, *map(percent, of_seed)] for name, of_seed in zip(accuracies, values.T.tolist(), strict=True)
    ]
    return f"{head}\n\n{text_table(['seed', 'accuracy', '95 % from', 'to'], rows)}"


def _checked(accuracies: Mapping[str, ArrayLike]) -> NDArray[np.float64]:
    """Return accuracies and the ends of their intervals: (3, seeds)."""
    if not accuracies:
        raise ArgumentError("There is a dot for each seed: give at least one. Received: accuracies={}")
    for name, numbers in accuracies.items():
        if np.shape(numbers) != (3,):
            raise ShapeError(
                f"Each seed has its accuracy and the two ends of its interval. Received: {name!r} of shape "
                f"{np.shape(numbers)}"
            )
    return np.array([np.asarray(numbers, np.float64) for numbers in accuracies.values()]).T
