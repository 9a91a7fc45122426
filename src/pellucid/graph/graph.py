"""A network as a graph: elementary operations in topological order, and the values that each reads.

Values are numbered. Value 0 is the network's input; step n computes value n from values with smaller numbers.
In a :class:`~pellucid.Sequential` step n reads value n - 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pellucid.errors import ArgumentError, UnknownOperationError
from pellucid.layers.layer import Layer, Shape

Rule = TypeVar("Rule")

INPUT = 0  # the number of the network's input among the values


class Operation(Protocol):
    """The attributes of an operation by which visitors find its rule."""

    @property
    def kind(self) -> str:
        """The kind of operation."""

    @property
    def family(self) -> str:
        """The family that the kind belongs to."""

    @property
    def name(self) -> str:
        """The name of its layer."""

    @property
    def class_name(self) -> str:
        """The class of the layer that computes it."""


@dataclass(frozen=True)
class Step:
    """One elementary operation of a graph.

    Attributes
    ----------
    number
        Number of the step, from 1, and of the value that it computes.
    operation
        A built elementary layer: its attributes, shapes and parameters, and its plain forward and backward.
    sources
        Numbers of the values that the operation reads, in the order of its inputs.
    """

    number: int
    operation: Layer
    sources: tuple[int, ...]

    @property
    def kind(self) -> str:
        """The kind of operation; ``"own"`` for a user-defined class."""
        return self.operation.kind

    @property
    def family(self) -> str:
        """The family that the kind belongs to, such as ``"elementwise"``; ``"own"`` for none."""
        return self.operation.family

    @property
    def name(self) -> str:
        """The name of the operation's layer; an activation has that of the layer it belongs to."""
        return self.operation.part_of or self.operation.name

    @property
    def class_name(self) -> str:
        """The class of the elementary layer that computes it."""
        return type(self.operation).__name__


@dataclass(frozen=True)
class Graph:
    """The elementary operations of a network, in topological order.

    Attributes
    ----------
    input_shape
        Shape of one input, without the batch axis.
    steps
        Each reads the input or values of earlier steps. The last step computes the network's output; without
        steps the output is the input.

    Raises
    ------
    ArgumentError
        When steps are not numbered 1, 2, 3 …, or one reads a value of a later step.

    Examples
    --------
    >>> from pellucid.layers import Dense, Flatten
    >>> flatten, dense = Flatten(), Dense(10)
    >>> dense.build(flatten.build((28, 28)))
    (10,)
    >>> graph = Graph.chain((28, 28), [flatten, dense])
    >>> [(step.number, step.kind, step.sources) for step in graph]
    [(1, 'flatten', (0,)), (2, 'dense', (1,))]
    >>> graph.users(1)
    (2,)
    """

    input_shape: Shape
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        for place, step in enumerate(self.steps, start=1):
            if step.number != place:
                raise ArgumentError(
                    f"The steps of a graph are numbered from 1 in order; step {place} is not. "
                    f"Received: number={step.number}"
                )
            if not step.sources or not all(INPUT <= source < place for source in step.sources):
                raise ArgumentError(
                    f"Step {place} ({step.name!r}) reads values that are made before it, 0 to {place - 1}. "
                    f"Received: sources={step.sources}"
                )

    @classmethod
    def chain(cls, input_shape: Shape, operations: Iterable[Layer]) -> Graph:
        """Return the graph in which each operation reads the value of the one before it."""
        numbered = enumerate(operations, start=1)
        return cls(input_shape, tuple(Step(n, operation, (n - 1,)) for n, operation in numbered))

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def output(self) -> int:
        """The number of the value that is the network's output."""
        return len(self.steps)

    def users(self, value: int) -> tuple[int, ...]:
        """Return the numbers of the steps that read a value, in order, twice if a step reads it twice."""
        return tuple(step.number for step in self.steps for source in step.sources if source == value)

    def is_chain(self) -> bool:
        """Return whether each step reads only the value of the step before it."""
        return all(step.sources == (step.number - 1,) for step in self.steps)


def rule_for(operation: Operation, rules: Mapping[str, Rule], what: str) -> Rule:
    """Return a visitor's rule for an operation: that of its kind, or else that of its family.

    Parameters
    ----------
    operation
        A step of a graph, or anything else with a kind, a family and names.
    rules
        The rules by kind or family.
    what
        What the visitor computes, for the message: ``"number of multiply-adds"``.

    Raises
    ------
    UnknownOperationError
        When there is no rule for the operation; the message names both.

    Examples
    --------
    >>> from pellucid.layers import ReLU
    >>> (step,) = Graph.chain((4,), [ReLU()])
    >>> rule_for(step, {"elementwise": "leaves the receptive field as it is"}, "receptive field")
    'leaves the receptive field as it is'
    """
    for key in (operation.kind, operation.family):
        if key in rules:
            return rules[key]
    raise UnknownOperationError(
        f"The {what} of layer {operation.name!r} is not known: there is no rule for its kind of operation. "
        f"Received: kind={operation.kind!r} ({operation.class_name})"
    )


def operations_of(layers: Sequence[Layer]) -> list[Layer]:
    """Return the elementary operations of a sequence of layers."""
    return [operation for layer in layers for operation in layer.operations()]
