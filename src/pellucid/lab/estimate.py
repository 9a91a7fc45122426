"""Estimates how long the trainings will take, from a few batches of each network on random images."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from math import ceil

import numpy as np

from pellucid.datasets import InputPipeline, describe
from pellucid.experiments import Experiment, mnist_by_hand
from pellucid.experiments.experiment import Program
from pellucid.layers import Input
from pellucid.models.sequential import Sequential
from pellucid.runs import Settings
from pellucid.runs.by_hand import images_per_cycle

BATCHES = 4  # measured per network, after one to warm up
FORWARD = 1 / 3  # share of a training step, roughly: one matrix product of three


def seconds_of(experiment: Experiment, settings: Settings, per_image: float | None = None) -> float:
    """Return roughly how many seconds a training will take on this machine; measuring takes one or two.

    ``per_image`` is the seconds that its network learns from one image in, where that was measured before.
    """
    images, test = _counts(experiment)
    images = min(images, settings.limit or images)
    if experiment.program is Program.BY_HAND:
        share = images_per_cycle(settings.limit) / mnist_by_hand.IMAGES_PER_CYCLE
        return _cycle_seconds() * experiment.epochs * share
    share = 0.0 if experiment.split.validation == "test" else experiment.split.validation_share
    learned = images * (1 - share)
    held_out = images * experiment.split.validation_share  # as many, where they are test images
    validated = images * share or (held_out if settings.limit else test)
    per_image = per_image or _seconds_per_image(experiment)
    # After each epoch the validation images are evaluated, and as many training images.
    epoch = learned + FORWARD * (validated + min(validated, learned))
    return per_image * (epoch * experiment.epochs + FORWARD * test)


def total_seconds(
    trainings: Iterable[tuple[Experiment, Settings]], tell: Callable[[str], None] = lambda _: None
) -> float:
    """Return the sum for several trainings; each network is measured once.

    Examples
    --------
    >>> total_seconds([])
    0.0
    """
    known: dict[str, float] = {}
    speeds: dict[str, float] = {}
    total = 0.0
    for experiment, settings in trainings:
        key = f"{experiment.name} {experiment.epochs} {settings.limit} {experiment.split}"
        if experiment.name not in speeds and experiment.program is not Program.BY_HAND:
            speeds[experiment.name] = _seconds_per_image(experiment)
        if key not in known:
            known[key] = seconds_of(experiment, settings, speeds.get(experiment.name))
            tell(f"  {experiment.name}: about {known[key]:.0f} s")
        total += known[key]
    return total


def _counts(experiment: Experiment) -> tuple[int, int]:
    """Return the number of training images (held-out ones included) and of test images."""
    info = describe(experiment.dataset)
    if info.test_images:
        return info.train_images, info.test_images
    test = ceil(info.train_images * experiment.split.test_share)
    return info.train_images - test, test


def _seconds_per_image(experiment: Experiment) -> float:
    shape = InputPipeline.of(describe(experiment.dataset), flat=experiment.flat).input_shape
    model = Sequential([Input(shape), *experiment.fresh_layers()], seed=0)
    recipe = experiment.with_recipe()
    model.compile(recipe.optimizer, recipe.loss, ["accuracy"])
    draw = np.random.default_rng(0)
    images = draw.random((BATCHES * experiment.batch_size, *shape), dtype=np.float32)
    targets = np.eye(10, dtype=np.float32)[draw.integers(10, size=len(images))]
    model.fit(images[: experiment.batch_size], targets[: experiment.batch_size], verbose=0)
    began = time.perf_counter()
    model.fit(images, targets, batch_size=experiment.batch_size, verbose=0)
    return (time.perf_counter() - began) / len(images)


def _cycle_seconds() -> float:
    draw = np.random.default_rng(0)
    images = draw.random((700, 28, 28, 1), dtype=np.float32)
    labels = draw.integers(10, size=700)
    began = time.perf_counter()
    mnist_by_hand.learn(
        images[:150],
        labels[:150],
        images[150:400],
        labels[150:400],
        classes=10,
        cycles=1,
        images_per_cycle=150,
    )
    return 4 * (time.perf_counter() - began)  # a quarter of a cycle's images, and of the thousand held out
