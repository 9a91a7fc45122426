"""Compiled dense layer of few units, such as the classification layer.

The number of units need not be a multiple of sixteen: weights and gradient are copied to rows padded with
zeros to such a multiple. Arrays are contiguous; ``wide_…`` are workspaces with padded rows.
"""

from __future__ import annotations

import numpy as np

from pellucid.fast.buffers import Array
from pellucid.fast.compiling import compiled
from pellucid.fast.processors import LANES
from pellucid.fast.products import product
from pellucid.fast.vectors import start_of


@compiled
def weighted_sums(
    inputs: Array,
    weights: Array,
    bias: Array,
    rectified: bool,
    outputs: Array,
    wide_weights: Array,
    wide_outputs: Array,
) -> None:
    """(n, D) @ (D, U) + (U,) -> outputs (n, U), with ReLU if ``rectified``."""
    n, D = inputs.shape
    U, m = bias.size, wide_weights.shape[1]
    for d in range(D):
        for u in range(m):
            wide_weights[d, u] = weights[d, u] if u < U else np.float32(0)
    product(start_of(inputs), D, 1, start_of(wide_weights), start_of(wide_outputs), n, D, m, False)
    for image in range(n):
        for u in range(U):
            total = wide_outputs[image, u] + bias[u]
            outputs[image, u] = np.float32(0) if rectified and total < 0 else total


@compiled
def weighted_sums_backward(
    gradient: Array,
    outputs: Array,
    inputs: Array,
    weights: Array,
    rectified: bool,
    wants_inputs: bool,
    d_weights: Array,
    d_bias: Array,
    d_inputs: Array,
    wide_gradient: Array,
    wide_weights: Array,
    turned: Array,
) -> None:
    """Compute the gradients of weights (D, U), bias (U,) and inputs (n, D) from the outputs' (n, U)."""
    n, D = inputs.shape
    U, m = d_bias.size, wide_gradient.shape[1]
    d_bias[:] = 0
    for image in range(n):
        for u in range(m):
            reached = np.float32(0)
            if u < U and (not rectified or outputs[image, u] > 0):
                reached = gradient[image, u]
                d_bias[u] += reached
            wide_gradient[image, u] = reached
    upstream, found = start_of(wide_gradient), start_of(wide_weights)
    product(start_of(inputs), 1, D, upstream, found, D, n, m, False)  # inputsᵀ (D, n) @ gradient (n, m)
    for d in range(D):
        for u in range(U):
            d_weights[d, u] = wide_weights[d, u]
    if not wants_inputs:
        return
    if D % LANES == 0:
        for d in range(D):
            for u in range(U):
                turned[u, d] = weights[d, u]
        product(upstream, m, 1, start_of(turned), start_of(d_inputs), n, U, D, False)
        return
    for image in range(n):
        for d in range(D):
            total = np.float32(0)
            for u in range(U):
                total += wide_gradient[image, u] * weights[d, u]
            d_inputs[image, d] = total
