"""Memory that is used again and again, so that a training step asks the system for none.

A fresh large array costs more than the arithmetic in it: the system hands out zeroed pages one by one. There
are two kinds. A ``workspace`` serves a computation until it ends; each thread has its own. A ``BufferPool``
lends arrays that must live from a forward pass to its backward, and takes them back.
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

MOST_KEPT = 31 << 20  # bytes of a block; the C library takes no notice of blocks above 32 MiB
MOST_VIEWS = 1000  # of a thread's workspace that are kept: many more than there are shapes in a network


def zeros(shape: tuple[int, ...], dtype: npt.DTypeLike = np.float32) -> Array:
    """Return an array of zeros that begins where a line of the cache does.

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
    """Let the C library keep the memory of freed arrays for the next ones, from the first call on.

    The GNU C library gives a freed block of over 128 KiB back to the system, which hands out zeroed pages for
    the next; a small network's step can take half as long again for it. Once it has seen a larger block
    freed, it keeps blocks up to that size (mallopt(3), M_MMAP_THRESHOLD). No page of this one is touched.
    """
    np.empty(MOST_KEPT, np.uint8)


class _Workspace(threading.local):
    def __init__(self) -> None:
        self.rows: dict[Hashable, Array] = {}
        self.views: dict[Hashable, Array] = {}  # of rows, in the shapes asked for: most are asked for again

    def new_view(self, name: Hashable, shape: tuple[int, ...], dtype: npt.DTypeLike) -> Array:
        size, key = math.prod(shape), (name, np.dtype(dtype))
        row = self.rows.get(key)
        if row is None or row.size < size:
            row = self.rows[key] = zeros((size,), dtype)
            self.views.clear()  # one of them may keep the row that was too small
        if len(self.views) >= MOST_VIEWS:
            self.views.clear()
        view = self.views[name, shape, dtype] = row[:size].reshape(shape)
        return view


_workspace = _Workspace()


def workspace(name: Hashable, shape: tuple[int, ...], dtype: npt.DTypeLike = np.float32) -> Array:
    """Return an array of this thread's own, whose content is whatever was left in it.

    The same name gets the same space again: use a name once within a computation.

    Examples
    --------
    >>> workspace("example", (2, 3)).shape
    (2, 3)
    """
    view = _workspace.views.get((name, shape, dtype))
    return _workspace.new_view(name, shape, dtype) if view is None else view


def plane_stride(size: int) -> int:
    """Return how far apart planes of ``size`` numbers best begin.

    A loop that writes to all planes in turn is slow where these lie a large power of two apart: their
    addresses then compete for the same few places of the cache. A multiple of 4 KiB and a bit never does.

    Examples
    --------
    >>> plane_stride(1000), plane_stride(1024)
    (1040, 1040)
    """
    return -(-size // 1024) * 1024 + 16


def as_planes(row: Array, planes: int, T: int, C: int) -> Array:
    """View a row of ``planes`` · ``plane_stride(T·C)`` numbers as (planes, T, C)."""
    return row.reshape(planes, -1)[:, : T * C].reshape(planes, T, C)


def workspace_planes(name: Hashable, planes: int, T: int, C: int) -> Array:
    """Return workspace (planes, T, C), its planes as far apart as ``plane_stride`` says.

    Examples
    --------
    >>> workspace_planes("example", 3, 8, 128).strides[0] // 4
    1040
    """
    return as_planes(workspace(name, (planes * plane_stride(T * C),)), planes, T, C)


class BufferPool:
    """A pool of reusable buffers.

    Of a network's graph an array may be released in the backward pass of the operation that acquired it: all
    operations that read it have gone back before.

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
        """Return an array whose content is whatever was left in it."""
        size = math.prod(shape)
        rows = self._rows.setdefault((size, np.dtype(dtype)), [])
        try:
            row = rows.pop()  # one step under Python's lock: two threads never get the same
        except IndexError:
            row = zeros((size,), dtype)
        return row.reshape(shape)

    def acquire_planes(self, planes: int, T: int, C: int) -> Array:
        """Return (planes, T, C), its planes as far apart as ``plane_stride`` says."""
        return as_planes(self.acquire((planes * plane_stride(T * C),)), planes, T, C)

    def release(self, array: Array) -> None:
        """Take back an array that was acquired here; nobody may use it any more."""
        row = array if array.base is None else array.base
        self._rows[row.size, row.dtype].append(row)
