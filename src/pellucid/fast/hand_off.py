"""Spinning briefly while waiting for another thread, instead of sleeping.

Putting a thread to sleep and waking it takes about fifty microseconds, as long as a small network's whole
share of a step. So a thread that will soon be needed spins on a counter in memory, without the GIL, until
another thread changes it; after a while it gives up and sleeps.
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
    """Let this thread, and those that it works with, spin for the GIL within the block."""
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
    """Spin briefly while ``counts[place]`` (int64) is ``value``; return whether it changed."""
    return _changes(start_of(counts), place, value)


@compiled
def count_and_wait_while(counts: Array, own: Count, place: Count, value: Count) -> bool:
    """Add 1 to ``counts[own]``, then spin briefly while ``counts[place]`` is ``value``.

    The thread that sees the count needs the GIL next, and would sleep if it were not free yet.
    """
    start = start_of(counts)
    count(start, own)
    return _changes(start, place, value)


def warm_up() -> None:
    """Compile both, or load them from disk, before they are needed."""
    wait_while(np.zeros(1, np.int64), 0, 1)
    count_and_wait_while(np.zeros(2, np.int64), 0, 1, 1)
