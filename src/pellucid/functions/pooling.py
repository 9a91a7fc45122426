"""Pooling: every window of a feature map becomes one number, its maximum or its mean; with the gradients.

The maps keep their number; each becomes smaller, by ``padding``:

    'valid'  windows lie inside the map; rows and columns that are left over at the bottom and right, because
             the sizes do not divide, are ignored and get no gradient
    'same'   ceil(H / stride) windows, which may extend beyond the border (an uneven extra at the bottom and
             right); what lies outside is not a pixel: it is never the maximum, and the mean ignores it

No window is gathered and nothing is padded. Pixel (r, s) of all windows together is one strided slice of the
maps, and R·S such slices, without what lies beyond the border, are compared or summed.
"""

from __future__ import annotations

import numpy as np

from pellucid.errors import ShapeError, UnknownNameError, nearest
from pellucid.functions.arrays import ArrayLike, Floats, as_batch, as_floats, as_gradient, mean_over
from pellucid.functions.padding import Grid, Pair, pixels_in_windows, window_grid

PADDINGS = ("valid", "same")


# --- Max pooling ------------------------------------------------------------------------------------------


def max_pool(
    maps: ArrayLike, window: int | Pair = 2, *, strides: int | Pair | None = None, padding: str = "valid"
) -> Floats:
    """Take the largest value of every window of R×S pixels, in each feature map.

    Parameters
    ----------
    maps
        Feature maps (H, W), (H, W, C) or (N, H, W, C).
    window
        R×S; one number for a square.
    strides
        How far the window moves, in rows and columns: by its own extent if None, so that windows lie side by
        side. By less, they overlap.
    padding
        ``"valid"`` or ``"same"``: what happens where the sizes do not divide; see the top of this file.

    Returns
    -------
    Floats
        Maps with H' and W' in place of H and W, in the same dtype (whole numbers come back as float32). A
        window that holds NaN gives NaN.

    Raises
    ------
    ShapeError
        When the maps have a wrong rank, or the window is larger than they are.
    ArgumentError
        When window or strides cannot be used; UnknownNameError for an unknown padding.

    Examples
    --------
    >>> max_pool([[1.0, 2.0, 5.0], [3.0, 4.0, 6.0], [7.0, 8.0, 9.0]])  # a row and a column are left over
    array([[4.]])
    >>> max_pool([[1.0, 2.0, 5.0], [3.0, 4.0, 6.0], [7.0, 8.0, 9.0]], padding="same")
    array([[4., 6.],
           [8., 9.]])
    """
    batch = as_batch("maps", maps)
    grid = _pooling_grid(batch, window, strides, padding)
    pooled = np.full((len(batch), *grid.out, batch.shape[3]), -np.inf, batch.dtype)  # (N, H', W', C)
    for pixels, windows in pixels_in_windows(batch, grid):
        np.maximum(pooled[windows], batch[pixels], out=pooled[windows])
    return pooled.reshape(_out_shape(maps, grid.out))


def max_pool_backward(
    gradient: ArrayLike,
    maps: ArrayLike,
    window: int | Pair = 2,
    *,
    strides: int | Pair | None = None,
    padding: str = "valid",
    pooled: ArrayLike | None = None,
) -> Floats:
    """Bring the gradient of each window back to its largest value, and to no other pixel.

    Parameters
    ----------
    gradient
        dLoss/dOutput, in the shape of what :func:`max_pool` returns.
    maps, window, strides, padding
        What :func:`max_pool` was given.
    pooled
        What it returned, if that is at hand; otherwise it is computed again.

    Returns
    -------
    Floats
        dLoss/dMaps. Of equal largest values in a window, the first in row-major order receives all (so does
        the first of several NaN). What overlapping windows bring to the same pixel is summed.

    Raises
    ------
    ShapeError
        When ``gradient`` or ``pooled`` does not have the shape of the output. Otherwise as :func:`max_pool`.

    Examples
    --------
    >>> max_pool_backward([[10.0]], [[0.0, 7.0], [7.0, 1.0]])
    array([[ 0., 10.],
           [ 0.,  0.]])
    """
    batch = as_batch("maps", maps)
    grid = _pooling_grid(batch, window, strides, padding)
    if pooled is None:
        pooled = max_pool(maps, window, strides=strides, padding=padding)
    d_pooled = _as_output("gradient", gradient, maps, batch, grid)
    maxima = _as_output("pooled", pooled, maps, batch, grid)
    some_nan = bool(np.isnan(maxima).any())
    side_by_side = grid.strides[0] >= grid.window[0] and grid.strides[1] >= grid.window[1]
    open_windows = np.ones(maxima.shape, bool)  # those whose largest value has not been met yet
    d_batch = np.zeros(batch.shape, batch.dtype)
    for pixels, windows in pixels_in_windows(batch, grid):
        wins = batch[pixels] == maxima[windows]
        if some_nan:
            wins |= np.isnan(batch[pixels])
        wins &= open_windows[windows]
        open_windows[windows] ^= wins
        # The mask is multiplied with, because that is several times faster than np.where or a masked copy.
        if side_by_side:  # no pixel is met twice, and to write is faster than to add
            np.multiply(d_pooled[windows], wins, out=d_batch[pixels])
        else:
            d_batch[pixels] += d_pooled[windows] * wins
    return d_batch.reshape(np.shape(maps))


# --- Average pooling --------------------------------------------------------------------------------------


def average_pool(
    maps: ArrayLike, window: int | Pair = 2, *, strides: int | Pair | None = None, padding: str = "valid"
) -> Floats:
    """Take the mean of every window of R×S pixels, in each feature map.

    Parameters
    ----------
    maps, window, strides, padding
        As in :func:`max_pool`.

    Returns
    -------
    Floats
        Maps with H' and W' in place of H and W, in the same dtype (whole numbers come back as float32). With
        ``"same"`` a window that extends beyond the border gives the mean of the pixels inside it.

    Raises
    ------
    ShapeError, ArgumentError
        As in :func:`max_pool`.

    Examples
    --------
    >>> average_pool([[1.0, 2.0, 6.0], [3.0, 4.0, 8.0]], padding="same")
    array([[2.5, 7. ]])
    """
    batch = as_batch("maps", maps)
    grid = _pooling_grid(batch, window, strides, padding)
    sums = np.zeros((len(batch), *grid.out, batch.shape[3]), batch.dtype)  # (N, H', W', C)
    for pixels, windows in pixels_in_windows(batch, grid):
        sums[windows] += batch[pixels]
    sums /= _pixel_counts(batch, grid)
    return sums.reshape(_out_shape(maps, grid.out))


def average_pool_backward(
    gradient: ArrayLike,
    maps: ArrayLike,
    window: int | Pair = 2,
    *,
    strides: int | Pair | None = None,
    padding: str = "valid",
) -> Floats:
    """Share the gradient of each window out among its pixels, equally.

    Parameters
    ----------
    gradient
        dLoss/dOutput, in the shape of what :func:`average_pool` returns.
    maps, window, strides, padding
        What :func:`average_pool` was given. Of the maps only shape and dtype matter.

    Returns
    -------
    Floats
        dLoss/dMaps. What overlapping windows bring to the same pixel is summed.

    Raises
    ------
    ShapeError
        When the gradient does not have the shape of the output. Otherwise as :func:`average_pool`.

    Examples
    --------
    >>> average_pool_backward([[8.0, 2.0]], np.zeros((2, 3)), padding="same")
    array([[2., 2., 1.],
           [2., 2., 1.]])
    """
    batch = as_batch("maps", maps)
    grid = _pooling_grid(batch, window, strides, padding)
    shares = _as_output("gradient", gradient, maps, batch, grid) / _pixel_counts(batch, grid)
    d_batch = np.zeros(batch.shape, batch.dtype)
    for pixels, windows in pixels_in_windows(batch, grid):
        d_batch[pixels] += shares[windows]
    return d_batch.reshape(np.shape(maps))


def global_average_pool(maps: ArrayLike) -> Floats:
    """Take the mean of each whole feature map.

    Parameters
    ----------
    maps
        Feature maps (H, W), (H, W, C) or (N, H, W, C).

    Returns
    -------
    Floats
        The means: (), (C,) or (N, C), in the same dtype (whole numbers come back as float32).

    Raises
    ------
    ShapeError
        When the maps have a wrong rank, or no pixels.

    Examples
    --------
    >>> global_average_pool(np.arange(8.0).reshape(2, 2, 2))
    array([3., 4.])
    """
    batch = as_batch("maps", maps)
    return mean_over(batch, (1, 2)).reshape(_out_shape(maps, ()))  # (N, H, W, C) -> (N, C)


def global_average_pool_backward(gradient: ArrayLike, maps: ArrayLike) -> Floats:
    """Share the gradient of each feature map out among its H·W pixels, equally.

    Parameters
    ----------
    gradient
        dLoss/dOutput, in the shape of what :func:`global_average_pool` returns.
    maps
        What :func:`global_average_pool` was given. Only its shape and dtype matter.

    Returns
    -------
    Floats
        dLoss/dMaps.

    Raises
    ------
    ShapeError
        When the gradient does not have the shape of the output. Otherwise as :func:`global_average_pool`.

    Examples
    --------
    >>> global_average_pool_backward([4.0], np.zeros((2, 2, 1)))[:, :, 0]
    array([[1., 1.],
           [1., 1.]])
    """
    batch = as_batch("maps", maps)
    N, H, W, C = batch.shape
    shares = as_gradient(gradient, _out_shape(maps, ()), batch.dtype).reshape(N, 1, 1, C) / (H * W)
    return np.broadcast_to(shares, batch.shape).reshape(np.shape(maps)).copy()


# --- Arguments --------------------------------------------------------------------------------------------


def _pooling_grid(batch: Floats, window: int | Pair, strides: int | Pair | None, padding: str) -> Grid:
    """Return where the windows lie on a batch (N, H, W, C); by default side by side."""
    if not isinstance(padding, str) or padding not in PADDINGS:
        raise UnknownNameError(
            f"padding of a pooling must be 'valid' or 'same'. Received: {padding=}: "
            + nearest(str(padding).lower(), PADDINGS)
        )
    return window_grid(batch.shape[1:3], window, window if strides is None else strides, padding)


def _pixel_counts(batch: Floats, grid: Grid) -> Floats:
    """Return how many pixels each window contains, (1, H', W', 1)."""
    counts = np.zeros((1, *grid.out, 1), batch.dtype)
    for _, windows in pixels_in_windows(batch, grid):
        counts[windows] += 1
    return counts


def _out_shape(maps: ArrayLike, size: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of the maps, (H, W), (H, W, C) or (N, H, W, C), with ``size`` in place of (H, W)."""
    shape = np.shape(maps)
    return (*shape[:-3], *size, shape[-1]) if len(shape) > 2 else size


def _as_output(name: str, values: ArrayLike, maps: ArrayLike, batch: Floats, grid: Grid) -> Floats:
    """Return what has the shape of the output, or should have, as (N, H', W', C) in the dtype of the maps."""
    output = as_floats(name, values)
    shape = _out_shape(maps, grid.out)
    if output.shape != shape:
        raise ShapeError(
            f"{name} must have the shape of the output, {shape}. Received: {name}.shape={output.shape}"
        )
    return output.astype(batch.dtype, copy=False).reshape(len(batch), *grid.out, batch.shape[3])
