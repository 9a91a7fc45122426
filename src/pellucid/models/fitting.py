"""The training loop: epochs, batches in random order, validation, callbacks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pellucid.callbacks.callback_list import CallbackList
from pellucid.callbacks.terminate_on_nan import TerminateOnNaN
from pellucid.core.randomness import stream
from pellucid.engine.data import Data
from pellucid.engine.protocol import Program
from pellucid.engine.staged import batches
from pellucid.engine.workers import Workers
from pellucid.errors import NonFiniteLossError
from pellucid.layers.layer import Array


@dataclass(frozen=True)
class Schedule:
    """How long to train, and the batch size."""

    batch_size: int
    epochs: int
    initial_epoch: int = 0
    shuffle: bool = True


def fit(
    program: Program,
    data: Data,
    validation: Data | None,
    schedule: Schedule,
    callbacks: CallbackList,
    workers: Workers,
) -> None:
    """Train epoch by epoch, calling the callbacks; stop early when one sets ``model.stop_training``.

    As in Keras, the metrics of an epoch are running means over its batches, each measured before its update
    and with dropout on; those of the validation data are measured after the epoch, with dropout off.
    """
    callbacks.on_train_begin()
    logs: dict[str, float] = {}
    try:
        for epoch in range(schedule.initial_epoch, schedule.epochs):
            callbacks.on_epoch_begin(epoch)
            logs = _epoch(program, data, schedule, callbacks, workers, epoch)
            if validation is not None:
                found = measured(program, validation, None, callbacks, workers)
                logs.update({f"val_{name}": value for name, value in found.items()})
            callbacks.on_epoch_end(epoch, logs)
            if callbacks.model.stop_training:
                break
    finally:
        callbacks.on_train_end(logs)


def measured(
    program: Program, data: Data, batch_size: int | None, callbacks: CallbackList, workers: Workers
) -> dict[str, float]:
    """Return the mean loss and metrics over all images, calling the callbacks: they are one batch."""
    callbacks.on_test_begin()
    callbacks.on_test_batch_begin(0)
    found = program.evaluate(data, batch_size, workers)
    callbacks.on_test_batch_end(0, found)
    callbacks.on_test_end(found)
    return found


def _epoch(
    program: Program, data: Data, schedule: Schedule, callbacks: CallbackList, workers: Workers, epoch: int
) -> dict[str, float]:
    """Go through the data once; return the running means of loss and metrics."""
    order = _order(program, len(data), shuffle=schedule.shuffle)
    source = program.source(data.images)
    sums = np.zeros(len(program.names))
    seen = 0
    for step, rows in enumerate(batches(order, schedule.batch_size)):
        callbacks.on_train_batch_begin(step)
        try:
            sums += program.step(data, source, rows, workers)
        except NonFiniteLossError as error:
            if not any(isinstance(callback, TerminateOnNaN) for callback in callbacks.callbacks):
                raise NonFiniteLossError(_advice(str(error), epoch, step, program)) from None
            sums[0] = np.nan
        seen += len(rows)
        if callbacks.wants_batches:
            callbacks.on_train_batch_end(step, _means(program, sums, seen))
        if callbacks.model.stop_training:
            break
    return _means(program, sums, seen)


def _means(program: Program, sums: Array, images: int) -> dict[str, float]:
    return dict(zip(program.names, (sums / images).tolist(), strict=True))


def _order(program: Program, images: int, *, shuffle: bool) -> Array:
    if not shuffle:
        return np.arange(images)
    return stream(program.training.seed, "shuffle", program.training.optimizer.iterations).permutation(images)


def _advice(what: str, epoch: int, step: int, program: Program) -> str:
    rate = program.training.optimizer.learning_rate
    return (
        f"At epoch {epoch + 1}, step {step + 1}, {what}. The weights are those before that step. "
        f"Things to try: a smaller learning rate (it was {rate:g}), inputs scaled to 0-1, or "
        "callbacks.TerminateOnNaN() to end such a run without an error."
    )
