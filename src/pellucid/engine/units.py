"""The units that the engine computes: the graph's operations, alone or fused by a fast form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from pellucid.core.pass_context import PassContext
from pellucid.fast.form import Form, FusedOperation, Gradient
from pellucid.graph.graph import INPUT, Graph, Step
from pellucid.layers.layer import Layer

Computation: TypeAlias = Layer | FusedOperation


@dataclass(frozen=True, eq=False)
class Unit:
    """One computation of a network: an operation, or several fused ones.

    Attributes
    ----------
    operation
        The layer or fused form that computes it.
    first
        The first elementary operation: it has the parameters and determines the micro-batch size.
    sources
        Numbers of the graph values that it reads.
    value
        Number of the value that it computes.
    """

    operation: Computation
    first: Layer
    sources: tuple[int, ...]
    value: int

    @property
    def is_trained(self) -> bool:
        """Whether training changes its parameters."""
        return self.first.trainable and bool(self.first.parameters)

    @property
    def has_state(self) -> bool:
        """Whether it has state that training steps update."""
        return type(self.first).update_state is not Layer.update_state

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Shapes of its input and output, if they are known."""
        both = self.operation.input_shape, self.operation.output_shape
        return tuple(shape for shape in both if shape is not None)

    @property
    def forward(self) -> Callable[[Any, PassContext], tuple[Any, Any]]:
        """The ``forward`` method of the operation or form, bound once to save a call."""
        one = self.operation
        return partial(one.form.forward, one) if isinstance(one, FusedOperation) else one.forward

    @property
    def backward(self) -> Callable[..., tuple[Any, Sequence[Gradient]]]:
        """The ``backward`` method of the operation or form, bound once to save a call."""
        one = self.operation
        return partial(one.form.backward, one) if isinstance(one, FusedOperation) else one.backward

    def warm_up(self) -> None:
        """Compile what it needs, or load it from disk."""
        if isinstance(self.operation, FusedOperation):
            self.operation.warm_up()


def units_of(graph: Graph, forms: Sequence[Form]) -> list[Unit]:
    """Return the units that compute a graph's output, in topological order.

    Operations are fused only if no other operation reads the values between them. Of the forms that fit, the
    first is used, with the longest of its patterns that fits.
    """
    users = {step.number: graph.users(step.number) for step in graph}
    wanted = _leading_to_output(graph)
    done: set[int] = set()
    units: list[Unit] = []
    for step in graph:
        if step.number in wanted and step.number not in done:
            steps, form = _fused(list(_only_readers(graph, step, users)), forms)
            units.append(_unit(steps, form))
            done.update(one.number for one in steps)
    return sorted(units, key=lambda unit: unit.value)


def _leading_to_output(graph: Graph) -> set[int]:
    """Return the numbers of the steps on which the network's output depends."""
    wanted = {graph.output}
    for step in reversed(graph.steps):
        if step.number in wanted:
            wanted.update(step.sources)
    return wanted - {INPUT}


def _only_readers(graph: Graph, step: Step, users: Mapping[int, tuple[int, ...]]) -> Iterator[Step]:
    """Return a step, then the only step that reads its value (and nothing else), and so on."""
    yield step
    while len(users[step.number]) == 1:
        step = graph.steps[users[step.number][0] - 1]
        if len(step.sources) != 1:
            return
        yield step


def _fused(steps: list[Step], forms: Sequence[Form]) -> tuple[list[Step], Form | None]:
    """Return the steps that a form fuses, and the form; or the first step alone."""
    kinds = tuple(step.kind for step in steps)
    for form in forms:
        for pattern in form.patterns:
            if kinds[: len(pattern)] == pattern:
                some = steps[: len(pattern)]
                if form.fits([step.operation for step in some]):
                    return some, form
    return steps[:1], None


def _unit(steps: Sequence[Step], form: Form | None) -> Unit:
    operations = [step.operation for step in steps]
    computation: Computation = operations[0] if form is None else FusedOperation(form, operations)
    return Unit(computation, operations[0], steps[0].sources, steps[-1].number)
