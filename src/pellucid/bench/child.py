"""The measuring process: it reads a task as JSON and writes what it measured as JSON."""

from __future__ import annotations

import json
import math
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from pellucid.bench.measured import BatchRates, Measured, PeakMemory, PredictionSpeed, TrainingSpeed
from pellucid.bench.task import Task

if TYPE_CHECKING:
    from pellucid.bench.network_spec import NetworkSpec
    from pellucid.bench.variants import Variant

# Bytes of images in an epoch: more than the cache holds, but quick to generate.
MOST_BYTES = 128 * 2**20
PREDICTED = 4096  # images, in batches of 256
LOWER_PRECISION_BOUND, BOUND = 0.05, 1e-3  # between a peer's outputs and ours


def main() -> None:
    """Do the task on standard input, and write the result, and nothing else, to standard output."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print goes to standard error
    task = Task.from_config(json.load(sys.stdin))
    json.dump(asdict(done(task)), answers)
    answers.close()
    # Some libraries take seconds to shut down, or fail at it, when the result is already written.
    sys.stderr.flush()
    os._exit(0)


def done(task: Task) -> Measured:
    """Return what was measured."""
    from pellucid.bench import machine
    from pellucid.bench.variants import VARIANTS

    if task.what == "machine":
        return machine.describe(task.threads)
    variant = VARIANTS[task.variant]
    if "jax" in variant.needs:
        machine.hold_to(task.threads)
    if task.what == "training":
        return _training(task, variant)
    return _prediction(task, variant) if task.what == "prediction" else _memory(task, variant)


def _training(task: Task, variant: Variant) -> TrainingSpeed:
    from pellucid.bench.ceiling import operations_per_image
    from pellucid.bench.machine import versions
    from pellucid.bench.timing import training_rates

    spec = _spec(task)
    images = images_of_epoch(spec)
    peer = variant.peer(spec, *spec.data(images), task.threads)
    network = spec.network()
    if peer.parameters != network.count_params():
        raise AssertionError(f"{peer.parameters:,} parameters, where ours has {network.count_params():,}")
    rates = training_rates(peer, images, task.rounds, task.seconds)
    return TrainingSpeed(
        images_per_second=rates.images_per_second,
        first_seconds=rates.first_seconds,
        batch_size=spec.batch_size,
        parameters=peer.parameters,
        operations_per_image=operations_per_image(network),
        versions=versions(),
    )


def images_of_epoch(spec: NetworkSpec) -> int:
    """Return the number of images in an epoch: as many as MNIST has, or as fill MOST_BYTES."""
    return min(60_000, MOST_BYTES // (4 * math.prod(spec.input_shape)))


def _prediction(task: Task, variant: Variant) -> PredictionSpeed:
    import numpy as np

    from pellucid.bench.timing import prediction_times

    spec = _spec(task)
    x, classes = spec.data(PREDICTED)
    peer = variant.peer(spec, x, classes, task.threads)
    expected = spec.network().predict(x[:256])
    bound = LOWER_PRECISION_BOUND if variant.lower_precision else BOUND
    for name, way in peer.ways.items():
        difference = float(np.abs(way(x[:256], 256) - expected).max())
        if not difference <= bound:
            raise AssertionError(f"outputs by {name} differ from ours by {difference:.2g}")
    one = prediction_times(peer, x[:1], 1, task.rounds, task.seconds)
    many = prediction_times(peer, x, 256, task.rounds, task.seconds)
    rates = tuple(1000 * len(x) / each for each in many.milliseconds)
    return PredictionSpeed(one=one, batches=BatchRates(way=many.way, images_per_second=rates))


def _memory(task: Task, variant: Variant) -> PeakMemory:
    from pellucid.bench.memory import peak_bytes

    spec = _spec(task)
    peer = variant.peer(spec, *spec.data(task.images), task.threads)
    several = peer.batch_size * peer.steps_at_a_time
    peer.train(task.images // several * several, 1)
    return PeakMemory(peak_bytes=peak_bytes(), images=task.images)


def _spec(task: Task) -> NetworkSpec:
    assert task.spec is not None  # noqa: S101 - only a task of the machine has none
    return task.spec


if __name__ == "__main__":
    main()
