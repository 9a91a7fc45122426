"""The kernels of a convolution, and its feature maps of one image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.wording.percents import percent
from pellucid.core.wording.plurals import counted
from pellucid.figures.table import decimal, text_table
from pellucid.figures.tiles import kernel_colours, map_colours, plot_tiles

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

COLUMNS = 16


def plot_kernels(kernels: ArrayLike, *, one_scale: bool = False) -> Figure:
    """Return kernels (R, S, C, K) as K numbered pictures.

    Kernels of three channels are shown in colour, with grey for a weight of 0; in others, negative weights
    are orange, positive ones purple and zero is white.

    Parameters
    ----------
    kernels
        (R, S, C, K).
    one_scale
        Whether all are on one scale, so that strong ones look strong; by default each is on its own, so that
        the pattern of each is visible.

    Examples
    --------
    >>> len(plot_kernels(np.zeros((3, 3, 1, 32))).axes)
    32
    """
    tiles = kernel_colours(kernels, one_scale=one_scale)
    return plot_tiles(tiles, _numbers(len(tiles)), columns=COLUMNS)


def kernels_text(kernels: ArrayLike) -> str:
    """Return the kernels in words and as a table.

    Examples
    --------
    >>> print(kernels_text(np.arange(8.0).reshape(2, 2, 1, 2)))
    2 kernels of 2 × 2 × 1 weights, from 0.0000 to 7.0000.
    <BLANKLINE>
    kernel    mean  lowest  highest
         1  3.0000  0.0000   6.0000
         2  4.0000  1.0000   7.0000
    """
    kernel_colours(kernels)  # checks the shape
    array = np.asarray(kernels, dtype=np.float64)
    R, S, C, K = array.shape
    rows = [
        [str(number), decimal(kernel.mean()), decimal(kernel.min()), decimal(kernel.max())]
        for number, kernel in enumerate(np.moveaxis(array, -1, 0), start=1)
    ]
    head = f"{K} kernels of {R} × {S} × {C} weights, from {decimal(array.min())} to {decimal(array.max())}."
    return f"{head}\n\n{text_table(['kernel', 'mean', 'lowest', 'highest'], rows)}"


def plot_maps(maps: ArrayLike, *, one_scale: bool = False) -> Figure:
    """Return the maps (H, W, K) of one image as K numbered pictures, bright for high values.

    Parameters
    ----------
    maps
        (H, W, K).
    one_scale
        Whether all are on one scale; by default each is on its own.

    Examples
    --------
    >>> len(plot_maps(np.zeros((26, 26, 32))).axes)
    32
    """
    tiles = map_colours(maps, one_scale=one_scale)
    return plot_tiles(tiles, _numbers(len(tiles)), columns=COLUMNS)


def maps_text(maps: ArrayLike) -> str:
    """Return the maps in words and as a table: their mean, their maximum and its position.

    Examples
    --------
    >>> print(maps_text([[[0.0], [0.0]], [[3.0], [1.0]]]))
    1 feature map of 2 × 2, values from 0.0000 to 3.0000.
    <BLANKLINE>
    map    mean  highest  at row, column  above zero
      1  1.0000   3.0000            2, 1        50 %
    """
    map_colours(maps)  # checks the shape
    array = np.asarray(maps, dtype=np.float64)
    H, W, K = array.shape
    rows = []
    for number, one in enumerate(np.moveaxis(array, -1, 0), start=1):
        row, column = divmod(int(one.argmax()), W)
        above = percent(float((one > 0).mean()), 0)
        rows.append([str(number), decimal(one.mean()), decimal(one.max()), f"{row + 1}, {column + 1}", above])
    head = (
        f"{counted(K, 'feature map')} of {H} × {W}, "
        f"values from {decimal(array.min())} to {decimal(array.max())}."
    )
    return f"{head}\n\n{text_table(['map', 'mean', 'highest', 'at row, column', 'above zero'], rows)}"


def _numbers(count: int) -> list[str]:
    return [str(number) for number in range(1, count + 1)]
