"""How a network ends: the values that it puts out, and the layer that makes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pellucid.graph.graph import Graph, Step
from pellucid.layers.layer import Layer, Shape

Values = Literal["probabilities", "scores", "unknown"]

# Operations after which probabilities still are what was computed before them
_PASSING = {
    "relu",
    "dropout",
    "flatten",
    "max_pooling",
    "average_pooling",
    "global_average_pooling",
    "random_flip",
    "random_translation",
}
_WEIGHTED = {"dense": ("Dense", "units"), "convolution": ("Conv2D", "filters")}


@dataclass(frozen=True)
class Ending:
    """How a network ends.

    Attributes
    ----------
    shape
        The shape of one output, without the batch axis.
    values
        ``"probabilities"`` after a softmax, ``"scores"`` after weighted sums; ``"unknown"`` where a layer of
        the user's own decides.
    layer
        The layer that makes them, as code: ``"Dense(3)"``; it may be followed by pooling or dropout.
    softmaxes
        How many softmaxes the values went through one after another.
    rectified
        Whether negative values became zero after that layer.
    dropped
        Whether dropout comes after that layer.
    """

    shape: Shape
    values: Values = "unknown"
    layer: str = "the last layer"
    softmaxes: int = 0
    rectified: bool = False
    dropped: bool = False


def ending_of(graph: Graph) -> Ending:
    """Return how the network ends.

    Examples
    --------
    >>> from pellucid import layers
    >>> dense = layers.Dense(3, activation="softmax")
    >>> dense.build((4,))
    (3,)
    >>> ending_of(Graph.chain((4,), dense.operations()))
    Ending(shape=(3,), values='probabilities', layer='Dense(3)', softmaxes=1, rectified=False, dropped=False)
    """
    shape = graph.steps[-1].operation.output_shape if graph.steps else graph.input_shape
    passed: set[str] = set()
    softmaxes = 0
    for step in _backwards(graph):
        if step.kind == "softmax":
            softmaxes += 1
        elif step.kind in _PASSING:
            passed |= set() if softmaxes else {step.kind}
        else:
            values: Values = "probabilities" if softmaxes else _values_of(step)
            return Ending(
                shape or (),
                values,
                _as_code(step.operation),
                softmaxes,
                "relu" in passed,
                "dropout" in passed,
            )
    return Ending(shape or (), "probabilities" if softmaxes else "unknown", softmaxes=softmaxes)


def _backwards(graph: Graph) -> Iterable[Step]:
    """Yield the steps from the last, as long as each reads only the one before it."""
    for step in reversed(graph.steps):
        yield step
        if step.sources != (step.number - 1,):
            return


def _values_of(step: Step) -> Values:
    return "unknown" if step.kind == "own" else "scores"


def _as_code(layer: Layer) -> str:
    name, argument = _WEIGHTED.get(layer.kind, (type(layer).__name__, ""))
    return f"{name}({getattr(layer, argument) if argument else ''})"
