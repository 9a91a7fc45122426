"""Transforms of outputs after ReLU and 2×2 pooling, and of their gradient; see ``compiled_image_tiles``.

Four bits are stored per output: which pixel of its window was the maximum, if that was positive.
"""

from __future__ import annotations

import numpy as np

from pellucid.fast.annotations import Address, Count, Vector, Vectors
from pellucid.fast.buffers import Array
from pellucid.fast.compiling import inlined, subroutine
from pellucid.fast.convolution.compiled_output_tiles import output_tile, store_gradient_tile, sum_of_four
from pellucid.fast.convolution.winograd_transforms import Tiling
from pellucid.fast.processors import LANES
from pellucid.fast.vectors import (
    add,
    both,
    but_not,
    exceeds,
    load,
    load_truths,
    spread,
    start_of,
    store,
    store_truths,
    where,
)


@inlined
def _put_largest(
    outputs: Address, to: Count, pixels: Vectors, offset: Vector, inside: bool, winners: Address, plane: Count
) -> None:
    """Store the maximum of four pixels after ReLU; mark the first pixel that has it, if positive."""
    if not inside:
        return
    zero = spread(np.float32(0))
    best = pixels[0]
    is_1 = exceeds(pixels[1], best)
    best = where(is_1, pixels[1], best)
    is_2 = exceeds(pixels[2], best)
    best = where(is_2, pixels[2], best)
    is_3 = exceeds(pixels[3], best)
    best = where(is_3, pixels[3], best) + offset
    if winners:
        undecided, place = best > zero, to // LANES  # from the last pixel to the first
        store_truths(winners, place + 3 * plane, both(is_3, undecided))
        undecided = but_not(undecided, is_3)
        store_truths(winners, place + 2 * plane, both(is_2, undecided))
        undecided = but_not(undecided, is_2)
        store_truths(winners, place + plane, both(is_1, undecided))
        store_truths(winners, place, but_not(undecided, is_1))
    store(outputs, to, where(zero > best, zero, best))


@subroutine
def transform_and_pool_outputs(
    products: Array, bias: Array, first: Count, last: Count, tiling: Tiling, outputs: Array, winners: Array
) -> None:
    """M (36, T, K) and bias (K,) -> outputs (n, H'/2, W'/2, K), after ReLU and pooling.

    ``winners`` (4·n·H'/2·W'/2·K/16,) gets, for each pixel of a window, a bit that tells whether it is the
    first maximum and positive; size 0 to skip that.
    """
    _, H, W, K = outputs.shape
    plane = products.strides[0] // 4
    values, biases, results, won = start_of(products), start_of(bias), start_of(outputs), start_of(winners)
    rows, columns = (tiling.out_height + 3) // 4, (tiling.out_width + 3) // 4
    words = outputs.size // LANES
    at = 0
    for image in range(first, last):
        for row in range(rows):
            below = 2 * row + 1 < H
            for column in range(columns):
                beside = 2 * column + 1 < W
                here = 2 * row < H and 2 * column < W
                for k in range(0, K, LANES):
                    a, b, c, d = output_tile(values, at, plane)
                    at += LANES
                    offset = load(biases, k)
                    to, line = ((image * H + 2 * row) * W + 2 * column) * K + k, W * K
                    window = a[0], b[0], a[1], b[1]
                    _put_largest(results, to, window, offset, here, won, words)
                    window = c[0], d[0], c[1], d[1]
                    _put_largest(results, to + K, window, offset, here and beside, won, words)
                    window = a[2], b[2], a[3], b[3]
                    _put_largest(results, to + line, window, offset, here and below, won, words)
                    window = c[2], d[2], c[3], d[3]
                    _put_largest(
                        results, to + line + K, window, offset, here and below and beside, won, words
                    )


@inlined
def _gradients_of_window(
    gradient: Address, at: Count, inside: bool, winners: Address, plane: Count
) -> Vectors:
    """Assign the gradient of a pooled output to the winning pixel; return the gradients of all four."""
    zero = spread(np.float32(0))
    if not inside:
        return zero, zero, zero, zero
    values, place = load(gradient, at), at // LANES
    return (
        where(load_truths(winners, place), values, zero),
        where(load_truths(winners, place + plane), values, zero),
        where(load_truths(winners, place + 2 * plane), values, zero),
        where(load_truths(winners, place + 3 * plane), values, zero),
    )


@subroutine
def pooled_outputs_gradient(
    gradient: Array,
    winners: Array,
    first: Count,
    last: Count,
    tiling: Tiling,
    d_products: Array,
    d_bias: Array,
) -> None:
    """Compute dM (36, T, K) and the bias's gradient (K,) from that of pooled outputs (n, H'/2, W'/2, K)."""
    _, H, W, K = gradient.shape
    plane = d_products.strides[0] // 4
    d_outputs, won = start_of(gradient), start_of(winners)
    values, biases = start_of(d_products), start_of(d_bias)
    rows, columns = (tiling.out_height + 3) // 4, (tiling.out_width + 3) // 4
    words = gradient.size // LANES
    to = 0
    for image in range(first, last):
        for row in range(rows):
            below = 2 * row + 1 < H
            for column in range(columns):
                beside = 2 * column + 1 < W
                here = 2 * row < H and 2 * column < W
                for k in range(0, K, LANES):
                    at, line = ((image * H + 2 * row) * W + 2 * column) * K + k, W * K
                    a = _gradients_of_window(d_outputs, at, here, won, words)
                    b = _gradients_of_window(d_outputs, at + K, here and beside, won, words)
                    c = _gradients_of_window(d_outputs, at + line, here and below, won, words)
                    d = _gradients_of_window(d_outputs, at + line + K, here and below and beside, won, words)
                    sums = (sum_of_four(a) + sum_of_four(b)) + (sum_of_four(c) + sum_of_four(d))
                    add(biases, k, sums)
                    tile = (
                        (a[0], a[1], b[0], b[1]),
                        (a[2], a[3], b[2], b[3]),
                        (c[0], c[1], d[0], d[1]),
                        (c[2], c[3], d[2], d[3]),
                    )
                    store_gradient_tile(values, to, plane, tile)
                    to += LANES
