"""Lazy image arrays: uint8 storage that is converted to float32 when indexed."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from pellucid.errors import ArgumentError
from pellucid.layers.layer import Array, Shape


class ByRows:
    """Images (N, …) indexed along the first axis only: ``images[5:9]``, ``images[[3, 1]]`` are arrays.

    Attributes
    ----------
    shape, dtype
        Of the array of all images, which only ``np.asarray`` creates.
    """

    shape: Shape
    dtype: np.dtype[Any]

    @property
    def ndim(self) -> int:
        """Number of axes, including that of the images."""
        return len(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: Any) -> Array:
        """Return the images of a slice, of several indices, or of one."""
        if isinstance(rows, tuple):
            raise ArgumentError(
                f"{type(self).__name__} is indexed along its first axis only; np.asarray gives all of it. "
                f"Received: [{', '.join(map(str, rows))}]"
            )
        return self._rows(rows)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.asarray(self[:], dtype, copy=copy)

    def part(self, rows: Any) -> Images:
        """Return the images of a slice or of several indices, in their present form."""
        raise NotImplementedError

    def _rows(self, rows: Any) -> Array:
        raise NotImplementedError


Images: TypeAlias = Array | ByRows


class NumpySource:
    """Gathers images of a data set as arrays of a dtype, by NumPy's indexing.

    Examples
    --------
    >>> NumpySource(np.array([[1], [2], [3]], np.uint8), "float32").rows(np.array([2, 0]))
    array([[3.],
           [1.]], dtype=float32)
    """

    def __init__(self, images: Images, dtype: str) -> None:
        self.images = images
        self.dtype = dtype

    def rows(self, numbers: Array) -> Array:
        """Return the images with these indices (n,), which must be in range."""
        return self.images[numbers].astype(self.dtype, copy=False)


def part_of(images: Images, rows: Any) -> Images:
    """Return some of the images, in their present form."""
    return images.part(rows) if isinstance(images, ByRows) else images[rows]


class ScaledImages(ByRows):
    """Integer pixels that are converted to float32, and divided, when indexed.

    Parameters
    ----------
    pixels
        (N, H, W, C), usually uint8.
    divisor
        Divisor of the pixels; None leaves their values unchanged.
    flat
        Whether an image is returned as a vector of H·W·C values.

    Examples
    --------
    >>> images = ScaledImages(np.array([[[[0], [255]]], [[[51], [102]]]], np.uint8), 255, flat=True)
    >>> images.shape
    (2, 2)
    >>> images[1:]
    array([[0.2, 0.4]], dtype=float32)
    """

    def __init__(self, pixels: Array, divisor: float | None = None, *, flat: bool = False) -> None:
        if pixels.dtype.kind not in "iu":
            raise ArgumentError(f"ScaledImages takes whole numbers. Received: pixels.dtype={pixels.dtype}")
        self.pixels = pixels
        self.divisor = divisor
        self.flat = flat
        size = int(np.prod(pixels.shape[1:]))
        self.shape = (len(pixels), size) if flat else pixels.shape
        self.dtype = np.dtype(np.float32)

    def part(self, rows: Any) -> ScaledImages:
        """Return the images of a slice or of several indices, still as raw pixels."""
        return ScaledImages(self.pixels[rows], self.divisor, flat=self.flat)

    def _rows(self, rows: Any) -> Array:
        values: Array = self.pixels[rows].astype(np.float32)
        if self.divisor is not None:
            values /= np.float32(self.divisor)
        whole = values.ndim - self.pixels.ndim + 1  # batch axes: none for a single index
        return values.reshape(*values.shape[:whole], *self.shape[1:])
