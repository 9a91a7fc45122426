"""Compute a network's intermediate values."""

from __future__ import annotations

from collections.abc import Iterator

from pellucid.core.pass_context import INFERENCE
from pellucid.graph.graph import INPUT, Graph, Step
from pellucid.layers.layer import Array


def values_of(graph: Graph, inputs: Array) -> Iterator[tuple[Step, Array]]:
    """Yield each step with the values (N, …) that it computes for ``inputs``, in the network's dtype.

    In inference mode: dropout is off.

    A value is kept only as long as a later step reads it.

    Examples
    --------
    >>> import numpy as np
    >>> from pellucid.layers import ReLU, Rescaling
    >>> graph = Graph.chain((2,), [Rescaling(2.0), ReLU()])
    >>> for step, values in values_of(graph, np.array([[-1.0, 3.0]])):
    ...     print(step.kind, values)
    rescaling [[-2.  6.]]
    relu [[0. 6.]]
    """
    kept = {INPUT: inputs}
    for step in graph:
        (source,) = step.sources  # no layer reads several values yet
        values, _ = step.operation.forward(kept[source].astype(step.operation.dtype, copy=False), INFERENCE)
        yield step, values
        kept[step.number] = values
        kept = {number: kept[number] for number in kept if _is_read_after(step, number, graph)}


def _is_read_after(step: Step, value: int, graph: Graph) -> bool:
    return any(user > step.number for user in graph.users(value))
