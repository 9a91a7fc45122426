"""Compiled direct convolution of images with few channels: pixels are read in place, without patches.

Sixteen kernels are computed at a time, for eight adjacent pixels: the eight sums stay in registers during the
loop over the kernels' weights. The kernels' gradient works the other way round: the nine sums of a 3×3 kernel
stay in registers during the loop over the pixels.

The number of kernels is a multiple of sixteen, and the stride is 1. Images include their zero padding, if
any.
"""

from __future__ import annotations

import numpy as np

from pellucid.fast.buffers import Array
from pellucid.fast.compiling import compiled
from pellucid.fast.processors import LANES
from pellucid.fast.rectification.compiled_rectification import masked, put_rectified
from pellucid.fast.vectors import add, fused, load, number_at, spread, start_of

ABREAST = 8  # pixels at a time


@compiled
def convolve(
    images: Array, kernels: Array, bias: Array, rectified: bool, outputs: Array, positive: Array
) -> None:
    """Images (n, H, W, C), kernels (R, S, C, K), bias (K,) -> outputs (n, H', W', K).

    ``positive`` (n·H'·W'·K/16,) gets a bit for each output: whether it is positive; size 0 to skip that.
    """
    n, H, W, C = images.shape
    R, S, _, K = kernels.shape
    _, height, width, _ = outputs.shape
    pixels, weights, biases = start_of(images), start_of(kernels), start_of(bias)
    results, signs = start_of(outputs), start_of(positive)
    for image in range(n):
        for y in range(height):
            for k in range(0, K, LANES):
                start = load(biases, k)
                x = 0
                while x + ABREAST <= width:
                    s_0 = s_1 = s_2 = s_3 = s_4 = s_5 = s_6 = s_7 = start
                    for r in range(R):
                        at = ((image * H + y + r) * W + x) * C
                        for step in range(S * C):  # pixels and channels of a window's row are contiguous
                            weight = load(weights, (r * S * C + step) * K + k)
                            s_0 = fused(number_at(pixels, at + step), weight, s_0)
                            s_1 = fused(number_at(pixels, at + step + C), weight, s_1)
                            s_2 = fused(number_at(pixels, at + step + 2 * C), weight, s_2)
                            s_3 = fused(number_at(pixels, at + step + 3 * C), weight, s_3)
                            s_4 = fused(number_at(pixels, at + step + 4 * C), weight, s_4)
                            s_5 = fused(number_at(pixels, at + step + 5 * C), weight, s_5)
                            s_6 = fused(number_at(pixels, at + step + 6 * C), weight, s_6)
                            s_7 = fused(number_at(pixels, at + step + 7 * C), weight, s_7)
                    to = ((image * height + y) * width + x) * K + k
                    put_rectified(results, to, s_0, rectified, signs)
                    put_rectified(results, to + K, s_1, rectified, signs)
                    put_rectified(results, to + 2 * K, s_2, rectified, signs)
                    put_rectified(results, to + 3 * K, s_3, rectified, signs)
                    put_rectified(results, to + 4 * K, s_4, rectified, signs)
                    put_rectified(results, to + 5 * K, s_5, rectified, signs)
                    put_rectified(results, to + 6 * K, s_6, rectified, signs)
                    put_rectified(results, to + 7 * K, s_7, rectified, signs)
                    x += ABREAST
                while x < width:  # the remaining pixels, one by one
                    total = start
                    for r in range(R):
                        at = ((image * H + y + r) * W + x) * C
                        for step in range(S * C):
                            weight = load(weights, (r * S * C + step) * K + k)
                            total = fused(number_at(pixels, at + step), weight, total)
                    put_rectified(
                        results, ((image * height + y) * width + x) * K + k, total, rectified, signs
                    )
                    x += 1


@compiled
def kernels_gradient(
    gradient: Array, positive: Array, images: Array, d_kernels: Array, d_bias: Array
) -> None:
    """Compute the gradients of 3×3 kernels (3, 3, C, K) and bias (K,) from the outputs' (n, H', W', K)."""
    n, height, width, K = gradient.shape
    _, H, W, C = images.shape
    d_kernels[:] = 0
    d_bias[:] = 0
    zero = spread(np.float32(0))
    pixels, d_outputs, signs = start_of(images), start_of(gradient), start_of(positive)
    d_weights, d_biases = start_of(d_kernels), start_of(d_bias)
    for image in range(n):
        for c in range(C):
            for k in range(0, K, LANES):
                total = s_0 = s_1 = s_2 = s_3 = s_4 = s_5 = s_6 = s_7 = s_8 = zero
                for y in range(height):
                    above = ((image * H + y) * W) * C + c
                    middle, below = above + W * C, above + 2 * W * C
                    at = ((image * height + y) * width) * K + k
                    for _ in range(width):
                        values = masked(d_outputs, at, signs)
                        total = total + values
                        s_0 = fused(number_at(pixels, above), values, s_0)
                        s_1 = fused(number_at(pixels, above + C), values, s_1)
                        s_2 = fused(number_at(pixels, above + 2 * C), values, s_2)
                        s_3 = fused(number_at(pixels, middle), values, s_3)
                        s_4 = fused(number_at(pixels, middle + C), values, s_4)
                        s_5 = fused(number_at(pixels, middle + 2 * C), values, s_5)
                        s_6 = fused(number_at(pixels, below), values, s_6)
                        s_7 = fused(number_at(pixels, below + C), values, s_7)
                        s_8 = fused(number_at(pixels, below + 2 * C), values, s_8)
                        at += K
                        above += C
                        middle += C
                        below += C
                if c == 0:
                    add(d_biases, k, total)
                to, step = c * K + k, C * K
                add(d_weights, to, s_0)
                add(d_weights, to + step, s_1)
                add(d_weights, to + 2 * step, s_2)
                add(d_weights, to + 3 * step, s_3)
                add(d_weights, to + 4 * step, s_4)
                add(d_weights, to + 5 * step, s_5)
                add(d_weights, to + 6 * step, s_6)
                add(d_weights, to + 7 * step, s_7)
                add(d_weights, to + 8 * step, s_8)
