"""Compiled dropout: random numbers are drawn, compared and applied in one pass; one bit is stored per value.

The bits are those of :func:`pellucid.functions.dropout_mask`, because the generator is the same: Philox4x64
in ten rounds (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3), of which block
i is a function of the key and the counter i + 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.fast.annotations import Count
from pellucid.fast.buffers import Array
from pellucid.fast.compiling import compiled, inlined
from pellucid.fast.processors import LANES
from pellucid.fast.rectification.compiled_rectification import masked
from pellucid.fast.vectors import at_least, high_product, load, spread, start_of, store, store_truths, where

ROUNDS = 10
FACTOR_0, FACTOR_1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
STEP_0, STEP_1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)


@inlined
def _block(counter: Count, key_0: np.uint64, key_1: np.uint64) -> Any:
    """Return 256 random bits, as four uint64."""
    a, b, c, d = np.uint64(counter), np.uint64(0), np.uint64(0), np.uint64(0)
    for _ in range(ROUNDS):
        a, b, c, d = (
            high_product(FACTOR_1, c) ^ b ^ key_0,
            FACTOR_1 * c,
            high_product(FACTOR_0, a) ^ d ^ key_1,
            FACTOR_0 * a,
        )
        key_0 += STEP_0
        key_1 += STEP_1
    return a, b, c, d


@compiled
def drop(
    inputs: Array,
    key_0: np.uint64,
    key_1: np.uint64,
    block: Count,
    dropped: np.uint16,
    divisor: np.float32,
    outputs: Array,
    kept: Array,
) -> None:
    """Set dropped values to zero and scale the others; the size is a multiple of sixteen.

    ``kept`` gets a bit for each value. ``block`` is the position of the first sixteen values among all blocks
    of the key; a value is dropped if its 16 random bits are below ``dropped``. It is multiplied by 0, so that
    NaN stays NaN and is noticed.
    """
    values, results, bits = start_of(inputs), start_of(outputs), start_of(kept)
    zero, one, share = spread(np.float32(0)), spread(np.float32(1)), spread(divisor)
    for place in range(inputs.size // LANES):
        a, b, c, d = _block(block + place + 1, key_0, key_1)
        keep = at_least(a, b, c, d, dropped)
        store_truths(bits, place, keep)
        store(results, place * LANES, load(values, place * LANES) / share * where(keep, one, zero))


@compiled
def drop_backward(gradient: Array, kept: Array, divisor: np.float32, d_inputs: Array) -> None:
    """Pass the gradient where the value was kept."""
    values, bits, results = start_of(gradient), start_of(kept), start_of(d_inputs)
    share = spread(divisor)
    for at in range(0, gradient.size, LANES):
        store(results, at, masked(values, at, bits) / share)
