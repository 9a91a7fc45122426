"""Arithmetic on flat arrays, shared by the optimizers."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pellucid.fast.buffers import workspace

Array: TypeAlias = npt.NDArray[Any]


def blend(average: Array, news: Array, keep: float) -> None:
    """Replace ``average`` by keep · average + (1 - keep) · news, in place; ``news`` is overwritten.

    Examples
    --------
    >>> average = np.array([1.0])
    >>> blend(average, np.array([2.0]), keep=0.75)
    >>> average
    array([1.25])
    """
    news *= 1 - keep
    average *= keep
    average += news


def singles(*numbers: float) -> tuple[np.float32, ...]:
    """Return numbers as float32, to which NumPy converts them beside float32 arrays.

    Examples
    --------
    >>> singles(0.5, 2)
    (np.float32(0.5), np.float32(2.0))
    """
    return tuple(map(np.float32, numbers))


def workspace_like(row: Array) -> Array:
    """Return workspace of the length and dtype of ``row``; each thread gets the same memory every time.

    Examples
    --------
    >>> workspace_like(np.zeros(3, np.float32)).dtype
    dtype('float32')
    """
    return workspace("like a row", row.shape, row.dtype)
