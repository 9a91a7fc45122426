"""Compiled loads and stores of six or four vectors: the rows and columns of Winograd's tiles."""

from __future__ import annotations

import numpy as np

from pellucid.fast.annotations import Address, Count, Vectors
from pellucid.fast.compiling import inlined
from pellucid.fast.vectors import add, load, spread, store


@inlined
def six_within(array: Address, at: Count, step: Count, first: Count, last: Count) -> Vectors:
    """Load six vectors; those before ``first`` and from ``last`` on lie outside and are zeros."""
    zero = spread(np.float32(0))
    return (
        load(array, at) if first <= 0 < last else zero,
        load(array, at + step) if first <= 1 < last else zero,
        load(array, at + 2 * step) if first <= 2 < last else zero,
        load(array, at + 3 * step) if first <= 3 < last else zero,
        load(array, at + 4 * step) if first <= 4 < last else zero,
        load(array, at + 5 * step) if first <= 5 < last else zero,
    )


@inlined
def store_six(array: Address, at: Count, step: Count, vectors: Vectors) -> None:
    """Write six equally spaced vectors."""
    store(array, at, vectors[0])
    store(array, at + step, vectors[1])
    store(array, at + 2 * step, vectors[2])
    store(array, at + 3 * step, vectors[3])
    store(array, at + 4 * step, vectors[4])
    store(array, at + 5 * step, vectors[5])


@inlined
def add_six(array: Address, at: Count, step: Count, vectors: Vectors) -> None:
    """Add to six equally spaced vectors."""
    add(array, at, vectors[0])
    add(array, at + step, vectors[1])
    add(array, at + 2 * step, vectors[2])
    add(array, at + 3 * step, vectors[3])
    add(array, at + 4 * step, vectors[4])
    add(array, at + 5 * step, vectors[5])


@inlined
def add_six_within(
    array: Address, at: Count, step: Count, vectors: Vectors, first: Count, last: Count
) -> None:
    """Add those of six vectors that lie inside: from ``first`` to before ``last``."""
    if first <= 0 < last:
        add(array, at, vectors[0])
    if first <= 1 < last:
        add(array, at + step, vectors[1])
    if first <= 2 < last:
        add(array, at + 2 * step, vectors[2])
    if first <= 3 < last:
        add(array, at + 3 * step, vectors[3])
    if first <= 4 < last:
        add(array, at + 4 * step, vectors[4])
    if first <= 5 < last:
        add(array, at + 5 * step, vectors[5])


@inlined
def of_six(rows: Vectors, place: Count) -> Vectors:
    """Return one column of six rows."""
    return rows[0][place], rows[1][place], rows[2][place], rows[3][place], rows[4][place], rows[5][place]


@inlined
def of_four(rows: Vectors, place: Count) -> Vectors:
    """Return one column of four rows."""
    return rows[0][place], rows[1][place], rows[2][place], rows[3][place]
