"""Working space that is used again and again, so that a training step asks the system for no memory.

A fresh large array costs more than the arithmetic in it: the system hands out zeroed pages one by one. There
are two kinds of space. ``scratch`` is what a computation needs until it ends; each thread has its own.
``take`` and ``give`` are for what must live from a forward pass to its backward: arrays go back to a shelf
and come from it.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Hashable
from typing import Any

import numpy as np
import numpy.typing as npt

from pellucid.fast.processors import SHAPE

Array = npt.NDArray[Any]

MOST_VIEWS = 1000  # of a thread's scratch that are kept: many more than there are shapes in a network


def zeros(shape: tuple[int, ...], dtype: npt.DTypeLike = np.float32) -> Array:
    """Return an array of zeros that begins where a line of the cache does.

    >>> zeros((2, 3)).ctypes.data % SHAPE.cache_line
    0
    """
    size, dtype = math.prod(shape), np.dtype(dtype)
    memory = bytearray(size * dtype.itemsize + SHAPE.cache_line)
    start = -np.frombuffer(memory, np.uint8).ctypes.data % SHAPE.cache_line
    return np.frombuffer(memory, dtype, size, start).reshape(shape)


class _Scratch(threading.local):
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


_scratch = _Scratch()


def scratch(name: Hashable, shape: tuple[int, ...], dtype: npt.DTypeLike = np.float32) -> Array:
    """Return space of this thread's own, whose content is whatever was left in it.

    The same name gets the same space again: use a name once within a computation.

    >>> scratch("example", (2, 3)).shape
    (2, 3)
    """
    view = _scratch.views.get((name, shape, dtype))
    return _scratch.new_view(name, shape, dtype) if view is None else view


def plane_stride(size: int) -> int:
    """Return how far apart planes of ``size`` numbers best begin.

    A loop that writes to all planes in turn is slow where these lie a large power of two apart: their
    addresses then compete for the same few places of the cache. A multiple of 4 KiB and a bit never does.

    >>> plane_stride(1000), plane_stride(1024)
    (1040, 1040)
    """
    return -(-size // 1024) * 1024 + 16


def as_planes(row: Array, planes: int, T: int, C: int) -> Array:
    """View a row of ``planes`` · ``plane_stride(T·C)`` numbers as (planes, T, C)."""
    return row.reshape(planes, -1)[:, : T * C].reshape(planes, T, C)


def scratch_planes(name: Hashable, planes: int, T: int, C: int) -> Array:
    """Return scratch (planes, T, C), its planes as far apart as ``plane_stride`` says.

    >>> scratch_planes("example", 3, 8, 128).strides[0] // 4
    1040
    """
    return as_planes(scratch(name, (planes * plane_stride(T * C),)), planes, T, C)


class Shelf:
    """Arrays of any shape that are lent out and come back.

    >>> shelf = Shelf()
    >>> array = shelf.take((2, 3))
    >>> shelf.give(array)
    >>> shelf.take((3, 2)).base is array.base
    True
    """

    def __init__(self) -> None:
        self._rows: dict[tuple[int, Any], list[Array]] = {}

    def take(self, shape: tuple[int, ...], dtype: npt.DTypeLike = np.float32) -> Array:
        """Return an array whose content is whatever was left in it."""
        size = math.prod(shape)
        rows = self._rows.setdefault((size, np.dtype(dtype)), [])
        try:
            row = rows.pop()  # one step under Python's lock: two threads never get the same
        except IndexError:
            row = zeros((size,), dtype)
        return row.reshape(shape)

    def take_planes(self, planes: int, T: int, C: int) -> Array:
        """Return (planes, T, C), its planes as far apart as ``plane_stride`` says."""
        return as_planes(self.take((planes * plane_stride(T * C),)), planes, T, C)

    def give(self, array: Array) -> None:
        """Take back what one of these returned; nobody may use it any more."""
        row = array if array.base is None else array.base
        self._rows[row.size, row.dtype].append(row)
