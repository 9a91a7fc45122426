"""The features of images: what a network's last layer with weights reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.engine.engines import choose
from pellucid.graph.graph import Graph
from pellucid.layers.layer import Array

if TYPE_CHECKING:
    from pellucid.models.sequential import Sequential

_WEIGHTED = {"dense", "convolution"}


def last_features(network: Sequential, x: Any, *, threads: int | None = None) -> Array:
    """Return the values (N, D) that the network's last layer with weights reads for images (N, …).

    For a network of one such layer they are its inputs.

    Examples
    --------
    >>> from pellucid import Sequential, layers
    >>> network = Sequential([layers.Input((3,)), layers.Dense(5, activation="relu"), layers.Dense(2)])
    >>> last_features(network, np.zeros((4, 3), np.float32)).shape
    (4, 5)
    """
    graph = network.graph
    last = max((step.number for step in graph if step.kind in _WEIGHTED), default=1)
    if last == 1:
        return np.asarray(x[:]).reshape(len(x), -1)
    engine = choose(network.engine)
    program = engine.compile(Graph(graph.input_shape, graph.steps[: last - 1]))
    with engine.workers(threads) as workers:
        return np.asarray(program.predict(x, None, workers)).reshape(len(x), -1)
