"""Run ``mnist-by-hand``, the network written out function by function, into a run folder."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from pellucid.callbacks.callback_list import CallbackList
from pellucid.callbacks.progress import Progress
from pellucid.core.files import write_bytes
from pellucid.core.terminal import doing
from pellucid.core.wording.plurals import counted
from pellucid.engine.workers import one_blas_thread
from pellucid.experiments import mnist_by_hand
from pellucid.experiments.experiment import Experiment
from pellucid.functions import cross_entropy
from pellucid.models.checksums import KEY, checksums
from pellucid.runs.evaluating import RunEvaluation, described_dataset, sample_pictures, write_evaluation
from pellucid.runs.folder import RunFolder
from pellucid.runs.preparation import Prepared, Subset
from pellucid.runs.record.configuration import (
    Configuration,
    DatasetDescription,
    ExperimentDescription,
    OptimizerDescription,
    TrainingSettings,
)
from pellucid.runs.record.history import EpochRecord, History
from pellucid.runs.settings import Settings

HELD_OUT = 1000  # validation images measured after each cycle, at most: enough for the plot
MEASURED = 4  # of a short cycle, for each image learned from


def train_and_evaluate(
    folder: RunFolder, experiment: Experiment, settings: Settings, data: Prepared, progress: Progress
) -> None:
    """Train for ``experiment.epochs`` cycles, evaluate, and write the run folder.

    A run takes about a minute, so there is no checkpoint: when resumed, it starts again, with the same bits.
    """
    history = History()
    show = _shown_by(progress, experiment.epochs)
    began = time.perf_counter()

    def on_cycle(cycle: mnist_by_hand.Cycle) -> None:
        nonlocal began, history
        seconds, began = time.perf_counter() - began, time.perf_counter()
        history = history.and_then(
            EpochRecord(epoch=cycle.cycle, loss=cycle.loss, val_accuracy=cycle.accuracy, seconds=seconds)
        )
        folder.write_history(history)
        show(cycle)

    held_out = _held_out(data)
    inputs: Callable[..., Any] = data.inputs  # converted batch by batch
    with one_blas_thread():  # so that sums have the same order on any number of threads
        weights, _ = mnist_by_hand.learn(
            inputs(data.training.images),
            data.training.labels,
            inputs(held_out.images)[:],
            held_out.labels,
            classes=len(data.dataset.classes),
            cycles=experiment.epochs,
            images_per_cycle=images_per_cycle(data.split.limit),
            seed=settings.seed,
            on_cycle=on_cycle,
        )
        with doing(f"testing on {counted(len(data.test), 'image')}"):
            probabilities = mnist_by_hand.predict(weights, inputs(data.test.images))
        validation = mnist_by_hand.predict(weights, inputs(held_out.images))
    loss = float(np.mean(cross_entropy(data.test.labels, probabilities)))
    evaluated = RunEvaluation(
        test=probabilities,
        held_out=held_out,
        validation=validation,
        loss=loss,
        history=history,
        seeds=settings.seeds,
        images_per_epoch=images_per_cycle(data.split.limit),
    )
    _save(weights, folder, write_evaluation(folder, data, evaluated))
    image = data.inputs(data.training.images[:1])[:]
    folder.write_pictures(
        **sample_pictures(data, probabilities),
        kernels=weights.kernels_1,
        maps=mnist_by_hand.forward(weights, image)[1].maps_1[0],
    )


def images_per_cycle(limit: int | None) -> int:
    """Return how many images a cycle learns from: fewer where a ``limit`` is set, but a batch at least.

    The usual number of cycles then is one pass through the images left, as it is without a limit.

    Examples
    --------
    >>> images_per_cycle(None), images_per_cycle(6000), images_per_cycle(100)
    (600, 60, 50)
    """
    if limit is None:
        return mnist_by_hand.IMAGES_PER_CYCLE
    share = limit // mnist_by_hand.CYCLES
    return max(mnist_by_hand.BATCH_SIZE, min(mnist_by_hand.IMAGES_PER_CYCLE, share))


def _shown_by(progress: Progress, cycles: int) -> Callable[[mnist_by_hand.Cycle], None]:
    """Return a function that shows a cycle that is done."""
    called = CallbackList(progress, unit="Cycle", epochs=cycles, steps=1)
    called.on_train_begin()
    called.on_epoch_begin(0)

    def show(cycle: mnist_by_hand.Cycle) -> None:
        called.on_train_batch_end(0, {"loss": cycle.loss})
        called.on_epoch_end(cycle.cycle - 1, {"loss": cycle.loss, "val_accuracy": cycle.accuracy})
        if cycle.cycle == cycles:
            called.on_train_end()
        else:
            called.on_epoch_begin(cycle.cycle)

    return show


def configuration_of(experiment: Experiment, settings: Settings, data: Prepared) -> Configuration:
    """Return what is trained, on which data, and how."""
    weights = mnist_by_hand.random_weights(data.training.images.shape[1:], len(data.dataset.classes))
    return Configuration(
        experiment=ExperimentDescription.of(experiment),
        settings=settings,
        dataset=_described_dataset(data),
        network={"written out in": "pellucid/experiments/mnist_by_hand.py"},
        training=TrainingSettings(
            loss="cross-entropy",
            optimizer=OptimizerDescription(name="gradient descent with momentum"),
            batch_size=mnist_by_hand.BATCH_SIZE,
            epochs=experiment.epochs,
            seed=settings.seed,
            threads=1,
            images_per_cycle=images_per_cycle(data.split.limit),
        ),
        summary=mnist_by_hand.__doc__,
        parameters=sum(array.size for array in weights),
    )


def _described_dataset(data: Prepared) -> DatasetDescription:
    whole = described_dataset(data)
    return replace(whole, counts=replace(whole.counts, validation=len(_held_out(data))))


def _held_out(data: Prepared) -> Subset:
    """Return the validation images that are measured after each cycle."""
    count, rest = HELD_OUT, data.validation
    if data.split.limit is not None:
        count = min(count, MEASURED * images_per_cycle(data.split.limit))
    return Subset(rest.images[:count], rest.labels[:count], rest.rows[:count])


def _save(weights: mnist_by_hand.Weights, folder: RunFolder, temperature: float | None) -> None:
    from safetensors.numpy import save

    metadata = {"format": "pellucid-by-hand", "version": "1"}
    if temperature is not None:
        metadata["temperature"] = repr(temperature)
    tensors = weights._asdict()
    metadata[KEY] = checksums(tensors, metadata)
    write_bytes(folder.path / "model.safetensors", save(tensors, metadata))
