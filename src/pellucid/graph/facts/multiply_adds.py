"""The number of multiply-adds of a network."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from pellucid.graph.graph import Graph, rule_for
from pellucid.layers import Conv2D, Dense
from pellucid.layers.layer import ELEMENTWISE, Layer


def multiply_adds(graph: Graph) -> tuple[int, ...]:
    """Return the multiply-adds of direct arithmetic for one image's forward pass, step by step.

    Only products of trained weights and inputs are counted, which are by far the most. Operations on single
    values (bias, activation, normalisation) and the comparisons and means of pooling count as zero.

    Raises
    ------
    UnknownOperationError
        For an unknown kind of operation.

    Examples
    --------
    >>> from pellucid import Sequential, layers
    >>> convolution = layers.Conv2D(8, 3, activation="relu")
    >>> network = Sequential([layers.Input((6, 6, 1)), convolution, layers.Flatten()])
    >>> multiply_adds(network.graph)  # 4×4 positions of 8 kernels of 3×3×1
    (1152, 0, 0)
    """
    return tuple(rule_for(step, RULES, "number of multiply-adds")(step.operation) for step in graph)


def _of_convolution(layer: Conv2D) -> int:
    """H'·W' · R·S·C·K: each kernel at each position of its map."""
    *positions, _ = layer.output_shape or ()
    return math.prod(positions) * layer.parameters["kernel"].size


def _of_dense(layer: Dense) -> int:
    """D·U."""
    return layer.parameters["kernel"].size


def _none(layer: Layer) -> int:
    return 0


RULES: Mapping[str, Callable[[Any], int]] = {
    "convolution": _of_convolution,
    "dense": _of_dense,
    ELEMENTWISE: _none,
    "average_pooling": _none,
    "batch_normalization": _none,
    "feature_map_normalization": _none,
    "flatten": _none,
    "global_average_pooling": _none,
    "max_pooling": _none,
    "random_flip": _none,
    "random_translation": _none,
    "softmax": _none,
}
