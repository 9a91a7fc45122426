"""What the optimizers' arithmetic on rows of numbers has in common."""

from __future__ import annotations

import threading
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]


def blend(average: Array, news: Array, keep: float) -> None:
    """Make ``average`` into keep · average + (1 - keep) · news, in place; ``news`` is overwritten.

    >>> average = np.array([1.0])
    >>> blend(average, np.array([2.0]), keep=0.75)
    >>> average
    array([1.25])
    """
    news *= 1 - keep
    average *= keep
    average += news


def singles(*numbers: float) -> tuple[np.float32, ...]:
    """Return numbers as float32, which is what NumPy makes of them beside rows of float32.

    >>> singles(0.5, 2)
    (np.float32(0.5), np.float32(2.0))
    """
    return tuple(map(np.float32, numbers))


class _Spaces(threading.local):
    """Working space of one thread, one row for each dtype."""

    def __init__(self) -> None:
        self.rows: dict[np.dtype[Any], Array] = {}


_spaces = _Spaces()


def scratch_like(row: Array) -> Array:
    """Return working space of the length and dtype of ``row``; a thread gets the same space every time.

    >>> scratch_like(np.zeros(3, np.float32)).dtype
    dtype('float32')
    """
    space = _spaces.rows.get(row.dtype)
    if space is None or space.size < row.size:
        space = _spaces.rows[row.dtype] = np.empty(row.size, row.dtype)
    return space[: row.size]
