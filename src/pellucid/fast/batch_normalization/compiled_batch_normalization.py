"""Compiled batch normalisation of groups of images; see :mod:`pellucid.functions.batch_normalization`.

Three passes over sixteen channels of a group: the mean, then the variance about it, then the outputs. Sums
are kept per image and added at the end, which reduces rounding errors. The number of channels is a multiple
of sixteen, and arrays are contiguous, (n, H, W, C) or (n, C).
"""

from __future__ import annotations

import numpy as np

from pellucid.fast.annotations import Count
from pellucid.fast.buffers import Array
from pellucid.fast.compiling import compiled
from pellucid.fast.processors import LANES
from pellucid.fast.vectors import fused, load, spread, start_of, store


@compiled
def normalize(
    inputs: Array,
    group: Count,
    gamma: Array,
    beta: Array,
    epsilon: np.float32,
    outputs: Array,
    means: Array,
    variances: Array,
) -> None:
    """Normalise each ``group`` of images; write the statistics to ``means`` and ``variances`` (groups, C)."""
    n, C = len(inputs), gamma.size
    pixels = inputs.size // n // C
    values, results, shifts = start_of(inputs), start_of(outputs), start_of(beta)
    mean, variance = start_of(means), start_of(variances)
    scales = np.empty(C, np.float32)
    scale, zero = start_of(scales), spread(np.float32(0))
    for number in range(len(means)):
        first, last = number * group, min((number + 1) * group, n)
        share = spread(np.float32(1.0 / ((last - first) * pixels)))
        for c in range(0, C, LANES):
            total = zero
            for image in range(first, last):
                own = zero
                for at in range(image * pixels * C + c, (image + 1) * pixels * C + c, C):
                    own = own + load(values, at)
                total = total + own
            centre = total * share
            total = zero
            for image in range(first, last):
                own = zero
                for at in range(image * pixels * C + c, (image + 1) * pixels * C + c, C):
                    apart = load(values, at) - centre
                    own = fused(apart, apart, own)
                total = total + own
            store(mean, number * C + c, centre)
            store(variance, number * C + c, total * share)
            for k in range(c, c + LANES):
                scales[k] = gamma[k] / np.sqrt(variances[number, k] + epsilon)
            factor, shift = load(scale, c), load(shifts, c)
            for at in range(first * pixels * C + c, last * pixels * C + c, C):
                store(results, at, fused(load(values, at) - centre, factor, shift))


@compiled
def normalize_backward(
    gradient: Array,
    inputs: Array,
    group: Count,
    gamma: Array,
    epsilon: np.float32,
    means: Array,
    variances: Array,
    d_inputs: Array,
    d_gamma: Array,
    d_beta: Array,
) -> None:
    """Compute the gradients of inputs, gamma and beta from the outputs' gradient, adding groups in order."""
    n, C = len(inputs), gamma.size
    pixels = inputs.size // n // C
    upstream, values, results = start_of(gradient), start_of(inputs), start_of(d_inputs)
    mean = start_of(means)
    sums = np.empty((4, C), np.float32)
    numbers, zero = start_of(sums), spread(np.float32(0))
    d_gamma[:] = 0
    d_beta[:] = 0
    for number in range(len(means)):
        first, last = number * group, min((number + 1) * group, n)
        share = np.float32(1.0 / ((last - first) * pixels))
        for c in range(0, C, LANES):
            centre = load(mean, number * C + c)
            total_g, total_gx = zero, zero
            for image in range(first, last):
                own_g, own_gx = zero, zero
                for at in range(image * pixels * C + c, (image + 1) * pixels * C + c, C):
                    g = load(upstream, at)
                    own_g = own_g + g
                    own_gx = fused(g, load(values, at) - centre, own_gx)
                total_g, total_gx = total_g + own_g, total_gx + own_gx
            store(numbers, c, total_g)
            store(numbers, C + c, total_gx)
            for k in range(c, c + LANES):
                slope = np.float32(1) / np.sqrt(variances[number, k] + epsilon)
                d_beta[k] += sums[0, k]
                d_gamma[k] += sums[1, k] * slope
                # dL/dx = γ/s (g - mean(g) - x̂ mean(g x̂)), with x̂ = (x - μ) / s
                sums[0, k] *= share
                sums[2, k] = -sums[1, k] * share * slope * slope
                sums[3, k] = gamma[k] * slope
            mean_g, pull, factor = load(numbers, c), load(numbers, 2 * C + c), load(numbers, 3 * C + c)
            for at in range(first * pixels * C + c, last * pixels * C + c, C):
                apart = load(values, at) - centre
                store(results, at, fused(apart, pull, load(upstream, at) - mean_g) * factor)
