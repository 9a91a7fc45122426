"""Images that become arrays a few rows at a time, so that a data set is never held in memory as floats.

A network takes floats; images are bytes. What stands here takes the place of the array of them all: wherever
rows are taken from it, arrays come out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from pellucid.errors import ArgumentError
from pellucid.fast import availability as compiled
from pellucid.layers.layer import Array, Shape


class ByRows:
    """Images (N, …) of which rows can be taken: ``images[5:9]``, ``images[[3, 1]]`` are arrays.

    Attributes
    ----------
    shape, dtype
        Of the array of all, which is never made (but by ``np.asarray``).
    """

    shape: Shape
    dtype: np.dtype[Any]

    @property
    def ndim(self) -> int:
        """Number of axes, that of the images included."""
        return len(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: Any) -> Array:
        """Return the images of a slice, of row numbers, or of one row number."""
        if isinstance(rows, tuple):
            raise ArgumentError(
                f"{type(self).__name__} is taken apart by rows only; np.asarray makes an array of all of it. "
                f"Received: [{', '.join(map(str, rows))}]"
            )
        return self._rows(rows)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.asarray(self[:], dtype, copy=copy)

    def part(self, rows: Any) -> Images:
        """Return the images of a slice or of row numbers, in the form that they are in."""
        raise NotImplementedError

    def _rows(self, rows: Any) -> Array:
        raise NotImplementedError


Images: TypeAlias = Array | ByRows
Gather: TypeAlias = Callable[[Array], Array]  # gives the images of row numbers
Take: TypeAlias = Callable[[int, int], Array]  # gives images start … end of a batch


def gathering(images: Images, dtype: str) -> Gather:
    """Return what gives the images of some row numbers (n,), each within them, in ``dtype``."""
    if isinstance(images, ScaledImages) and dtype == "float32" and images.has_a_kernel:
        return images.gathered
    if not (isinstance(images, np.ndarray) and images.dtype == dtype == "float32" and _has_a_kernel(images)):
        return lambda rows: images[rows].astype(dtype, copy=False)
    from pellucid.fast.gathering.compiled_gathering import gather

    values = images.reshape(len(images), -1)

    def gathered(rows: Array) -> Array:
        found = np.empty((len(rows), *images.shape[1:]), np.float32)
        gather(values, rows, found.reshape(len(rows), -1))
        return found

    return gathered


def _has_a_kernel(images: Array) -> bool:
    """Return whether a kernel can gather images as they lie in memory."""
    return images.flags.c_contiguous and images.dtype.isnative and images.size > 0 and compiled.available()


def part_of(images: Images, rows: Any) -> Images:
    """Return some of the images, in the form that they are in."""
    return images.part(rows) if isinstance(images, ByRows) else images[rows]


class ScaledImages(ByRows):
    """Whole-number pixels that are float32, and divided, only once they are taken.

    Parameters
    ----------
    pixels
        (N, H, W, C), commonly uint8.
    divisor
        What pixels are divided by; they stay as they are when missing.
    flat
        Whether an image comes out as a row of H·W·C values.

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
        """Return the images of a slice or of row numbers, their pixels still as they came."""
        return ScaledImages(self.pixels[rows], self.divisor, flat=self.flat)

    def _rows(self, rows: Any) -> Array:
        if self.has_a_kernel and self._are_there(rows):
            return self.gathered(rows)
        values: Array = self.pixels[rows].astype(np.float32)
        if self.divisor is not None:
            values /= np.float32(self.divisor)
        whole = values.ndim - self.pixels.ndim + 1  # axes of rows: none where one row was asked for
        return values.reshape(*values.shape[:whole], *self.shape[1:])

    @property
    def has_a_kernel(self) -> bool:
        """Whether ``gathered`` can be called."""
        return self.pixels.dtype == np.uint8 and _has_a_kernel(self.pixels)

    def _are_there(self, rows: Any) -> bool:
        """Return whether these are numbers of rows that are there."""
        return (
            isinstance(rows, np.ndarray)
            and rows.dtype == np.int64
            and rows.ndim == 1
            and rows.size > 0
            and bool(rows.min() >= 0 and rows.max() < len(self.pixels))
        )

    def gathered(self, rows: Array) -> Array:
        """Return the images of row numbers (n,), each within them, in one pass: the same values."""
        from pellucid.fast.gathering.compiled_gathering import gather_scaled

        pixels = self.pixels
        values = np.empty((len(rows), *self.shape[1:]), np.float32)
        divisor = np.float32(1 if self.divisor is None else self.divisor)
        gather_scaled(pixels.reshape(len(pixels), -1), rows, divisor, values.reshape(len(rows), -1))
        return values
