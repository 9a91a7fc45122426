"""Engines that run stages of micro-batches on threads; they differ in their fast forms and helpers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pellucid.core.pass_context import INFERENCE, PassContext
from pellucid.engine.data import Data
from pellucid.engine.flat_parameters import FlatParameters
from pellucid.engine.images import Images, NumpySource
from pellucid.engine.loss_head import FusedLoss, LossHead
from pellucid.engine.plan import Plan
from pellucid.engine.protocol import Training
from pellucid.engine.values import BatchValues, ImageSource, InputBatch
from pellucid.engine.workers import HandOff, Workers, no_warnings
from pellucid.errors import NonFiniteLossError
from pellucid.fast.buffers import keep_freed_memory
from pellucid.fast.form import Form
from pellucid.graph.graph import Graph
from pellucid.layers.layer import Array

INFERENCE_BATCH = 256  # batch size of evaluate and predict if the user gives none


def always() -> bool:
    """Return True: for engines that need only NumPy."""
    return True


def nothing() -> None:
    """Return None: for engines without a fused loss or a hand-off."""


@dataclass(frozen=True)
class StagedEngine:
    """An engine that runs stages of micro-batches on threads.

    Attributes
    ----------
    name, description, rounding
        As in :class:`~pellucid.engine.protocol.Engine`.
    forms
        Returns the fast forms, in order of preference.
    source
        Creates the source that gives images of a data set, in a dtype.
    fused_loss
        Returns a fused softmax, cross-entropy and accuracy, or None.
    compiled_updates
        Whether compiled functions compute the optimizers' updates.
    hand_off
        Returns the hand-off by which threads spin before they sleep, or None.
    requirement
        Returns whether everything that the engine needs is installed.
    """

    name: str
    description: str
    rounding: str
    forms: Callable[[], Sequence[Form]]
    source: Callable[[Images, str], ImageSource] = NumpySource
    fused_loss: Callable[[], FusedLoss | None] = nothing
    compiled_updates: bool = False
    hand_off: Callable[[], HandOff | None] = nothing
    requirement: Callable[[], bool] = always

    def available(self) -> bool:
        """Return whether it can be used on this machine."""
        return self.requirement()

    def compile(self, graph: Graph, training: Training | None = None) -> StagedProgram:
        """Return a program for a built network."""
        return StagedProgram(self, graph, training)

    def workers(self, threads: int | None) -> Workers:
        """Return a team of worker threads."""
        return Workers(threads, self.hand_off)


class StagedProgram:
    """A network compiled by a :class:`StagedEngine`.

    A batch that overflows in a fast form is computed again by the plain functions.
    """

    def __init__(self, engine: StagedEngine, graph: Graph, training: Training | None) -> None:
        self.engine = engine
        self.graph = graph
        self.dtype = graph.steps[0].operation.dtype if graph.steps else "float32"
        keep_freed_memory()
        if training is not None:
            self._prepare(training)

    def _prepare(self, training: Training) -> None:
        self._training = training
        fused_loss = self.engine.fused_loss()
        self.head = LossHead(self.graph, training.loss, training.metrics, fused_loss)
        self.plans = self._plans(self.head.graph)
        self.plan = self.plans[0]
        self.parameters = FlatParameters(self.plan.parameter_arrays, self.dtype)
        values = self.parameters.values
        training.optimizer.build(values.size, values.dtype, compiled=self.engine.compiled_updates)

    def _plans(self, graph: Graph) -> tuple[Plan, ...]:
        """Return the plan of a graph, followed by the plain plan if that is another."""
        forms = self.engine.forms()
        return (Plan(graph, forms), Plan(graph)) if forms else (Plan(graph),)

    @cached_property
    def _whole(self) -> tuple[Plan, ...]:
        return self._plans(self.graph)

    @property
    def training(self) -> Training:
        """The settings it was compiled with."""
        return self._training

    @property
    def names(self) -> list[str]:
        """``"loss"``, then the names of the metrics."""
        return self.head.names

    def source(self, images: Images) -> ImageSource:
        """Return the source from which ``step`` gets the images of a data set."""
        return self.engine.source(images, self.dtype)

    def warm_up(self, images: Images) -> None:
        """Compile the functions that training needs, or load them from disk, so that no step waits."""
        if len(images):
            self.source(images).rows(np.arange(1))
        self.plan.warm_up()
        self.head.warm_up()
        self.training.optimizer.warm_up()

    def step(self, data: Data, source: ImageSource, rows: Array, workers: Workers) -> Array:
        """Run one training step on the images at indices ``rows``; return the sums of loss and metrics.

        Raises
        ------
        NonFiniteLossError
            When the loss is NaN or infinite; the network is then as before the step.
        """
        images = len(rows)
        values = np.empty((len(self.head.names), images))
        labels = _labels_of(data)

        def loss_gradient(outputs: Array, start: int, end: int) -> Array:
            return self.head.gradient_and_values(
                labels, data.weights, rows[start:end], outputs, values, start
            )

        optimizer = self._training.optimizer
        context = PassContext(training=True, seed=self._training.seed, iteration=optimizer.iterations)
        batch = InputBatch(source, rows)
        with no_warnings():
            for plan in self.plans:
                gradients, saved = plan.step(batch, images, context, loss_gradient, workers)
                sums: Array = values.sum(axis=1)
                if math.isfinite(sums[0]):
                    break
            else:
                raise NonFiniteLossError(f"the loss became {sums[0]}")
            plan.update_states(saved)
            self.parameters.update(optimizer, gradients, workers)
        return sums

    def evaluate(self, data: Data, batch_size: int | None, workers: Workers) -> dict[str, float]:
        """Return the mean loss and metrics over all images, in inference mode."""
        sums = np.zeros(len(self.names))
        source = self.source(data.images)
        for rows in batches(np.arange(len(data)), batch_size or INFERENCE_BATCH):
            outputs = _finite_outputs(self.plans, InputBatch(source, rows), len(rows), workers)
            weights = None if data.weights is None else data.weights[rows]
            sums += self.head.values(_labels_of(data)[rows], outputs, weights).sum(axis=1)
        return dict(zip(self.names, map(float, sums / len(data)), strict=True))

    def predict(self, images: Images, batch_size: int | None, workers: Workers) -> Array:
        """Return the outputs of the whole network for all images."""
        source = self.source(images)
        outputs = [
            _finite_outputs(self._whole, InputBatch(source, rows), len(rows), workers)
            for rows in batches(np.arange(len(images)), batch_size or INFERENCE_BATCH)
        ]
        return outputs[0] if len(outputs) == 1 else np.concatenate(outputs)


def batches(order: Array, batch_size: int) -> Iterator[Array]:
    """Cut an order of indices into batches; the last may be smaller."""
    for start in range(0, len(order), batch_size):
        yield order[start : start + batch_size]


def _finite_outputs(plans: Sequence[Plan], batch: BatchValues, images: int, workers: Workers) -> Array:
    """Return a batch's outputs from the first of ``plans`` that does not overflow, or else from the last.

    Winograd's algorithm overflows at values about ten thousand times smaller than direct convolution does.
    """
    with no_warnings():
        for plan in plans:
            outputs = plan.outputs(batch, images, INFERENCE, workers)
            if np.isfinite(outputs).all():
                break
    return outputs


def _labels_of(data: Data) -> Array:
    assert data.labels is not None  # noqa: S101 - checked_data ensures it
    return data.labels
