"""ReLU within other compiled functions: applied to outputs as they are stored, with one bit per output."""

from __future__ import annotations

import numpy as np

from pellucid.fast.annotations import Address, Count, Vector
from pellucid.fast.compiling import inlined
from pellucid.fast.processors import LANES
from pellucid.fast.vectors import load, load_truths, spread, store, store_truths, where


@inlined
def put_rectified(outputs: Address, to: Count, values: Vector, rectified: bool, positive: Address) -> None:
    """Store sixteen outputs, with ReLU if ``rectified``, and their signs unless ``positive`` is 0."""
    zero = spread(np.float32(0))
    if positive:
        store_truths(positive, to // LANES, values > zero)
    if rectified:
        values = where(zero > values, zero, values)  # keeps NaN
    store(outputs, to, values)


@inlined
def masked(gradient: Address, at: Count, positive: Address) -> Vector:
    """Load sixteen gradients, with zeros where the output was not positive, unless ``positive`` is 0."""
    values = load(gradient, at)
    if positive:
        values = where(load_truths(positive, at // LANES), values, spread(np.float32(0)))
    return values
