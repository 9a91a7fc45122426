"""Compiled convolution of images with few channels by few kernels, of any size and number.

The number of kernels need not be a multiple of sixteen: their weights are copied to rows of sixteen, padded
with zeros, with the bias as the last row; of sixteen outputs only those of actual kernels are stored.

Each weight of sixteen kernels is applied in turn to all pixels of some image rows, which are contiguous. So
outputs of windows that start at the end of one row and continue in the next are computed as well, and
discarded.

Arrays are contiguous, the stride is 1, and images include their zero padding, if any.
"""

from __future__ import annotations

import numpy as np

from pellucid.fast.buffers import Array
from pellucid.fast.compiling import compiled
from pellucid.fast.processors import FLOAT, LANES, SHAPE
from pellucid.fast.vectors import (
    fused,
    load,
    load_first,
    number_at,
    spread,
    start_of,
    store,
    store_first,
    where,
)

PLACES = SHAPE.nearest_cache // (LANES * FLOAT)  # positions of sixteen maps at a time


def places(W: int, width: int) -> int:
    """Return how many positions a group of rows has, for images W wide and maps ``width`` wide.

    Examples
    --------
    >>> places(28, 26), places(8, 6)
    (110, 126)
    """
    return max(0, PLACES // W - 1) * W + width


@compiled
def convolve(
    images: Array, kernels: Array, bias: Array, rectified: bool, outputs: Array, wide: Array, space: Array
) -> None:
    """Images (n, H, W, C), kernels (R, S, C, K), bias (K,) -> outputs (n, H', W', K).

    ``wide`` (R·S·C + 1, m) is workspace, where m is the number of kernels rounded up to a multiple of
    sixteen; ``space`` (places, 16) is workspace for sixteen maps of some rows.
    """
    n, H, W, C = images.shape
    R, S, _, K = kernels.shape
    _, height, width, _ = outputs.shape
    m, zero = wide.shape[1], spread(np.float32(0))
    wide[:] = 0
    wide[:-1, :K] = kernels.reshape(R * S * C, K)
    wide[-1, :K] = bias
    pixels, weights, results, sums = start_of(images), start_of(wide), start_of(outputs), start_of(space)
    at_once = (len(space) - width) // W + 1  # rows of the image
    for image in range(n):
        for top in range(0, height, at_once):
            lines = min(at_once, height - top)
            count = (lines - 1) * W + width
            for k in range(0, K, LANES):
                start = load(weights, R * S * C * m + k)
                for place in range(count):
                    store(sums, place * LANES, start)
                for r in range(R):
                    at = (image * H + top + r) * W * C
                    for step in range(S * C):  # pixels and channels of a window's row are contiguous
                        weight = load(weights, (r * S * C + step) * m + k)
                        for place in range(count):
                            pixel, to = number_at(pixels, at + step + place * C), place * LANES
                            store(sums, to, fused(pixel, weight, load(sums, to)))
                for line in range(lines):
                    to = (image * height + top + line) * width * K + k
                    for x in range(width):
                        total = load(sums, (line * W + x) * LANES)
                        if rectified:
                            total = where(zero > total, zero, total)  # keeps NaN
                        store_first(results, to + x * K, total, K - k)


@compiled
def kernels_gradient(
    gradient: Array,
    outputs: Array,
    images: Array,
    rectified: bool,
    d_kernels: Array,
    d_bias: Array,
    wide: Array,
    space: Array,
) -> None:
    """Compute the gradients of kernels (R, S, C, K) and bias (K,) from the outputs' (n, H', W', K)."""
    n, height, width, K = gradient.shape
    _, H, W, C = images.shape
    R, S, _, _ = d_kernels.shape
    m, zero = wide.shape[1], spread(np.float32(0))
    wide[:] = 0
    pixels, sums, reached = start_of(images), start_of(wide), start_of(space)
    upstream, results = start_of(gradient), start_of(outputs)
    at_once = (len(space) - width) // W + 1  # rows of the image
    space[:] = 0  # stays 0 between the end of one row and the start of the next
    for image in range(n):
        for top in range(0, height, at_once):
            lines = min(at_once, height - top)
            for k in range(0, K, LANES):
                total = load(sums, R * S * C * m + k)
                for line in range(lines):
                    start = (image * height + top + line) * width * K + k
                    for x in range(width):
                        values = load_first(upstream, start + x * K, K - k)
                        if rectified:
                            positive = load_first(results, start + x * K, K - k) > zero
                            values = where(positive, values, zero)
                        store(reached, (line * W + x) * LANES, values)
                        total = total + values
                store(sums, R * S * C * m + k, total)
                for r in range(R):
                    at = (image * H + top + r) * W * C
                    for step in range(S * C):
                        to = (r * S * C + step) * m + k
                        total = load(sums, to)
                        for place in range((lines - 1) * W + width):
                            pixel = number_at(pixels, at + step + place * C)
                            total = fused(pixel, load(reached, place * LANES), total)
                        store(sums, to, total)
    d_kernels.reshape(R * S * C, K)[:] = wide[:-1, :K]
    d_bias[:] = wide[-1, :K]
