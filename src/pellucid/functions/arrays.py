"""Shared by the functions: the arrays that they accept, and the mean over several axes."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike as ArrayLike
from numpy.typing import DTypeLike as DTypeLike
from numpy.typing import NDArray

from pellucid.core.arrays import as_numbers
from pellucid.errors import ShapeError

Floats: TypeAlias = NDArray[np.floating]


def as_floats(name: str, values: ArrayLike) -> Floats:
    """Return ``values`` as an array of floats: float64 stays float64, all else becomes float32.

    An array of such floats is returned as it is, not copied; ``name`` is what a message calls the argument.

    Raises
    ------
    ArgumentError
        For text, objects and complex numbers.
    ShapeError
        For rows of unequal length.

    Examples
    --------
    >>> as_floats("maps", [1, 2]).dtype, as_floats("maps", [1.0, 2.0]).dtype
    (dtype('float32'), dtype('float64'))
    """
    array = as_numbers(name, values)
    if array.dtype == np.float32 or array.dtype == np.float64:
        return array
    wide = array.dtype.kind == "f" and array.dtype.itemsize > 4
    return array.astype(np.float64 if wide else np.float32)


def as_batch(name: str, values: ArrayLike) -> Floats:
    """Return one image (H, W) or (H, W, C), or a batch (N, H, W, C), as a batch of floats (N, H, W, C).

    Three axes are always one image with channels. A batch of no images is a batch.

    Raises
    ------
    ShapeError
        For any other rank, and for an image without pixels or channels.

    Examples
    --------
    >>> as_batch("images", np.zeros((28, 28))).shape
    (1, 28, 28, 1)
    """
    array = as_floats(name, values)
    if array.ndim not in (2, 3, 4):
        raise ShapeError(
            f"{name} must be (H, W), (H, W, C) or (N, H, W, C). Received: {name}.shape={array.shape}"
        )
    shape = array.shape
    if array.ndim == 2:
        array = array[..., np.newaxis]  # (H, W) -> (H, W, C=1)
    if array.ndim == 3:
        array = array[np.newaxis]  # (H, W, C) -> (N=1, H, W, C)
    if 0 in array.shape[1:]:
        raise ShapeError(f"{name} must have pixels and channels. Received: {name}.shape={shape}")
    return array


def as_gradient(gradient: ArrayLike, shape: tuple[int, ...], dtype: DTypeLike) -> Floats:
    """Return a gradient as floats of ``dtype``, checked to have the ``shape`` of the output.

    Raises
    ------
    ShapeError
        When it has another shape.

    Examples
    --------
    >>> as_gradient([1, 2], (2,), np.float32)
    array([1., 2.], dtype=float32)
    """
    array = as_floats("gradient", gradient)
    if array.shape != shape:
        raise ShapeError(
            f"gradient must have the shape of the output, {shape}. Received: gradient.shape={array.shape}"
        )
    return array.astype(dtype, copy=False)


def mean_over(values: Floats, axes: tuple[int, ...]) -> Floats:
    """Return the mean over ``axes``, which stay as axes of length 1.

    One axis at a time: NumPy then adds long runs of neighbouring values, which takes a third of the time
    of ``values.mean(axis=axes)``, and each sum has few terms, so that it rounds less.

    Examples
    --------
    >>> mean_over(np.arange(6.0).reshape(2, 3), (0, 1))
    array([[2.5]])
    """
    for axis in axes:
        values = values.mean(axis=axis, keepdims=True)
    return values
