"""Which values are zero wherever a unit is not active: where dead units can be looked for."""

from __future__ import annotations

from collections.abc import Mapping

from pellucid.graph.graph import Operation, rule_for
from pellucid.layers.layer import ELEMENTWISE


def is_rectified(operation: Operation) -> bool:
    """Return whether the operation makes zeros, without a gradient, of a range of inputs.

    Raises
    ------
    UnknownOperationError
        For a kind of operation that is not known.

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
