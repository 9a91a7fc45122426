"""Reused memory, so that a training step does not allocate any from the system.

A new large array costs more than the arithmetic on it: the system hands out zeroed pages one by one. There
are two kinds of reuse. A ``workspace`` serves one computation until it ends; each thread has its own. A
``BufferPool`` lends arrays that must live from a forward pass to its backward pass.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Hashable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pellucid.fast.processors import SHAPE

Array = npt.NDArray[Any]

MOST_KEPT = 31 << 20  # bytes size of the freed block; the C library ignores blocks above 32 MiB
MOST_VIEWS = 1000  # kept per thread: many more than a network has shapes


def zeros(shape: tuple[int, ...], dtype: npt.DTypeLike = np.float32) -> Array:
    """Return an array of zeros that is aligned to a cache line.

    Examples
    --------
    >>> zeros((2, 3)).ctypes.data % SHAPE.cache_line
    0
    """
    size, dtype = math.prod(shape), np.dtype(dtype)
    memory = bytearray(size * dtype.itemsize + SHAPE.cache_line)
    start = -np.frombuffer(memory, np.uint8).ctypes.data % SHAPE.cache_line
    return np.frombuffer(memory, dtype, size, start).reshape(shape)


@cache
def keep_freed_memory() -> None:
    """Make the C library keep the memory of freed arrays for later ones, from the first call on.

    The GNU C library returns freed blocks of over 128 KiB to the system, which hands out zeroed pages for the
    next ones; this can make a small network's step half as long again. Once it has seen a larger block freed,
    it keeps blocks up to that size (mallopt(3), M_MMAP_THRESHOLD). This function allocates and frees such a
    block without touching its pages.
    """
    np.empty(MOST_KEPT, np.uint8)


class _Workspace(threading.local):
    def __init__(self) -> None:
        self.rows: dict[Hashable, Array] = {}
        self.views: dict[Hashable, Array] = {}  # views of the rows by shape: most are requested again

    def new_view(self, name: Hashable, shape: tuple[int, ...], dtype: npt.DTypeLike) -> Array:
        size, key = math.prod(shape), (name, np.dtype(dtype))
        row = self.rows.get(key)
        if row is None or row.size < size:
            row = self.rows[key] = zeros((size,), dtype)
            self.views.clear()  # a view may keep the old, too small row alive
        if len(self.views) >= MOST_VIEWS:
            self.views.clear()
        view = self.views[name, shape, dtype] = row[:size].reshape(shape)
        return view


_workspace = _Workspace()


def workspace(name: Hashable, shape: tuple[int, ...], dtype: npt.DTypeLike = np.float32) -> Array:
    """Return an array private to this thread, with arbitrary content.

    The same name returns the same memory again: use a name once within a computation.

    Examples
    --------
    >>> workspace("example", (2, 3)).shape
    (2, 3)
    """
    view = _workspace.views.get((name, shape, dtype))
    return _workspace.new_view(name, shape, dtype) if view is None else view


def plane_stride(size: int) -> int:
    """Return the best distance between the starts of planes of ``size`` values.

    A loop that writes to all planes in turn is slow if their distance is a large power of two, because their
    addresses then compete for the same few cache lines. A multiple of 4 KiB plus a bit avoids that.

    Examples
    --------
    >>> plane_stride(1000), plane_stride(1024)
    (1040, 1040)
    """
    return -(-size // 1024) * 1024 + 16


def as_planes(row: Array, planes: int, T: int, C: int) -> Array:
    """View a row of ``planes`` · ``plane_stride(T·C)`` values as (planes, T, C)."""
    return row.reshape(planes, -1)[:, : T * C].reshape(planes, T, C)


def workspace_planes(name: Hashable, planes: int, T: int, C: int) -> Array:
    """Return workspace (planes, T, C), with the planes spaced by ``plane_stride``.

    Examples
    --------
    >>> workspace_planes("example", 3, 8, 128).strides[0] // 4
    1040
    """
    return as_planes(workspace(name, (planes * plane_stride(T * C),)), planes, T, C)


class BufferPool:
    """A pool of reusable buffers.

    An operation may release, in its backward pass, the arrays that it acquired in its forward pass: all
    operations that read them have already run backward.

    Examples
    --------
    >>> pool = BufferPool()
    >>> array = pool.acquire((2, 3))
    >>> pool.release(array)
    >>> pool.acquire((3, 2)).base is array.base
    True
    """

    def __init__(self) -> None:
        self._rows: dict[tuple[int, Any], list[Array]] = {}

    def acquire(self, shape: tuple[int, ...], dtype: npt.DTypeLike = np.float32) -> Array:
        """Return an array with arbitrary content."""
        size = math.prod(shape)
        rows = self._rows.setdefault((size, np.dtype(dtype)), [])
        try:
            row = rows.pop()  # atomic under the GIL: two threads never get the same
        except IndexError:
            row = zeros((size,), dtype)
        return row.reshape(shape)

    def acquire_planes(self, planes: int, T: int, C: int) -> Array:
        """Return (planes, T, C), with the planes spaced by ``plane_stride``."""
        return as_planes(self.acquire((planes * plane_stride(T * C),)), planes, T, C)

    def release(self, array: Array) -> None:
        """Take back an array that was acquired here; it must not be used any more."""
        row = array if array.base is None else array.base
        self._rows[row.size, row.dtype].append(row)
