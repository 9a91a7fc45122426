"""Shapes, numbers of parameters and memory of a graph's built operations."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from pellucid.errors import NotBuiltError
from pellucid.graph.graph import Graph, Step
from pellucid.layers.layer import Shape


def shapes(graph: Graph) -> tuple[Shape, ...]:
    """Return the shape of each step's values for one image.

    Raises
    ------
    NotBuiltError
        When an operation does not know its shapes yet.

    Examples
    --------
    >>> from pellucid import Sequential, layers
    >>> network = Sequential([layers.Input((6, 6, 1)), layers.Conv2D(8, 3), layers.Flatten()])
    >>> shapes(network.graph), parameters(network.graph)
    (((4, 4, 8), (128,)), (80, 0))
    """
    return tuple(_shape(step) for step in graph)


def parameters(graph: Graph) -> tuple[int, ...]:
    """Return the number of values that each step holds, trained or not."""
    return tuple(step.operation.parameter_count for step in graph)


class Memory(NamedTuple):
    """Memory in bytes that a network needs in its plain form.

    ``weights`` is independent of the batch; ``values`` is per image in training, when all values are kept for
    the backward pass; ``working`` is per image in prediction: the most that one operation reads and writes.
    """

    weights: int
    values: int
    working: int


def memory(graph: Graph) -> Memory:
    """Return the bytes of weights and of one image's values.

    Examples
    --------
    >>> from pellucid import Sequential, layers
    >>> memory(Sequential([layers.Input((4,)), layers.Dense(3), layers.Dense(2)]).graph)
    Memory(weights=92, values=36, working=28)
    """
    of_number = np.dtype(graph.steps[0].operation.dtype if graph.steps else "float32").itemsize
    made = [math.prod(shape) * of_number for shape in (graph.input_shape, *shapes(graph))]
    at_a_time = [made[step.number] + sum(made[source] for source in set(step.sources)) for step in graph]
    return Memory(sum(parameters(graph)) * of_number, sum(made), max(at_a_time, default=0))


def _shape(step: Step) -> Shape:
    if step.operation.output_shape is None:
        raise NotBuiltError(
            f"The shape of what layer {step.name!r} makes is not known before the layer is built"
        )
    return step.operation.output_shape
