"""Max pooling of 2×2 compiled: one pass there and one back, a bit kept of each pixel.

Channels are a multiple of sixteen. A row or column that is left over at the end belongs to no window.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.fast.compiled.compiling import kernel, part
from pellucid.fast.compiled.vectors import (
    LANES,
    exceeds,
    load,
    load_truths,
    spread,
    start_of,
    store,
    store_truths,
    where,
)


@kernel
def max_pool(images: Any, outputs: Any, lost: Any) -> None:
    """(n, H, W, C) -> (n, H/2, W/2, C).

    ``lost`` (3·n·H/2·W/2·C/16,) gets, for all pixels of a window but the first, the bits that tell where the
    pixel is larger than those before it; of size 0 if nobody wants to know.
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


@part
def _larger(best: Any, values: Any, bits: Any, place: Any) -> Any:
    larger = exceeds(values, best)
    if bits:
        store_truths(bits, place, larger)
    return where(larger, values, best)


@kernel
def max_pool_backward(gradient: Any, lost: Any, d_images: Any) -> None:
    """From the gradient (n, H/2, W/2, C) to that of the images (n, H, W, C): the winner gets it."""
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
                    left = load(values, at)  # what no later pixel has taken
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
