"""Compiled dense layer: weighted sums, bias and ReLU forward, all gradients backward.

The weights are far larger than inputs and outputs, so they are read as few times as possible: in blocks of
inputs that stay in the cache for all images. The number of units is a multiple of sixteen, and arrays are
contiguous.
"""

from __future__ import annotations

import numpy as np

from pellucid.fast.annotations import Count
from pellucid.fast.buffers import Array
from pellucid.fast.compiling import compiled
from pellucid.fast.processors import FLOAT, LANES, SHAPE
from pellucid.fast.products import product
from pellucid.fast.vectors import add, load, spread, start_of, store, where

AT_A_TIME = SHAPE.dense_cache // FLOAT  # weights
BLOCK = 64  # inputs for which the gradient is computed at a time


@compiled
def weighted_sums(inputs: Array, weights: Array, bias: Array, rectified: bool, outputs: Array) -> None:
    """(n, D) @ (D, U) + (U,) -> outputs (n, U), with ReLU if ``rectified``."""
    n, D = inputs.shape
    U = bias.size
    values, numbers, biases, results = start_of(inputs), start_of(weights), start_of(bias), start_of(outputs)
    zero, stretch = spread(np.float32(0)), max(LANES, AT_A_TIME // U)
    for first in range(0, D, stretch):
        inner = min(stretch, D - first)
        beside = numbers + first * U * FLOAT
        product(values + first * FLOAT, D, 1, beside, results, n, inner, U, first > 0)
    for image in range(n):
        for u in range(0, U, LANES):
            total = load(results, image * U + u) + load(biases, u)
            if rectified:
                total = where(zero > total, zero, total)  # keeps NaN
            store(results, image * U + u, total)


@compiled
def weighted_sums_backward(
    gradient: Array,
    outputs: Array,
    weights: Array,
    rectified: bool,
    wants_inputs: bool,
    reached: Array,
    d_bias: Array,
    d_inputs: Array,
    turned: Array,
    block: Array,
) -> None:
    """Compute the gradients of the weighted sums, the bias and the inputs from the outputs' (n, U).

    ``turned`` (U, m) and ``block`` (BLOCK, m) are workspace, with m images: n rounded up to a multiple of
    sixteen.
    """
    n, U = gradient.shape
    D, m = len(weights), turned.shape[1]
    upstream, sums, results, biases = (
        start_of(gradient),
        start_of(outputs),
        start_of(reached),
        start_of(d_bias),
    )
    zero = spread(np.float32(0))
    d_bias[:] = 0
    for image in range(n):
        for u in range(0, U, LANES):
            values = load(upstream, image * U + u)
            if rectified:
                values = where(load(sums, image * U + u) > zero, values, zero)
            store(results, image * U + u, values)
            add(biases, u, values)
    if not wants_inputs:
        return
    turned[:, n:] = 0
    for image in range(n):
        for u in range(U):
            turned[u, image] = reached[image, u]
    numbers, columns, found = start_of(weights), start_of(turned), start_of(block)
    # W (D, U) @ gradientᵀ (U, n), block by block, is the inputs' gradient transposed
    for first in range(0, D, BLOCK):
        rows = min(BLOCK, D - first)
        product(numbers + first * U * FLOAT, U, 1, columns, found, rows, U, m, False)
        for image in range(n):
            for row in range(rows):
                d_inputs[image, first + row] = block[row, image]


@compiled
def weights_gradient(
    inputs: Array, gradient: Array, first: Count, last: Count, total: Array, adding: bool
) -> None:
    """Write rows ``first`` to before ``last`` of inputsᵀ (D, n) @ gradient (n, U), or add them."""
    n, D = inputs.shape
    U = gradient.shape[1]
    beside = start_of(inputs) + first * FLOAT
    product(beside, 1, D, start_of(gradient), start_of(total), last - first, n, U, adding)
