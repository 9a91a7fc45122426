"""Small pictures in rows and columns: colours for images, kernels and feature maps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure

from pellucid.errors import ShapeError
from pellucid.figures.plot import Plot
from pellucid.figures.style import plain, styled
from pellucid.runs import to_uint8

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

HEADER = 0.32  # inches for a title


def image_colours(images: ArrayLike) -> NDArray[np.uint8]:
    """Return images (N, H, W) or (N, H, W, C), grey or RGB, as RGB of 0 to 255: (N, H, W, 3).

    Examples
    --------
    >>> image_colours(np.zeros((2, 8, 8))).shape
    (2, 8, 8, 3)
    """
    array = to_uint8(images)
    if array.ndim == 3:
        array = array[..., np.newaxis]  # (N, H, W) -> (N, H, W, 1)
    if array.ndim != 4 or array.shape[-1] not in (1, 3):
        raise ShapeError(
            f"Images to show are (N, H, W), (N, H, W, 1) or (N, H, W, 3). Received: shape={np.shape(images)}"
        )
    return np.broadcast_to(array, (*array.shape[:3], 3))


def kernel_colours(kernels: ArrayLike, *, one_scale: bool = False) -> NDArray[np.uint8]:
    """Return kernels (R, S, C, K) as K pictures, RGB of 0 to 255: each on its own scale, or all on one.

    Kernels of three channels become colour pictures, (K, R, S, 3), with grey for a weight of 0. In others,
    negative weights are orange, positive ones purple, zero is white, and the channels are side by side: (K,
    R, S·C, 3).

    Examples
    --------
    >>> kernel_colours(np.zeros((3, 3, 1, 5))).shape
    (5, 3, 3, 3)
    """
    array = np.asarray(kernels, dtype=np.float64)
    if array.ndim != 4 or array.size == 0:
        raise ShapeError(f"Kernels are (R, S, C, K). Received: shape={array.shape}")
    R, S, C, K = array.shape
    magnitudes = np.abs(array)
    largest = magnitudes.max(axis=None if one_scale else (0, 1, 2))  # of all, or (K,)
    largest = np.where(largest > 0, largest, 1.0).reshape(-1, 1, 1, 1)
    shares = 0.5 + np.moveaxis(array, -1, 0) / (2 * largest)  # (R, S, C, K) -> (K, R, S, C), 0 becomes 0.5
    if C == 3:
        return to_uint8(shares)
    side_by_side = shares.transpose(0, 1, 3, 2).reshape(K, R, C * S)  # (K, R, S, C) -> (K, R, C·S)
    return _through("PuOr", 0.1 + 0.8 * side_by_side)  # its ends are too dark to look orange and purple


def map_colours(maps: ArrayLike, *, one_scale: bool = False) -> NDArray[np.uint8]:
    """Return feature maps (H, W, K) as K pictures, dark for the lowest value: (K, H, W, 3).

    Each is on its own scale, or all on one. A map of one value is dark.

    Examples
    --------
    >>> map_colours(np.zeros((26, 26, 5))).shape
    (5, 26, 26, 3)
    """
    array = np.asarray(maps, dtype=np.float64)
    if array.ndim != 3 or array.size == 0:
        raise ShapeError(f"The maps of one image are (H, W, K). Received: shape={array.shape}")
    axes = None if one_scale else (0, 1)
    low, high = array.min(axis=axes), array.max(axis=axes)  # of all, or (K,)
    shares = np.moveaxis((array - low) / np.where(high > low, high - low, 1.0), -1, 0)  # -> (K, H, W)
    return _through("cividis", shares)


def plot_tiles(
    tiles: NDArray[np.uint8], captions: Sequence[str] | None = None, *, columns: int, title: str = ""
) -> Figure:
    """Return pictures (N, H, W, 3) in rows of ``columns``, each above its caption, all below a ``title``.

    Examples
    --------
    >>> len(plot_tiles(np.zeros((3, 8, 8, 3), np.uint8), ["a", "b", "c"], columns=2).axes)
    3
    """
    N, H, W = tiles.shape[:3]
    columns = min(columns, N)
    rows = math.ceil(N / columns)
    lines = max(caption.count("\n") + 1 for caption in captions) if captions else 0
    side = 9.6 / max(columns, 5)  # inches for one tile with its margin
    height, caption_height, margin = side * 0.9 * H / W, 0.18 * lines + (0.06 if lines else 0), side * 0.05
    header = HEADER if title else 0
    total = (columns * side, rows * (height + caption_height + 2 * margin) + header)
    with styled():
        figure = Plot(figsize=total)
        if title:
            top = 1 - 0.05 / total[1]
            figure.suptitle(title, x=margin / total[0], y=top, ha="left", fontsize=11, fontweight="bold")
        for number, tile in enumerate(tiles):
            row, column = divmod(number, columns)
            left = column * side + margin
            below = header + (row + 1) * (height + caption_height + 2 * margin)
            bottom = total[1] - below + caption_height + margin
            box = (left / total[0], bottom / total[1], side * 0.9 / total[0], height / total[1])
            ax = figure.add_axes(box)
            ax.imshow(tile, interpolation="nearest", aspect="auto")
            ax.set_axis_off()
            if captions:
                ax.text(
                    0.5,
                    -0.06 / height,
                    plain(captions[number]),
                    ha="center",
                    va="top",
                    transform=ax.transAxes,
                    fontsize=9,
                    linespacing=1.25,
                )
    return figure


def _through(colour_map: str, shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return numbers from 0 to 1 as RGB through one of matplotlib's colour maps."""
    return colormaps[colour_map](shares, bytes=True)[..., :3]
