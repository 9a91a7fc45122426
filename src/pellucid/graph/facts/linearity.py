"""Whether a trained network is linear (affine) in its inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from pellucid.errors import UnknownOperationError
from pellucid.graph.graph import Operation, rule_for
from pellucid.layers.layer import ELEMENTWISE


class Linearity(Enum):
    """What an operation does to its inputs outside training."""

    WEIGHTED = "sums with trained weights"
    LINEAR = "linear, without trained weights between values"
    NONLINEAR = "not linear"


def linearity(operation: Operation) -> Linearity:
    """Return what an operation does to its inputs outside training.

    Raises
    ------
    UnknownOperationError
        For an unknown kind of operation.

    Examples
    --------
    >>> from pellucid import layers
    >>> from pellucid.graph.graph import Graph
    >>> chain = Graph.chain((4,), [layers.Dense(3), layers.Dropout(0.5), layers.ReLU()])
    >>> [linearity(step).name for step in chain]
    ['WEIGHTED', 'LINEAR', 'NONLINEAR']
    """
    return rule_for(operation, RULES, "linearity")


def all_linear(operations: Iterable[Operation]) -> bool:
    """Return whether all operations are linear, so that their composition is linear too.

    Raises
    ------
    UnknownOperationError
        When all known operations are linear, and one is unknown.
    """
    unknown: UnknownOperationError | None = None
    for operation in operations:
        try:
            if linearity(operation) is Linearity.NONLINEAR:
                return False  # regardless of the others
        except UnknownOperationError as error:
            unknown = unknown or error
    if unknown:
        raise unknown
    return True


RULES: Mapping[str, Linearity] = {
    "convolution": Linearity.WEIGHTED,
    "dense": Linearity.WEIGHTED,
    "average_pooling": Linearity.LINEAR,
    "batch_normalization": Linearity.LINEAR,  # with running statistics, which are constant
    "dropout": Linearity.LINEAR,
    "flatten": Linearity.LINEAR,
    "global_average_pooling": Linearity.LINEAR,
    "random_flip": Linearity.LINEAR,
    "random_translation": Linearity.LINEAR,
    "rescaling": Linearity.LINEAR,
    ELEMENTWISE: Linearity.NONLINEAR,  # activations, unless listed above
    "feature_map_normalization": Linearity.NONLINEAR,
    "max_pooling": Linearity.NONLINEAR,
    "softmax": Linearity.NONLINEAR,
}
