"""A dense layer compiled: weighted sums, bias and rectification there, all gradients back.

The weights are far larger than what goes in and out, so they are read as few times as possible: by stretches
of inputs that stay in the cache for all images. Units are a multiple of sixteen, arrays contiguous.
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
BLOCK = 64  # inputs whose gradient is computed at a time


@compiled
def weighted_sums(inputs: Array, weights: Array, bias: Array, rectified: bool, outputs: Array) -> None:
    """(n, D) @ (D, U) + (U,) -> outputs (n, U), rectified if so wanted."""
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
                total = where(zero > total, zero, total)  # so that NaN stays
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
    """From the gradient (n, U) to what reaches the weighted sums (n, U), and to those of bias and inputs.

    ``turned`` (U, m) and ``block`` (BLOCK, m) are space, m the images rounded up to sixteens.
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
    for first in range(0, D, BLOCK):  # W (D, U) @ gradientᵀ (U, n), by some rows, is the inputs' turned
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
