"""Matrix products inside compiled functions, in the registers of one core.

A block of eight rows by thirty-two columns of the result is sixteen vectors of sums, which stay in registers
during the loop over the inner dimension. Each step loads two vectors of the second matrix and eight values of
the first: two multiplications for one load, which keeps a core at full speed. A BLAS library does the same,
but first copies both matrices into a packed layout, and calls from several threads wait for one another;
these products are small, many, and already laid out well.
"""

from __future__ import annotations

import numpy as np

from pellucid.fast.annotations import Address, Count, Vector
from pellucid.fast.compiling import inlined, subroutine
from pellucid.fast.processors import LANES
from pellucid.fast.vectors import fused, load, number_at, spread, store

ROWS = 8  # at a time
ABREAST = 8  # vectors of a row at a time, if there are few rows


@subroutine
def product(
    first: Address,
    row_step: Count,
    inner_step: Count,
    second: Address,
    out: Address,
    rows: Count,
    inner: Count,
    columns: Count,
    adding: bool,
) -> None:
    """Write (rows, inner) @ (inner, columns) to ``out``, or add it.

    ``first``, ``second`` and ``out`` are addresses; the second matrix and the result are contiguous, and the
    number of columns is a multiple of sixteen. ``row_step`` and ``inner_step`` are the strides of the first
    matrix.
    """
    row = 0
    while row + ROWS <= rows:
        _eight(first, row, row_step, inner_step, second, out, inner, columns, adding)
        row += ROWS
    if row < rows and rows >= ROWS and not adding:  # the last eight rows: some are computed twice
        _eight(first, rows - ROWS, row_step, inner_step, second, out, inner, columns, adding)
        row = rows
    while row < rows:
        at, column = row * row_step, 0
        while column + ABREAST * LANES <= columns:
            _one_by_eight(first, at, inner_step, second, column, columns, inner, out, row, adding)
            column += ABREAST * LANES
        while column < columns:
            _one_by_one(first, at, inner_step, second, column, columns, inner, out, row, adding)
            column += LANES
        row += 1


@inlined
def _eight(
    first: Address,
    row: Count,
    row_step: Count,
    inner_step: Count,
    second: Address,
    out: Address,
    inner: Count,
    columns: Count,
    adding: bool,
) -> None:
    at, column = row * row_step, 0
    while column + 2 * LANES <= columns:
        _eight_by_two(first, at, row_step, inner_step, second, column, columns, inner, out, row, adding)
        column += 2 * LANES
    if column < columns:
        _eight_by_one(first, at, row_step, inner_step, second, column, columns, inner, out, row, adding)


@inlined
def _eight_by_two(
    first: Address,
    at: Count,
    row_step: Count,
    inner_step: Count,
    second: Address,
    column: Count,
    columns: Count,
    inner: Count,
    out: Address,
    row: Count,
    adding: bool,
) -> None:
    zero = spread(np.float32(0))
    a_0 = a_1 = a_2 = a_3 = a_4 = a_5 = a_6 = a_7 = zero
    b_0 = b_1 = b_2 = b_3 = b_4 = b_5 = b_6 = b_7 = zero
    beside = column
    for _ in range(inner):
        left, right = load(second, beside), load(second, beside + LANES)
        number = number_at(first, at)
        a_0, b_0 = fused(number, left, a_0), fused(number, right, b_0)
        number = number_at(first, at + row_step)
        a_1, b_1 = fused(number, left, a_1), fused(number, right, b_1)
        number = number_at(first, at + 2 * row_step)
        a_2, b_2 = fused(number, left, a_2), fused(number, right, b_2)
        number = number_at(first, at + 3 * row_step)
        a_3, b_3 = fused(number, left, a_3), fused(number, right, b_3)
        number = number_at(first, at + 4 * row_step)
        a_4, b_4 = fused(number, left, a_4), fused(number, right, b_4)
        number = number_at(first, at + 5 * row_step)
        a_5, b_5 = fused(number, left, a_5), fused(number, right, b_5)
        number = number_at(first, at + 6 * row_step)
        a_6, b_6 = fused(number, left, a_6), fused(number, right, b_6)
        number = number_at(first, at + 7 * row_step)
        a_7, b_7 = fused(number, left, a_7), fused(number, right, b_7)
        at += inner_step
        beside += columns
    to = row * columns + column
    _put(out, to, a_0, b_0, adding)
    _put(out, to + columns, a_1, b_1, adding)
    _put(out, to + 2 * columns, a_2, b_2, adding)
    _put(out, to + 3 * columns, a_3, b_3, adding)
    _put(out, to + 4 * columns, a_4, b_4, adding)
    _put(out, to + 5 * columns, a_5, b_5, adding)
    _put(out, to + 6 * columns, a_6, b_6, adding)
    _put(out, to + 7 * columns, a_7, b_7, adding)


@inlined
def _eight_by_one(
    first: Address,
    at: Count,
    row_step: Count,
    inner_step: Count,
    second: Address,
    column: Count,
    columns: Count,
    inner: Count,
    out: Address,
    row: Count,
    adding: bool,
) -> None:
    s_0 = s_1 = s_2 = s_3 = s_4 = s_5 = s_6 = s_7 = spread(np.float32(0))
    beside = column
    for _ in range(inner):
        values = load(second, beside)
        s_0 = fused(number_at(first, at), values, s_0)
        s_1 = fused(number_at(first, at + row_step), values, s_1)
        s_2 = fused(number_at(first, at + 2 * row_step), values, s_2)
        s_3 = fused(number_at(first, at + 3 * row_step), values, s_3)
        s_4 = fused(number_at(first, at + 4 * row_step), values, s_4)
        s_5 = fused(number_at(first, at + 5 * row_step), values, s_5)
        s_6 = fused(number_at(first, at + 6 * row_step), values, s_6)
        s_7 = fused(number_at(first, at + 7 * row_step), values, s_7)
        at += inner_step
        beside += columns
    to = row * columns + column
    _put_one(out, to, s_0, adding)
    _put_one(out, to + columns, s_1, adding)
    _put_one(out, to + 2 * columns, s_2, adding)
    _put_one(out, to + 3 * columns, s_3, adding)
    _put_one(out, to + 4 * columns, s_4, adding)
    _put_one(out, to + 5 * columns, s_5, adding)
    _put_one(out, to + 6 * columns, s_6, adding)
    _put_one(out, to + 7 * columns, s_7, adding)


@inlined
def _put_one(out: Address, to: Count, values: Vector, adding: bool) -> None:
    store(out, to, values + load(out, to) if adding else values)


@inlined
def _put(out: Address, to: Count, left: Vector, right: Vector, adding: bool) -> None:
    _put_one(out, to, left, adding)
    _put_one(out, to + LANES, right, adding)


@inlined
def _one_by_eight(
    first: Address,
    at: Count,
    inner_step: Count,
    second: Address,
    column: Count,
    columns: Count,
    inner: Count,
    out: Address,
    row: Count,
    adding: bool,
) -> None:
    s_0 = s_1 = s_2 = s_3 = s_4 = s_5 = s_6 = s_7 = spread(np.float32(0))
    beside = column
    for _ in range(inner):
        number = number_at(first, at)
        s_0 = fused(number, load(second, beside), s_0)
        s_1 = fused(number, load(second, beside + LANES), s_1)
        s_2 = fused(number, load(second, beside + 2 * LANES), s_2)
        s_3 = fused(number, load(second, beside + 3 * LANES), s_3)
        s_4 = fused(number, load(second, beside + 4 * LANES), s_4)
        s_5 = fused(number, load(second, beside + 5 * LANES), s_5)
        s_6 = fused(number, load(second, beside + 6 * LANES), s_6)
        s_7 = fused(number, load(second, beside + 7 * LANES), s_7)
        at += inner_step
        beside += columns
    to = row * columns + column
    _put_one(out, to, s_0, adding)
    _put_one(out, to + LANES, s_1, adding)
    _put_one(out, to + 2 * LANES, s_2, adding)
    _put_one(out, to + 3 * LANES, s_3, adding)
    _put_one(out, to + 4 * LANES, s_4, adding)
    _put_one(out, to + 5 * LANES, s_5, adding)
    _put_one(out, to + 6 * LANES, s_6, adding)
    _put_one(out, to + 7 * LANES, s_7, adding)


@inlined
def _one_by_one(
    first: Address,
    at: Count,
    inner_step: Count,
    second: Address,
    column: Count,
    columns: Count,
    inner: Count,
    out: Address,
    row: Count,
    adding: bool,
) -> None:
    total = load(out, row * columns + column) if adding else spread(np.float32(0))
    for place in range(inner):
        total = fused(
            number_at(first, at + place * inner_step), load(second, place * columns + column), total
        )
    store(out, row * columns + column, total)
