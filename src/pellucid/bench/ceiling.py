"""The machine's ceiling: the speed of NumPy's matrix product, and the arithmetic that a network needs."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from pellucid.graph.facts.multiply_adds import multiply_adds

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

    The backward pass takes twice the forward pass: once for the gradient of the weights and once for that of
    the inputs. The first layer with weights skips the latter: the gradient of the images is not needed.

    Raises
    ------
    UnknownOperationError
        When the network has a layer whose arithmetic is not known.

    Examples
    --------
    >>> from pellucid import Sequential, layers
    >>> operations_per_image(Sequential([layers.Input((4,)), layers.Dense(3), layers.Dense(2)]))
    84.0
    """
    forward = [number for number in multiply_adds(network.graph) if number]
    backward = 2 * sum(forward) - sum(forward[:1])
    return 2.0 * (sum(forward) + backward)  # a multiply-add is two operations
