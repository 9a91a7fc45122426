"""Convolution of images with few channels by few kernels, compiled: any size and number of kernels.

Kernels do not come in sixteens here: their weights are copied to rows of sixteens, filled up with zeros, a
last row the bias; and of sixteen outputs only so many are stored as there are kernels.

One weight of sixteen kernels is taken at a time to all pixels of some lines of the image, which lie one
behind another. So outputs of windows that begin at one line's end and go on at the next line's start are
computed too, and left out.

Arrays are contiguous, the stride is 1, and images come with their border of zeros, if any.
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

PLACES = SHAPE.nearest_cache // (LANES * FLOAT)  # of sixteen maps at a time


def places(W: int, width: int) -> int:
    """Return how many places the lines that are computed at a time take: of images W wide, maps ``width``.

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

    ``wide`` (R·S·C + 1, m) is space, m the kernels rounded up to sixteens; ``space`` (places, 16) holds
    sixteen maps of some lines.
    """
    n, H, W, C = images.shape
    R, S, _, K = kernels.shape
    _, height, width, _ = outputs.shape
    m, zero = wide.shape[1], spread(np.float32(0))
    wide[:] = 0
    wide[:-1, :K] = kernels.reshape(R * S * C, K)
    wide[-1, :K] = bias
    pixels, weights, results, sums = start_of(images), start_of(wide), start_of(outputs), start_of(space)
    at_once = (len(space) - width) // W + 1  # lines
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
                    for step in range(S * C):  # pixels and channels of a row of a window lie together
                        weight = load(weights, (r * S * C + step) * m + k)
                        for place in range(count):
                            pixel, to = number_at(pixels, at + step + place * C), place * LANES
                            store(sums, to, fused(pixel, weight, load(sums, to)))
                for line in range(lines):
                    to = (image * height + top + line) * width * K + k
                    for x in range(width):
                        total = load(sums, (line * W + x) * LANES)
                        if rectified:
                            total = where(zero > total, zero, total)  # so that NaN stays
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
    """From the gradient of outputs (n, H', W', K) to those of kernels (R, S, C, K) and bias (K,)."""
    n, height, width, K = gradient.shape
    _, H, W, C = images.shape
    R, S, _, _ = d_kernels.shape
    m, zero = wide.shape[1], spread(np.float32(0))
    wide[:] = 0
    pixels, sums, reached = start_of(images), start_of(wide), start_of(space)
    upstream, results = start_of(gradient), start_of(outputs)
    at_once = (len(space) - width) // W + 1  # lines
    space[:] = 0  # and so it stays between one line's end and the next one's start
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
