"""Compiled 2×2 max pooling: one pass forward and one backward, with one bit stored per pixel.

It processes sixteen channels at a time if their number is a multiple of sixteen, else one by one. A leftover
row or column at the end belongs to no window.
"""

from __future__ import annotations

import numpy as np

from pellucid.fast.annotations import Address, Count, Vector
from pellucid.fast.buffers import Array
from pellucid.fast.compiling import compiled, inlined
from pellucid.fast.processors import LANES
from pellucid.fast.vectors import exceeds, load, load_truths, spread, start_of, store, store_truths, where


@compiled
def max_pool(images: Array, outputs: Array, lost: Array) -> None:
    """(n, H, W, C) -> (n, H/2, W/2, C).

    ``lost`` (3·n·H/2·W/2·C/16,) gets, for all pixels of a window but the first, a bit that tells whether the
    pixel is larger than those before it; size 0 to skip that.
    """
    n, height, width, C = outputs.shape
    _, H, W, _ = images.shape
    pixels, results, bits = start_of(images), start_of(outputs), start_of(lost)
    words = outputs.size // LANES
    to = 0
    for image in range(n):
        for row in range(height):
            for column in range(width):
                for c in range(0, C, LANES):
                    at = ((image * H + 2 * row) * W + 2 * column) * C + c
                    best = load(pixels, at)
                    best = _larger(best, load(pixels, at + C), bits, to // LANES)
                    best = _larger(best, load(pixels, at + W * C), bits, to // LANES + words)
                    best = _larger(best, load(pixels, at + W * C + C), bits, to // LANES + 2 * words)
                    store(results, to, best)
                    to += LANES


@inlined
def _larger(best: Vector, values: Vector, bits: Address, place: Count) -> Vector:
    larger = exceeds(values, best)
    if bits:
        store_truths(bits, place, larger)
    return where(larger, values, best)


@compiled
def max_pool_backward(gradient: Array, lost: Array, d_images: Array) -> None:
    """Compute the images' gradient (n, H, W, C) from (n, H/2, W/2, C): the winning pixel gets it."""
    n, height, width, C = gradient.shape
    _, H, W, _ = d_images.shape
    values, bits, pixels = start_of(gradient), start_of(lost), start_of(d_images)
    words = gradient.size // LANES
    zero = spread(np.float32(0))
    if H % 2 or W % 2:
        d_images[:] = 0
    at = 0
    for image in range(n):
        for row in range(height):
            for column in range(width):
                for c in range(0, C, LANES):
                    to, place = ((image * H + 2 * row) * W + 2 * column) * C + c, at // LANES
                    left = load(values, at)  # not yet assigned to a later pixel
                    won = load_truths(bits, place + 2 * words)
                    store(pixels, to + W * C + C, where(won, left, zero))
                    left = where(won, zero, left)
                    won = load_truths(bits, place + words)
                    store(pixels, to + W * C, where(won, left, zero))
                    left = where(won, zero, left)
                    won = load_truths(bits, place)
                    store(pixels, to + C, where(won, left, zero))
                    store(pixels, to, where(won, zero, left))
                    at += LANES


@compiled
def max_pool_one_by_one(images: Array, outputs: Array, winners: Array) -> None:
    """(n, H, W, C) -> (n, H/2, W/2, C), any C.

    ``winners`` (n, H/2, W/2, C) gets the position of the first maximum, from 0 to 3 in row-major order; size
    0 to skip that.
    """
    n, height, width, C = outputs.shape
    for image in range(n):
        for row in range(height):
            for column in range(width):
                for c in range(C):
                    best, winner = images[image, 2 * row, 2 * column, c], 0
                    for place in range(1, 4):
                        value = images[image, 2 * row + place // 2, 2 * column + place % 2, c]
                        if value > best or np.isnan(value):
                            best, winner = value, place
                    outputs[image, row, column, c] = best
                    if winners.size > 0:
                        winners[image, row, column, c] = winner


@compiled
def max_pool_one_by_one_backward(gradient: Array, winners: Array, d_images: Array) -> None:
    """Compute the images' gradient (n, H, W, C) from (n, H/2, W/2, C), for any C."""
    n, height, width, C = gradient.shape
    d_images[:] = 0
    for image in range(n):
        for row in range(height):
            for column in range(width):
                for c in range(C):
                    place = int(winners[image, row, column, c])
                    to = 2 * row + place // 2, 2 * column + place % 2
                    d_images[image, to[0], to[1], c] = gradient[image, row, column, c]
