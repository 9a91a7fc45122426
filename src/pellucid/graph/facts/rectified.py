"""Whether an operation outputs zeros for inactive units, so that units can be dead."""

from __future__ import annotations

from collections.abc import Mapping

from pellucid.graph.graph import Operation, rule_for
from pellucid.layers.layer import ELEMENTWISE


def is_rectified(operation: Operation) -> bool:
    """Return whether the operation outputs zeros, with zero gradient, for a range of inputs.

    Raises
    ------
    UnknownOperationError
        For an unknown kind of operation.

    Examples
    --------
    >>> from pellucid import layers
    >>> from pellucid.graph.graph import Graph
    >>> [is_rectified(step) for step in Graph.chain((4,), [layers.Dense(3), layers.ReLU()])]
    [False, True]
    """
    return rule_for(operation, RULES, "rectification")


RULES: Mapping[str, bool] = {
    "relu": True,
    ELEMENTWISE: False,
    "average_pooling": False,
    "batch_normalization": False,
    "convolution": False,
    "dense": False,
    "feature_map_normalization": False,
    "flatten": False,
    "global_average_pooling": False,
    "max_pooling": False,
    "random_flip": False,
    "random_translation": False,
    "softmax": False,
}
