"""How a batch passes through a network: which operations run together, on how many images at a time.

A batch is cut into *micro-batches*, which threads share. Their size matters for speed:

- Feature maps are large and kernels small: few images, so that a micro-batch's maps stay in the cache.
- A dense layer's weights are large and its outputs small: many images, so that the weights are read, and
  their gradient written, few times per batch.
- Batch normalisation needs statistics over the whole batch: one micro-batch. With a virtual batch size it
  needs them over groups of that many images: a micro-batch is one or more whole groups.

So the graph's operations, in topological order, are cut into *stages* of operations that need micro-batches
of the same size; all micro-batches pass through a stage before the next one starts. Values between stages are
stored per micro-batch. Where a batch is cut depends on the shapes and the batch size alone, and gradients, of
parameters and of values with several consumers, are added in a fixed order. So the result is the same, to the
last bit, on any number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

from pellucid.core.pass_context import PassContext
from pellucid.engine.stage import Stage
from pellucid.engine.units import Unit, units_of
from pellucid.engine.values import BatchValues, MicroBatches, summed
from pellucid.engine.workers import Workers
from pellucid.fast.form import Form, Gradient
from pellucid.graph.graph import INPUT, Graph
from pellucid.layers.layer import Array, Layer

Saved: TypeAlias = list[list[list[Any]]]  # by stage, micro-batch and unit: what backward needs
ParameterGradients: TypeAlias = list[list[Gradient]]  # by parameter and micro-batch
LossGradient: TypeAlias = Callable[[Array, int, int], Array]
Result = TypeVar("Result")


class Plan:
    """The stages of a network, and the forward and backward passes over them.

    Parameters
    ----------
    graph
        The network's elementary operations, built.
    forms
        Fast forms to use where they fit, in order of preference; without any, all operations run plainly.
    """

    def __init__(self, graph: Graph, forms: Sequence[Form] = ()) -> None:
        self.output = graph.output
        units = units_of(graph, forms)
        needed = _needing_gradients(units)
        self.stages = [
            Stage(some, _read_after(later, self.output), needed) for some, *later in _tails(_stages(units))
        ]
        entries = [entry for stage in self.stages for entry in stage.parameter_arrays]
        keys = [(id(layer), name) for layer, name in entries]
        self.parameter_arrays = list(dict(zip(keys, entries, strict=True)).values())
        numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
        self._parameters_of = [
            [numbers[id(layer), name] for layer, name in stage.parameter_arrays] for stage in self.stages
        ]

    def outputs(self, batch: BatchValues, images: int, context: PassContext, workers: Workers) -> Array:
        """Return the network's outputs for a batch of ``images``."""
        values = {INPUT: batch}
        for stage in self.stages:
            _forward(stage, values, images, context, workers)
        return values[self.output].between(0, images)

    def step(
        self,
        batch: BatchValues,
        images: int,
        context: PassContext,
        loss_gradient: LossGradient,
        workers: Workers,
    ) -> tuple[ParameterGradients, Saved]:
        """Run the forward and backward pass; return the gradients, and what ``update_states`` needs.

        The gradients are lists, one per parameter of ``parameter_arrays``, with one entry per micro-batch, in
        order. ``loss_gradient(outputs, start, end)`` is called for each micro-batch and returns its
        dLoss/dOutputs. The network itself is not changed.
        """
        *before, last = self.stages
        values = {INPUT: batch}
        saved = [_forward(stage, values, images, context, workers) for stage in before]

        def forward_and_back(start: int, end: int) -> tuple[list[Array | None], list[Gradient], list[Any]]:
            # the last stage runs backward at once, while its micro-batch is in the cache
            imported = [values[number].between(start, end) for number in last.imports]
            (outputs,), kept = last.forward(imported, context.at(start))
            gradient = loss_gradient(outputs, start, end)
            return (*last.backward([gradient] if last.goes_back else [], kept), kept)

        turned = _for_each(last, images, forward_and_back, workers)
        saved.append([kept for _, _, kept in turned])
        gradients: dict[int, list[BatchValues]] = {}
        _collect(gradients, last, images, [imported for imported, _, _ in turned])
        parameters = [[own for _, own, _ in turned]]
        for stage, kept_by_stage in zip(reversed(before), reversed(saved[:-1]), strict=True):
            parameters.insert(0, _backward(stage, gradients, images, kept_by_stage, workers))
        return self._by_parameter(parameters), saved

    def _by_parameter(self, gradients: list[list[list[Gradient]]]) -> ParameterGradients:
        """Group gradients by parameter; a parameter used by several units has gradients from each."""
        by_parameter: ParameterGradients = [[] for _ in self.parameter_arrays]
        for numbers, micro_batches in zip(self._parameters_of, gradients, strict=True):
            for number, own in zip(numbers, zip(*micro_batches, strict=True), strict=True):
                by_parameter[number].extend(own)
        return by_parameter

    def update_states(self, saved: Saved) -> None:
        """Update the state of each unit, such as running statistics, from a training step."""
        for stage, kept in zip(self.stages, saved, strict=True):
            for place in stage.with_state:
                for of_micro_batch in kept:
                    stage.units[place].operation.update_state(of_micro_batch[place])

    def warm_up(self) -> None:
        """Compile the functions of fused operations, or load them from disk, so that no step waits."""
        for stage in self.stages:
            for unit in stage.units:
                unit.warm_up()


def _stages(units: Sequence[Unit]) -> list[list[Unit]]:
    """Cut the units into stages where the micro-batch size changes; flat units join the stage before them."""
    stages: list[list[Unit]] = []
    kind = ""
    for unit in units:
        layer: Layer = unit.first
        if layer.needs_whole_batch:
            wanted = "whole batch"
        elif layer.is_dense:
            wanted = "dense"
        elif len(layer.input_shape or ()) == 3:
            wanted = "maps"
        else:
            wanted = kind or "dense"
        if wanted != kind:
            stages.append([])
            kind = wanted
        stages[-1].append(unit)
    return stages or [[]]


def _tails(stages: list[list[Unit]]) -> list[list[list[Unit]]]:
    """Return, for each stage, the list of stages after it."""
    return [stages[place:] for place in range(len(stages))]


def _read_after(later: Sequence[Sequence[Unit]], output: int) -> set[int]:
    return {source for stage in later for unit in stage for source in unit.sources} | {output}


def _needing_gradients(units: Sequence[Unit]) -> set[int]:
    """Return the values that depend on a trained parameter."""
    needed: set[int] = set()
    for unit in units:
        if unit.is_trained or not needed.isdisjoint(unit.sources):
            needed.add(unit.value)
    return needed


def _for_each(
    stage: Stage, images: int, work: Callable[[int, int], Result], workers: Workers
) -> list[Result]:
    """Call ``work(start, end)`` for each micro-batch on the workers; return the results in order."""
    bounds = stage.bounds(images)
    results: list[Any] = [None] * len(bounds)

    def task(number: int) -> None:
        results[number] = work(*bounds[number])

    workers.run(task, len(bounds))
    return results


def _forward(
    stage: Stage, values: dict[int, BatchValues], images: int, context: PassContext, workers: Workers
) -> list[list[Any]]:
    """Run a stage forward on a batch: add its outputs to ``values``; return what its units saved."""

    def work(start: int, end: int) -> tuple[list[Array], list[Any]]:
        imported = [values[number].between(start, end) for number in stage.imports]
        return stage.forward(imported, context.at(start))

    passed = _for_each(stage, images, work, workers)
    for place, number in enumerate(stage.exports):
        values[number] = MicroBatches(stage.bounds(images), [exported[place] for exported, _ in passed])
    return [kept for _, kept in passed]


def _backward(
    stage: Stage,
    gradients: dict[int, list[BatchValues]],
    images: int,
    saved: list[list[Any]],
    workers: Workers,
) -> list[list[Gradient]]:
    """Run a stage backward: add to ``gradients``; return its parameters' gradients, by micro-batch."""
    if not stage.goes_back:
        return []
    above = [summed(gradients.pop(number)) for number in stage.gradients_wanted]
    saved_of = dict(zip(stage.bounds(images), saved, strict=True))

    def work(start: int, end: int) -> tuple[list[Array | None], list[Gradient]]:
        reached = [values.between(start, end) for values in above]
        return stage.backward(reached, saved_of[start, end])

    back = _for_each(stage, images, work, workers)
    _collect(gradients, stage, images, [imported for imported, _ in back])
    return [own for _, own in back]


def _collect(
    gradients: dict[int, list[BatchValues]],
    stage: Stage,
    images: int,
    by_micro_batch: Sequence[Sequence[Array | None]],
) -> None:
    """Add the gradients that a stage returned to those of the values it read."""
    for place, number in enumerate(stage.imports):
        if number in stage.needed:
            arrays = [imported[place] for imported in by_micro_batch]
            gradients.setdefault(number, []).append(MicroBatches(stage.bounds(images), arrays))
