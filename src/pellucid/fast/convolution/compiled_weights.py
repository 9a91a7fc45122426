"""Transforms of kernels for Winograd's F(4×4, 3×3), and of their gradient back."""

from __future__ import annotations

import numpy as np

from pellucid.fast.annotations import Count, Vectors
from pellucid.fast.buffers import Array
from pellucid.fast.compiling import inlined, subroutine
from pellucid.fast.processors import LANES
from pellucid.fast.vectors import load, six, spread, start_of, store


@inlined
def _transform(g: Vectors) -> Vectors:
    """G g: transforms three weights to six values."""
    quarter, sixth = spread(np.float32(1 / 4)), spread(np.float32(1 / 6))
    twelfth, minus_sixth = spread(np.float32(1 / 12)), spread(np.float32(-1 / 6))
    twenty_fourth = spread(np.float32(1 / 24))
    ends, even = g[0] + g[2], twenty_fourth * g[0] + sixth * g[2]
    odd = twelfth * g[1]
    return (
        quarter * g[0],
        minus_sixth * (ends + g[1]),
        minus_sixth * (ends - g[1]),
        even + odd,
        even - odd,
        g[2],
    )


@inlined
def _transform_back(u: Vectors) -> Vectors:
    """Gᵀ u: the gradient of three weights from that of their six values."""
    quarter, sixth = spread(np.float32(1 / 4)), spread(np.float32(1 / 6))
    twelfth, twenty_fourth = spread(np.float32(1 / 12)), spread(np.float32(1 / 24))
    sum_1, sum_2 = sixth * (u[1] + u[2]), u[3] + u[4]
    return (
        quarter * u[0] - sum_1 + twenty_fourth * sum_2,
        sixth * (u[2] - u[1]) + twelfth * (u[3] - u[4]),
        sixth * sum_2 - sum_1 + u[5],
    )


@subroutine
def transform_kernels(kernels: Array, transformed: Array) -> None:
    """(3, 3, C, K) -> U (36, C, K)."""
    size = kernels.size // 9
    weights, values = start_of(kernels), start_of(transformed)
    for at in range(0, size, LANES):
        rows = (
            _transform(_three(weights, at, size)),
            _transform(_three(weights, at + 3 * size, size)),
            _transform(_three(weights, at + 6 * size, size)),
        )
        for column in range(6):
            down = _transform((rows[0][column], rows[1][column], rows[2][column]))
            for row in range(6):
                store(values, at + (6 * row + column) * size, down[row])


@subroutine
def transform_kernels_back(d_transformed: Array, d_kernels: Array) -> None:
    """Compute the kernels' gradient (3, 3, C, K) from dU (36, C, K)."""
    size = d_kernels.size // 9
    values, weights = start_of(d_transformed), start_of(d_kernels)
    for at in range(0, size, LANES):
        rows = (
            _transform_back(six(values, at, size)),
            _transform_back(six(values, at + 6 * size, size)),
            _transform_back(six(values, at + 12 * size, size)),
            _transform_back(six(values, at + 18 * size, size)),
            _transform_back(six(values, at + 24 * size, size)),
            _transform_back(six(values, at + 30 * size, size)),
        )
        for column in range(3):
            down = _transform_back(
                (
                    rows[0][column],
                    rows[1][column],
                    rows[2][column],
                    rows[3][column],
                    rows[4][column],
                    rows[5][column],
                )
            )
            for row in range(3):
                store(weights, at + (3 * row + column) * size, down[row])


@inlined
def _three(start: Count, at: Count, step: Count) -> Vectors:
    return load(start, at), load(start, at + step), load(start, at + 2 * step)
