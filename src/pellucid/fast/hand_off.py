"""Waiting for another thread for a moment without going to sleep.

To put a thread to sleep and wake it up takes the system some fifty microseconds, as long as a small network's
whole share of a step. So a thread that will soon be needed looks at a number in memory, over and over and
without Python's lock, until another thread changes it; after a while it gives up, and sleeps after all.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from pellucid.fast.compiling import compiled, inlined
from pellucid.fast.spin_wait import LOOKS, THREADS, count, look, numbers
from pellucid.fast.vectors import start_of

_changing = threading.Lock()


@contextmanager
def spinning() -> Iterator[None]:
    """Let this thread, and those that it computes together with, take turns in Python within the block."""
    with _changing:
        numbers[THREADS] += 1
    try:
        yield
    finally:
        with _changing:
            numbers[THREADS] -= 1


@inlined
def _changes(start: Any, place: Any, value: Any) -> bool:
    looks = 0
    while looks < LOOKS and look(start, place) == value:
        looks += 1
    return looks < LOOKS


@compiled
def wait_while(board: Any, place: Any, value: Any) -> bool:
    """Wait while ``board[place]`` (int64) is ``value``, but not for long; return whether it changed."""
    return _changes(start_of(board), place, value)


@compiled
def count_and_wait_while(board: Any, own: Any, place: Any, value: Any) -> bool:
    """Add 1 to ``board[own]``, then wait while ``board[place]`` is ``value``.

    Who sees the one counted needs Python's lock next, and would go to sleep if it were not free yet.
    """
    start = start_of(board)
    count(start, own)
    return _changes(start, place, value)


def warm_up() -> None:
    """Compile both, or read them from disk, before they are needed."""
    wait_while(np.zeros(1, np.int64), 0, 1)
    count_and_wait_while(np.zeros(2, np.int64), 0, 1, 1)
