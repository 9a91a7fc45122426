"""Memory-mapped images whose pages are released after use."""

from __future__ import annotations

import mmap
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from pellucid.engine.images import ByRows, Images
from pellucid.layers.layer import Array

LET_GO_AFTER = 1 << 26  # bytes of a file that are held: letting go of so many takes a few milliseconds
AROUND = 1 << 16  # bytes around a row that the system maps with it, where they are in its cache

_read: WeakKeyDictionary[mmap.mmap, int] = WeakKeyDictionary()  # bytes of each file, since last let go of


class MappedImages(ByRows):
    """Images in a file that is mapped into memory.

    The system counts what a process has read through a mapping as that process's memory, until another wants
    it; so one that goes through 20 GB seems to take 20 GB. Letting go loses nothing: what is wanted again is
    read again, often from the system's cache.

    The system also reads on, at the first byte wanted of a file, for a hundred times the length of a small
    image. That serves who goes through the images in order, and it is told when images are taken here and
    there.
    """

    def __init__(self, images: Array, mapping: mmap.mmap) -> None:
        self.images = images
        self.shape = images.shape
        self.dtype = images.dtype
        self._mapping = mapping

    def part(self, rows: Any) -> Images:
        """Return the images of a slice, still in the file; those of row numbers are read at once."""
        return by_rows(self.images[rows])

    def _rows(self, rows: Any) -> Array:
        read = _read.get(self._mapping, 0)  # threads may miss some of what others read
        if read >= LET_GO_AFTER:
            read = 0
            self._mapping.madvise(mmap.MADV_DONTNEED)
        self._mapping.madvise(mmap.MADV_NORMAL if _are_in_order(rows) else mmap.MADV_RANDOM)
        taken: Array = self.images[rows]
        _read[self._mapping] = read + taken.nbytes + AROUND * (len(taken) if taken.ndim == self.ndim else 1)
        return taken


def by_rows(images: Array) -> Images:
    """Return an array as it is, or as :class:`MappedImages` where it lies in a file that may be let go of.

    That is one mapped for reading, or for writing through to the file. Where changes are private to the
    process (``mmap_mode="c"``), letting go would lose them.
    """
    if not hasattr(mmap, "MADV_DONTNEED"):  # Windows
        return images
    base: Any = images
    mode = ""
    while isinstance(base, np.ndarray):
        mode = base.mode if isinstance(base, np.memmap) else mode
        base = base.base
    return MappedImages(images, base) if isinstance(base, mmap.mmap) and mode in ("r", "r+", "w+") else images


def _are_in_order(rows: Any) -> bool:
    if isinstance(rows, slice | int | np.integer):
        return True
    return bool(rows[-1] - rows[0] == len(rows) - 1) if len(rows) else True
