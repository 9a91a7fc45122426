"""Where the windows of convolution and pooling lie on an image, and the border that the image may need.

A window of R×S pixels starts at the top left and moves by the strides for as long as it fits. What is left
over at the bottom and the right, because the sizes do not divide, is ignored. ``padding`` says which
border the image gets first, here along one axis:

    'valid'   none: floor((H - R) / stride) + 1 windows
    'same'    zeros, just enough for ceil(H / stride) windows; an uneven extra row or column goes to the
              bottom or the right (the rule of Keras and TensorFlow)
    'edge'    as wide as 'same', but the outermost pixels are repeated instead of zeros
    numbers   zeros: p on every side, (vertical, horizontal), or ((top, bottom), (left, right))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from pellucid.core.arguments import whole_pair
from pellucid.errors import ArgumentError, ShapeError, UnknownNameError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pellucid.functions.arrays import Floats

Pair: TypeAlias = tuple[int, int]
Widths: TypeAlias = tuple[Pair, Pair]  # of a border: ((top, bottom), (left, right))
Slices: TypeAlias = tuple[slice, slice, slice]
Padding: TypeAlias = str | int | Pair | Widths

PADDINGS = ("valid", "same", "edge")


# --- Where the windows lie --------------------------------------------------------------------------------


class Grid(NamedTuple):
    """Where the windows of a convolution or pooling lie on an image; made by :func:`window_grid`."""

    window: Pair  # (R, S)
    strides: Pair  # (down, right)
    widths: Widths  # of the border
    edge: bool  # the border repeats the outermost pixels; otherwise it is zeros
    out: Pair  # (H', W'), how many windows there are


def window_grid(
    size: int | Pair, window: int | Pair, strides: int | Pair = 1, padding: Padding = "valid"
) -> Grid:
    """Return where windows of R×S pixels lie on an image of ``size`` (H, W).

    Raises
    ------
    ArgumentError
        For a size, window or stride below 1, and for numbers of padding in a wrong form.
    UnknownNameError
        For an unknown name of padding.
    ShapeError
        For a window larger than the padded image.

    Examples
    --------
    >>> window_grid((28, 28), (2, 3), (1, 2), "same").widths  # uneven: the extra is at the bottom and right
    ((0, 1), (0, 1))
    """
    H, W = whole_pair("", "size", size)
    R, S = whole_pair("", "window", window)
    down, right = whole_pair("", "strides", strides)
    if isinstance(padding, str):
        widths = _named_width(padding, H, R, down), _named_width(padding, W, S, right)
    else:
        widths = _given_widths(padding)
    H_padded, W_padded = H + sum(widths[0]), W + sum(widths[1])
    if H_padded < R or W_padded < S:
        raise ShapeError(
            "a kernel or window must fit into the padded image: take a smaller one, or padding='same'. "
            f"Received: a window of {R}×{S} for {H}×{W} pixels, {padding=}"
        )
    out = ((H_padded - R) // down + 1, (W_padded - S) // right + 1)
    return Grid((R, S), (down, right), widths, isinstance(padding, str) and padding == "edge", out)


def out_size(
    size: int | Pair, window: int | Pair, strides: int | Pair = 1, padding: Padding = "valid"
) -> Pair:
    """Return how many windows, (H', W'), fit into an image of ``size`` (H, W).

    Raises
    ------
    ArgumentError, UnknownNameError, ShapeError
        As :func:`window_grid`.

    Examples
    --------
    >>> out_size((28, 28), 3)
    (26, 26)
    >>> out_size((5, 5), 2, strides=2)  # the fifth row and column are ignored
    (2, 2)
    >>> out_size((5, 5), 2, strides=2, padding="same")
    (3, 3)
    """
    return window_grid(size, window, strides, padding).out


def pixels_in_windows(images: Floats, grid: Grid) -> Iterator[tuple[Slices, Slices]]:
    """For each place (r, s) in a window, in row-major order: the pixels there, and the windows they are in.

    Both are slices, of images (N, H, W, C) and of what becomes of them (N, H', W', C). Windows that have no
    pixel there, because they extend beyond the border, are left out.

    Examples
    --------
    >>> images = np.array([[1, 2, 3], [4, 5, 6]])[np.newaxis, :, :, np.newaxis]
    >>> grid = window_grid((2, 3), 2, strides=2, padding="same")  # 1×2 windows; the second is cut off
    >>> [images[pixels].ravel().tolist() for pixels, _ in pixels_in_windows(images, grid)]
    [[1, 3], [2], [4, 6], [5]]
    """
    _, H, W, _ = images.shape
    (R, S), (down, right), (H_out, W_out) = grid.window, grid.strides, grid.out
    (top, _), (left, _) = grid.widths
    columns = list(_pixels_on_axis(S, W, right, left, W_out))
    for pixel_rows, window_rows in _pixels_on_axis(R, H, down, top, H_out):
        for pixel_columns, window_columns in columns:
            yield (slice(None), pixel_rows, pixel_columns), (slice(None), window_rows, window_columns)


def _pixels_on_axis(
    extent: int, pixels: int, stride: int, before: int, windows: int
) -> Iterator[tuple[slice, slice]]:
    """For each place in a window along one axis: the pixels there, and the windows they are in."""
    for place in range(-before, extent - before):  # there window i has pixel i·stride + place
        first = max(0, -(place // stride))  # of the windows whose pixel is >= 0: ceil(-place / stride)
        last = min(windows - 1, (pixels - 1 - place) // stride)  # of those whose pixel is <= pixels - 1
        if first <= last:
            yield slice(first * stride + place, last * stride + place + 1, stride), slice(first, last + 1)


def _named_width(padding: str, pixels: int, extent: int, stride: int) -> Pair:
    """Return how wide the border is before and after the pixels of one axis."""
    if padding not in PADDINGS:
        raise UnknownNameError(
            f"padding must be 'valid', 'same', 'edge' or numbers. Received: {padding=}: "
            + nearest(padding.lower(), PADDINGS)
        )
    if padding == "valid":
        return 0, 0
    windows = -(-pixels // stride)  # ceil(pixels / stride)
    missing = max((windows - 1) * stride + extent - pixels, 0)
    return missing // 2, missing - missing // 2


def _given_widths(padding: int | Pair | Widths) -> Widths:
    """Read p, (vertical, horizontal) or ((top, bottom), (left, right))."""
    try:
        vertical, horizontal = padding if np.iterable(padding) else (padding, padding)
        return whole_pair("", "padding", vertical, 0), whole_pair("", "padding", horizontal, 0)
    except ValueError:
        raise ArgumentError(
            "padding must be 'valid', 'same', 'edge', or whole numbers of 0 or more in the form p, "
            f"(vertical, horizontal) or ((top, bottom), (left, right)). Received: {padding=}"
        ) from None


# --- The border -------------------------------------------------------------------------------------------


def pad(images: Floats, grid: Grid) -> Floats:
    """Put the border that ``grid`` wants around a batch (N, H, W, C); without one, return the same array.

    Examples
    --------
    >>> row = np.array([[[[1.0], [2.0]]]])
    >>> pad(row, window_grid((1, 2), (1, 4), 1, "edge"))[0, :, :, 0]
    array([[1., 1., 2., 2., 2.]])
    """
    if grid.widths == ((0, 0), (0, 0)):
        return images
    rows, columns = grid.widths
    return np.pad(images, ((0, 0), rows, columns, (0, 0)), mode="edge" if grid.edge else "constant")


def pad_backward(gradient: Floats, grid: Grid) -> Floats:
    """Return the gradient for the images (N, H, W, C), given the one for the padded images.

    Zeros take their gradient with them. A repeated pixel receives what all its copies received.

    Examples
    --------
    >>> pad_backward(np.ones((1, 1, 5, 1)), window_grid((1, 2), (1, 4), 1, "edge"))[0, :, :, 0]
    array([[2., 3.]])
    """
    (top, bottom), (left, right) = grid.widths
    H, W = gradient.shape[1] - top - bottom, gradient.shape[2] - left - right
    if not grid.edge:
        return gradient[:, top : top + H, left : left + W]
    rows = gradient[:, top : top + H].copy()  # (N, H, left + W + right, C)
    rows[:, 0] += gradient[:, :top].sum(axis=1)
    rows[:, -1] += gradient[:, top + H :].sum(axis=1)
    inner = rows[:, :, left : left + W].copy()  # (N, H, W, C)
    inner[:, :, 0] += rows[:, :, :left].sum(axis=2)
    inner[:, :, -1] += rows[:, :, left + W :].sum(axis=2)
    return inner
