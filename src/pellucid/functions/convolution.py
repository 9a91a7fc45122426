"""Convolution of images with a set of kernels, one feature map per kernel, and its gradients.

Every window of R×S pixels, with all its C channels, is multiplied with a kernel of the same shape and summed.
This is cross-correlation, as in every network library: the kernel is not flipped.

All windows are laid out as the rows of one matrix, the patches, so that the sums are one matrix product
(Chellapilla, Puri & Simard 2006, "High performance convolutional neural networks for document processing"):

    maps      = patches @ kernels + bias      (N·H'·W', R·S·C) @ (R·S·C, K) + (K,) -> (N·H'·W', K)

and the gradients are those of a product:

    d_kernels = patches.T @ d_maps            (R·S·C, N·H'·W') @ (N·H'·W', K) -> (R·S·C, K)
    d_bias    = d_maps summed over all windows
    d_patches = d_maps @ kernels.T            and a pixel sums its gradient over all the patches it is in
"""

from __future__ import annotations

import math
from typing import overload

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from pellucid.errors import ShapeError
from pellucid.functions.arrays import ArrayLike, Floats, as_batch, as_floats, as_gradient
from pellucid.functions.padding import Grid, Padding, Pair, pad, pad_backward, window_grid


def convolve(
    images: ArrayLike,
    kernels: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    strides: int | Pair = 1,
    padding: Padding = "valid",
) -> Floats:
    """Convolve images with a set of kernels, without flipping them: one feature map per kernel.

    Parameters
    ----------
    images
        One image (H, W) or (H, W, C), or a batch (N, H, W, C). Three axes are always one image with channels.
    kernels
        One kernel (R, S) or (R, S, C), a set of them (R, S, C, K), or a list of K kernels of one shape.
    bias
        One number per kernel, (K,), added to its map.
    strides
        How far a kernel moves, in rows and columns. Pixels left over at the end are ignored.
    padding
        ``"valid"``, ``"same"``, ``"edge"`` (a border of zeros or of repeated pixels: H' = ceil(H / stride)),
        or numbers of zeros: p, (vertical, horizontal), ((top, bottom), (left, right)).

    Returns
    -------
    Floats
        The maps (N, H', W', K), without N if the images had none, in the dtype of the images (whole numbers
        count as float32); kernels and bias are converted to it.

    Raises
    ------
    ShapeError
        When ranks, channels or sizes do not fit, or there are no kernels.
    ArgumentError
        When strides, padding or values cannot be used; UnknownNameError for an unknown name of padding.

    Examples
    --------
    >>> image = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1]])
    >>> convolve(image, [[1, 0, -1], [1, 0, -1], [1, 0, -1]])[:, :, 0]
    array([[-3., -3.]], dtype=float32)
    >>> convolve(np.zeros((16, 28, 28, 3)), np.zeros((5, 5, 3, 8)), strides=2, padding="same").shape
    (16, 14, 14, 8)
    """
    batch = as_batch("images", images)
    bank = _as_bank(kernels, batch)
    R, S, C, K = bank.shape
    grid = window_grid(batch.shape[1:3], (R, S), strides, padding)
    maps = _patches(batch, grid) @ bank.reshape(R * S * C, K)  # (N·H'·W', R·S·C) @ (R·S·C, K)
    if bias is not None:
        maps += _as_bias(bias, bank)
    maps = maps.reshape(len(batch), *grid.out, K)  # (N·H'·W', K) -> (N, H', W', K)
    return maps if np.ndim(images) == 4 else maps[0]


@overload
def convolve_backward(
    gradient: ArrayLike,
    images: ArrayLike,
    kernels: Floats,
    *,
    strides: int | Pair = ...,
    padding: Padding = ...,
    images_gradient: bool = ...,
) -> tuple[Floats | None, Floats, Floats]: ...
@overload
def convolve_backward(
    gradient: ArrayLike,
    images: ArrayLike,
    kernels: ArrayLike,
    *,
    strides: int | Pair = ...,
    padding: Padding = ...,
    images_gradient: bool = ...,
) -> tuple[Floats | None, Floats | list[Floats], Floats]: ...
def convolve_backward(
    gradient: ArrayLike,
    images: ArrayLike,
    kernels: ArrayLike,
    *,
    strides: int | Pair = 1,
    padding: Padding = "valid",
    images_gradient: bool = True,
) -> tuple[Floats | None, Floats | list[Floats], Floats]:
    """Bring the gradient from the maps back to images, kernels and bias.

    Parameters
    ----------
    gradient
        dLoss/dMaps, in the shape of the maps that :func:`convolve` returns.
    images, kernels, strides, padding
        What :func:`convolve` was given.
    images_gradient
        False leaves out the images' gradient, and None is returned for it: the first layer of a network does
        not need it.

    Returns
    -------
    d_images, d_kernels, d_bias
        In the shapes of images and kernels (a list of kernels gets a list), and (K,).

    Raises
    ------
    ShapeError
        When the gradient does not have the shape of the maps. Otherwise as :func:`convolve`.

    Examples
    --------
    >>> d_image, d_kernel, d_bias = convolve_backward([[[1.0], [10.0]]], np.eye(3), np.ones((3, 2)))
    >>> d_image
    array([[ 1., 11., 10.],
           [ 1., 11., 10.],
           [ 1., 11., 10.]])
    >>> d_kernel
    array([[ 1.,  0.],
           [10.,  1.],
           [ 0., 10.]])
    >>> d_bias
    array([11.])
    """
    batch = as_batch("images", images)
    bank = _as_bank(kernels, batch)
    R, S, _, K = bank.shape
    grid = window_grid(batch.shape[1:3], (R, S), strides, padding)
    maps_shape = (len(batch), *grid.out, K)
    d_maps = as_gradient(gradient, maps_shape if np.ndim(images) == 4 else maps_shape[1:], batch.dtype)
    d_maps = d_maps.reshape(math.prod(maps_shape[:3]), K)  # (N, H', W', K) -> (N·H'·W', K)
    d_bank = _patches(batch, grid).T @ d_maps  # (R·S·C, N·H'·W') @ (N·H'·W', K) -> (R·S·C, K)
    d_kernels = _as_given(d_bank.reshape(bank.shape), kernels)
    d_bias = np.ones(len(d_maps), d_maps.dtype) @ d_maps  # a sum, which is faster as a product
    if not images_gradient:
        return None, d_kernels, d_bias
    return _images_gradient(d_maps, batch, bank, grid).reshape(np.shape(images)), d_kernels, d_bias


def _patches(batch: Floats, grid: Grid) -> Floats:
    """Return all windows of a batch (N, H, W, C) as the rows of a matrix (N·H'·W', R·S·C)."""
    (R, S), (down, right), (H_out, W_out) = grid.window, grid.strides, grid.out
    N, _, _, C = batch.shape
    windows = sliding_window_view(pad(batch, grid), (R, S), axis=(1, 2))[:, ::down, ::right]
    # So far this is a view (N, H', W', C, R, S). To copy it is fast if neighbours in memory stay neighbours:
    # in the row of a window S pixels of C channels or, of grey images, one pixel of windows side by side.
    if C == 1:
        return windows.transpose(4, 5, 3, 0, 1, 2).reshape(R * S * C, N * H_out * W_out).T
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(N * H_out * W_out, R * S * C)


def _images_gradient(d_maps: Floats, batch: Floats, bank: Floats, grid: Grid) -> Floats:
    """Return the gradient (N, H, W, C) for the images, given the one (N·H'·W', K) for the maps.

    Pixel (r, s) of all windows is added back at once: R·S products and sums. (One product for all d_patches
    is slower, because it reads and writes more memory. To convolve the padded gradient with flipped kernels
    takes about as long as this, and serves stride 1 only.)
    """
    (down, right), (H_out, W_out) = grid.strides, grid.out
    (above, below), (before, after) = grid.widths
    N, H, W, C = batch.shape
    d_padded = np.zeros((N, above + H + below, before + W + after, C), batch.dtype)
    for r, s in np.ndindex(grid.window):
        d_pixel = d_maps @ bank[r, s].T  # (N·H'·W', K) @ (K, C) -> (N·H'·W', C)
        pixels = d_padded[:, r : r + H_out * down : down, s : s + W_out * right : right]
        pixels += d_pixel.reshape(N, H_out, W_out, C)
    return pad_backward(d_padded, grid)


# --- Kernels ----------------------------------------------------------------------------------------------


def _as_bank(kernels: ArrayLike, batch: Floats) -> Floats:
    """Return the kernels as one set (R, S, C, K), checked against a batch (N, H, W, C) and in its dtype."""
    listed = _kernel_list(kernels)
    bank = as_floats("kernels", kernels) if listed is None else np.stack(listed, axis=-1)
    if bank.ndim not in (2, 3, 4):
        raise ShapeError(
            "kernels must be (R, S), (R, S, C) or (R, S, C, K), or a list of kernels (R, S) or (R, S, C). "
            f"Received: kernels.shape={bank.shape}"
        )
    while bank.ndim < 4:
        bank = bank[..., np.newaxis]  # (R, S) -> (R, S, C=1) -> (R, S, C, K=1)
    if 0 in bank.shape:
        raise ShapeError(
            f"kernels must hold at least one weight. Received: kernels (R, S, C, K)={bank.shape}"
        )
    if bank.shape[2] != batch.shape[3]:
        raise ShapeError(
            "images and kernels must have equally many channels C. (A batch of grey images is (N, H, W, 1); "
            "several kernels for grey images are (R, S, 1, K), or a list of kernels (R, S).) "
            f"Received: images (N, H, W, C)={batch.shape}, kernels (R, S, C, K)={bank.shape}"
        )
    return bank.astype(batch.dtype, copy=False)


def _kernel_list(kernels: ArrayLike) -> list[Floats] | None:
    """Return the kernels of a list, each (R, S, C); None for an array, and for the rows of one kernel."""
    if not isinstance(kernels, (list, tuple)):
        return None
    if not kernels:
        raise ShapeError(f"kernels must hold at least one kernel. Received: {kernels=}")
    listed = [as_floats(f"kernels[{place}]", kernel) for place, kernel in enumerate(kernels)]
    if all(kernel.ndim < 2 for kernel in listed):
        return None
    shapes = [kernel.shape for kernel in listed]
    if len(set(shapes)) > 1 or len(shapes[0]) not in (2, 3):
        raise ShapeError(
            f"the kernels of a list must have one shape, (R, S) or (R, S, C). "
            f"Received: kernels of shapes {shapes}"
        )
    return [kernel[..., np.newaxis] if kernel.ndim == 2 else kernel for kernel in listed]


def _as_given(d_bank: Floats, kernels: ArrayLike) -> Floats | list[Floats]:
    """Return gradients (R, S, C, K) in the form that the kernels had: a list for a list."""
    if _kernel_list(kernels) is None:
        return d_bank.reshape(np.shape(kernels))
    shape = np.shape(kernels)[1:]  # (K, R, S) or (K, R, S, C) -> (R, S) or (R, S, C)
    return [d_bank[..., k].reshape(shape) for k in range(d_bank.shape[3])]


def _as_bias(bias: ArrayLike, bank: Floats) -> Floats:
    """Return the bias, checked against a set of kernels (R, S, C, K) and in its dtype."""
    offsets = as_floats("bias", bias)
    if offsets.shape != bank.shape[3:]:
        raise ShapeError(
            f"bias must have one number per kernel, shape {bank.shape[3:]}. "
            f"Received: bias.shape={offsets.shape}"
        )
    return offsets.astype(bank.dtype, copy=False)
