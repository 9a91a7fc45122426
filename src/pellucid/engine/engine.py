"""A compiled network at work: training steps, evaluation and prediction, batch by batch."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from pellucid.core.pass_context import INFERENCE, PassContext
from pellucid.engine.data import Data
from pellucid.engine.head import Head
from pellucid.engine.images import Gather, Images, Take, gathering
from pellucid.engine.parameters import ParameterRow
from pellucid.engine.plan import Plan, asked_plain, plans_for
from pellucid.engine.workers import Workers
from pellucid.errors import NonFiniteLossError
from pellucid.layers.layer import Array, Layer

INFERENCE_BATCH = 256  # images at a time where the user named no batch size


class Engine:
    """Trains and evaluates one network with one head and one optimizer.

    Parameters
    ----------
    parts
        The network's elementary layers, built.
    seed
        Names the random streams of dropout.
    dtype
        Of the layers: that which images are converted to, piece by piece.
    plain
        Whether to compute without blocks; see :meth:`pellucid.Sequential.compile`.
    """

    def __init__(
        self,
        parts: Sequence[Layer],
        loss: Any,
        metrics: Sequence[Any],
        optimizer: Any,
        seed: int,
        dtype: str = "float32",
        *,
        plain: bool | None = None,
    ) -> None:
        self.head = Head(parts, loss, metrics, plain=asked_plain(plain))
        self.plans = plans_for(self.head.parts, plain=plain)
        self.plan = self.plans[0]
        self.dtype = dtype
        self.optimizer = optimizer
        self.seed = seed
        self.parameters = ParameterRow(self.plan.parameter_arrays, self.dtype)
        optimizer.build(self.parameters.values.size, self.parameters.values.dtype)

    def get_ready(self, images: Images) -> None:
        """Compile what kernels training takes, or read them from disk, so that no step waits for them."""
        if len(images):
            gathering(images, self.dtype)(np.arange(1))
        self.plan.get_ready()
        shape = self.head.parts[-1].output_shape if self.head.parts else None
        if shape is not None and len(shape) == 1:
            self.head.get_ready(shape[0])
        self.optimizer.get_ready()

    def train_on(self, data: Data, gather: Gather, rows: Array, workers: Workers) -> Array:
        """Take one training step on the images of ``rows``; return the sums of loss and metrics over them.

        ``gather`` is what :func:`~pellucid.engine.images.gathering` makes of the images.

        Raises
        ------
        NonFiniteLossError
            When the loss is NaN or infinite; the network is then as it was before the step.
        """
        images = len(rows)
        figures = np.empty((len(self.head.names), images))
        labels = _labels_of(data)

        def loss_gradient(outputs: Array, start: int, end: int) -> Array:
            return self.head.gradient_and_figures(
                labels, data.weights, rows[start:end], outputs, figures, start
            )

        context = PassContext(training=True, seed=self.seed, iteration=self.optimizer.iterations)
        for plan in self.plans:
            stages, saved = plan.step(_taking(gather, rows), images, context, loss_gradient, workers)
            sums: Array = figures.sum(axis=1)
            if math.isfinite(sums[0]):
                break
        else:
            raise NonFiniteLossError(f"the loss became {sums[0]}")
        plan.update_states(saved)
        by_parameter = [
            list(pieces) for pieces_of_stage in stages for pieces in zip(*pieces_of_stage, strict=True)
        ]
        self.parameters.update(self.optimizer, by_parameter, workers)
        return sums

    def evaluate_on(self, data: Data, batch_size: int | None, workers: Workers) -> dict[str, float]:
        """Return the mean loss and metrics over all images, weights frozen and dropout off."""
        sums = np.zeros(len(self.head.names))
        gather = gathering(data.images, self.dtype)
        for rows in batches(np.arange(len(data)), batch_size or INFERENCE_BATCH):
            outputs = finite_outputs(self.plans, _taking(gather, rows), len(rows), workers)
            weights = None if data.weights is None else data.weights[rows]
            sums += self.head.figures(_labels_of(data)[rows], outputs, weights).sum(axis=1)
        return dict(zip(self.head.names, map(float, sums / len(data)), strict=True))


def batches(order: Array, batch_size: int) -> Iterator[Array]:
    """Cut an order of row numbers into batches; the last may be smaller."""
    for start in range(0, len(order), batch_size):
        yield order[start : start + batch_size]


def finite_outputs(plans: Sequence[Plan], take: Take, images: int, workers: Workers) -> Array:
    """Return a batch's outputs by the first of ``plans`` in which nothing overflows, or else by the last.

    Winograd's way overflows some ten thousand times sooner than the sums of products that it stands for.
    """
    for plan in plans:
        outputs = plan.outputs(take, images, INFERENCE, workers)
        if np.isfinite(outputs).all():
            break
    return outputs


def predict_with(
    plans: Sequence[Plan], images: Images, dtype: str, batch_size: int | None, workers: Workers
) -> Array:
    """Return the outputs of a whole network for all images."""
    gather = gathering(images, dtype)
    outputs = [
        finite_outputs(plans, _taking(gather, rows), len(rows), workers)
        for rows in batches(np.arange(len(images)), batch_size or INFERENCE_BATCH)
    ]
    return outputs[0] if len(outputs) == 1 else np.concatenate(outputs)


def _taking(gather: Gather, rows: Array) -> Take:
    """Return what gives pieces of the batch made of the images of ``rows``."""
    return lambda start, end: gather(rows[start:end])


def _labels_of(data: Data) -> Array:
    assert data.labels is not None  # noqa: S101 - checked_data made sure
    return data.labels
