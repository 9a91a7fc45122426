"""Gathers images without the GIL, which NumPy's indexing would hold."""

from __future__ import annotations

import numpy as np

from pellucid.fast.buffers import Array
from pellucid.fast.compiling import compiled


@compiled
def gather(images: Array, rows: Array, outputs: Array) -> None:
    """Copy the images (N, D) with indices ``rows``, all in range, to ``outputs`` (n, D)."""
    for place in range(len(rows)):
        row = rows[place]
        for value in range(images.shape[1]):
            outputs[place, value] = images[row, value]


@compiled
def gather_scaled(pixels: Array, rows: Array, divisor: np.float32, outputs: Array) -> None:
    """Write the integer pixels (N, D) with indices ``rows``, divided, to ``outputs`` (n, D) in float32."""
    for place in range(len(rows)):
        row = rows[place]
        for value in range(pixels.shape[1]):
            outputs[place, value] = np.float32(pixels[row, value]) / divisor
