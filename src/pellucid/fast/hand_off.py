"""Waiting for another thread for a moment without going to sleep.

To put a thread to sleep and wake it up takes the system some fifty microseconds, as long as a small network's
whole share of a step. So a thread that will soon be needed spins on a counter in memory, without Python's
lock, until another thread changes it; after a while it gives up, and sleeps after all.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from pellucid.fast.annotations import Address, Count
from pellucid.fast.buffers import Array
from pellucid.fast.compiling import compiled, inlined
from pellucid.fast.spin_wait import MOST_SPINS, THREADS, count, counters, read_after_pause
from pellucid.fast.vectors import start_of

_changing = threading.Lock()


@contextmanager
def spinning() -> Iterator[None]:
    """Let this thread, and those that it works with, wait awake for Python's lock within the block."""
    with _changing:
        counters[THREADS] += 1
    try:
        yield
    finally:
        with _changing:
            counters[THREADS] -= 1


@inlined
def _changes(start: Address, place: Count, value: Count) -> bool:
    spins = 0
    while spins < MOST_SPINS and read_after_pause(start, place) == value:
        spins += 1
    return spins < MOST_SPINS


@compiled
def wait_while(counts: Array, place: Count, value: Count) -> bool:
    """Wait while ``counts[place]`` (int64) is ``value``, but not for long; return whether it changed."""
    return _changes(start_of(counts), place, value)


@compiled
def count_and_wait_while(counts: Array, own: Count, place: Count, value: Count) -> bool:
    """Add 1 to ``counts[own]``, then wait while ``counts[place]`` is ``value``.

    The thread that sees the count needs Python's lock next, and would go to sleep if it were not free yet.
    """
    start = start_of(counts)
    count(start, own)
    return _changes(start, place, value)


def warm_up() -> None:
    """Compile both, or read them from disk, before they are needed."""
    wait_while(np.zeros(1, np.int64), 0, 1)
    count_and_wait_while(np.zeros(2, np.int64), 0, 1, 1)
