"""What the machine could do: the speed of NumPy's matrix product, and how much arithmetic a network is."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

SIZE = 2048
REPEATS = 7


def products_per_second(threads: int) -> float:
    """Return the operations per second of a large matrix product in float32 on ``threads`` BLAS threads."""
    from threadpoolctl import threadpool_limits

    matrix = np.random.default_rng(0).random((SIZE, SIZE), dtype=np.float32)
    out = np.empty_like(matrix)
    with threadpool_limits(threads, user_api="blas"):
        np.matmul(matrix, matrix, out=out)
        best = min(_seconds(matrix, out) for _ in range(REPEATS))
    return 2 * SIZE**3 / best


def _seconds(matrix: Any, out: Any) -> float:
    began = time.perf_counter()
    np.matmul(matrix, matrix, out=out)
    return time.perf_counter() - began


def operations_per_image(network: Any) -> float:
    """Return the multiplications and additions that direct arithmetic needs to train on one image.

    Forward, and twice that back: for the gradient of the weights and for that of the inputs. The first layer
    with weights goes back once only, as nobody asks for the gradient of the images.

    >>> from pellucid import Sequential, layers
    >>> operations_per_image(Sequential([layers.Input((4,)), layers.Dense(3), layers.Dense(2)]))
    84.0
    """
    total, first = 0.0, True
    for layer in network.layers:
        kernel = layer.parameters.get("kernel")
        if kernel is None:
            continue
        places = int(np.prod(layer.output_shape[:-1]))  # of the kernel on the image; 1 for a dense layer
        total += 2.0 * places * kernel.size * (2 if first else 3)
        first = False
    return total
