"""Pictures of feature maps and kernels side by side, each under its title, and histograms of their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pellucid.figures.plot import Plot
from pellucid.figures.style import LIGHT, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

COLUMNS = 4
BINS = 14


def plot_panels(panels: Mapping[str, ArrayLike], title: str) -> Figure:
    """Return maps or kernels (H, W) side by side, each under its name, on one scale with a colour bar.

    Negative values are orange, positive ones purple, and zero is white.

    Examples
    --------
    >>> figure = plot_panels({"before": [[-1, 2]], "after": [[0, 2]]}, "Rectification")
    >>> [ax.get_title(loc="left") for ax in figure.axes[:2]]
    ['before', 'after']
    """
    arrays = {name: np.asarray(panel, np.float64) for name, panel in panels.items()}
    largest = max(float(abs(array).max()) for array in arrays.values()) or 1.0
    with styled():
        figure, axes = _grid(len(arrays), title, height=1.9)
        for ax, (name, array) in zip(axes, arrays.items(), strict=True):
            drawn = ax.imshow(array, cmap="PuOr", vmin=-largest, vmax=largest, interpolation="nearest")
            ax.set_title(name, fontsize=9, fontweight="normal", pad=4)
            ax.set_axis_off()
        bar = figure.colorbar(drawn, ax=axes, shrink=0.8)
        bar.outline.set_visible(False)
    return figure


def plot_histograms(panels: Mapping[str, ArrayLike], title: str) -> Figure:
    """Return a histogram of all values of each array, side by side on one axis, each under its name.

    Examples
    --------
    >>> figure = plot_histograms({"before": [4, 4, 0, 3], "after": [0.8, 0.8, -1.7, 0.2]}, "Normalisation")
    >>> figure.axes[0].get_ylabel()
    'values'
    """
    with styled():
        figure, axes = _grid(len(panels), title, height=2.1)
        least, most = min(map(np.min, panels.values())), max(map(np.max, panels.values()))
        for ax, (name, panel) in zip(axes, panels.items(), strict=True):
            ax.set_xlim(least - 0.5, most + 0.5)
            ax.hist(np.asarray(panel, np.float64).ravel(), bins=BINS, color=LIGHT["training"])
            ax.set_title(name, fontsize=9, fontweight="normal", pad=4)
            ax.set_xlabel("value")
            ax.xaxis.set_major_locator(MaxNLocator(4))
        axes[0].set_ylabel("values")
    return figure


def panels_text(panels: Mapping[str, ArrayLike]) -> str:
    """Return the text equivalent: the size of each array, and how its values lie.

    Examples
    --------
    >>> print(panels_text({"before": [[-1.0, 2.0]]}))
    before: 1 × 2, values from -1.00 to 2.00, mean 0.50, standard deviation 1.50.
    """
    lines = []
    for name, panel in panels.items():
        array = np.asarray(panel, np.float64)
        lines.append(
            f"{name}: {' × '.join(map(str, array.shape))}, values from {array.min():.2f} to "
            f"{array.max():.2f}, mean {array.mean():.2f}, standard deviation {array.std():.2f}."
        )
    return "\n".join(lines)


def _grid(panels: int, title: str, *, height: float) -> tuple[Figure, list[Axes]]:
    """Return a figure with that many axes in rows of ``COLUMNS``; ``height`` is that of a row in inches."""
    columns = min(panels, COLUMNS)
    rows = -(-panels // columns)
    figure = Plot(figsize=(max(6.4, 1.2 + 1.75 * columns), 0.4 + height * rows), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    axes = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
    for unused in axes[panels:]:
        unused.remove()
    return figure, axes[:panels]
