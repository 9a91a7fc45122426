"""Memory-mapped images whose pages are released after use."""

from __future__ import annotations

import mmap
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from pellucid.engine.images import ByRows, Images
from pellucid.layers.layer import Array

RELEASE_AFTER = 1 << 26  # bytes read before pages are released, which takes a few milliseconds
AROUND = 1 << 16  # bytes around an image that the system maps with it, if they are in its cache

# Bytes read of each file since its pages were last released
_read: WeakKeyDictionary[mmap.mmap, int] = WeakKeyDictionary()


class MappedImages(ByRows):
    """Images in a memory-mapped file.

    The system counts the pages that a process has read as that process's memory until another needs it, so a
    pass through 20 GB seems to take 20 GB. Releasing pages loses nothing: they are read again when needed,
    often from the system's cache.

    The system also reads ahead, by a hundred times the size of a small image. That helps sequential access;
    for random access it is told not to.
    """

    def __init__(self, images: Array, mapping: mmap.mmap) -> None:
        self.images = images
        self.shape = images.shape
        self.dtype = images.dtype
        self._mapping = mapping

    def part(self, rows: Any) -> Images:
        """Return the images of a slice as a mapped view; those of several indices are read at once."""
        return by_rows(self.images[rows])

    def _rows(self, rows: Any) -> Array:
        read = _read.get(self._mapping, 0)  # threads may miss some of each other's counts
        if read >= RELEASE_AFTER:
            read = 0
            self._mapping.madvise(mmap.MADV_DONTNEED)
        self._mapping.madvise(mmap.MADV_NORMAL if _are_in_order(rows) else mmap.MADV_RANDOM)
        taken: Array = self.images[rows]
        _read[self._mapping] = read + taken.nbytes + AROUND * (len(taken) if taken.ndim == self.ndim else 1)
        return taken


def by_rows(images: Array) -> Images:
    """Return an array as it is, or as :class:`MappedImages` if its pages can be released.

    They can if the file is mapped for reading, or for writing through to the file. If changes are private to
    the process (``mmap_mode="c"``), releasing pages would lose them.
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
