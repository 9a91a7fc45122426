"""Pellucid's own experiments: time to accuracy, and best accuracy, on the lab's data.

There are two for each dataset: one reaches a given accuracy in as few seconds as possible, the other the
highest accuracy in a given time. All of them are trained on all of the training images. Their
hyper-parameters (widths, rates, batch sizes, epochs, augmentation) were chosen on a held-out, stratified part
of the training images; the test images were used only afterwards. For the two long ones they were chosen in
shorter trainings of narrower networks.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from pellucid.datasets import describe
from pellucid.experiments.experiment import Experiment, Split
from pellucid.layers import (
    BatchNormalization,
    Conv2D,
    Dense,
    Flatten,
    Layer,
    MaxPooling2D,
    RandomFlip,
    RandomTranslation,
    Rescaling,
)
from pellucid.losses import CategoricalCrossentropy
from pellucid.optimizers import SGD, Adam, Optimizer
from pellucid.optimizers.schedules import CosineDecay


def _one_cycle(rate: float, steps: int, *, warm_up: float) -> CosineDecay:
    """Return a schedule over the whole training: up to ``rate`` in a share of the steps, then down to 1 %.

    "One cycle" after Smith & Topin 2018 (super-convergence).
    """
    rising = round(warm_up * steps)
    return CosineDecay(rate / 10, steps - rising, alpha=0.01, warmup_target=rate, warmup_steps=rising)


def _eager(rate: float, steps: int) -> Adam:
    """Return Adam with short averages, for a training of one epoch."""
    return Adam(_one_cycle(rate, steps, warm_up=0.2), beta_1=0.7, beta_2=0.9)


def _steady(rate: float, steps: int) -> SGD:
    """Return gradient descent for trainings of many epochs."""
    return SGD(_one_cycle(rate, steps, warm_up=0.25), momentum=0.9, nesterov=True, weight_decay=5e-3)


def _recipe(
    name: str,
    summary: str,
    dataset: str,
    layers: list[Layer],
    learner: Callable[[float, int], Optimizer],
    rate: float,
    *,
    batch_size: int,
    epochs: int,
    smoothing: float = 0.1,
) -> Experiment:
    """Return an experiment on all training images, with a one-cycle learning rate."""
    return Experiment(
        name=name,
        summary=summary,
        dataset=dataset,
        layers=layers,
        loss=CategoricalCrossentropy(label_smoothing=smoothing),
        optimizer=learner(rate, epochs * ceil(describe(dataset).train_images / batch_size)),
        batch_size=batch_size,
        epochs=epochs,
        split=Split("none"),
    )


def _shifted(pixels: int, size: int, fill_mode: str) -> RandomTranslation:
    """Return the layer that shifts images of ``size`` pixels by up to ``pixels`` whole pixels, uniformly."""
    factor = (pixels + 0.499) / size  # half a pixel more, because distances are rounded
    return RandomTranslation(factor, factor, fill_mode, "nearest")


def _centred() -> Rescaling:
    """Return the layer that scales pixels from 0-1 to about mean 0 and deviation 1."""
    return Rescaling(4.0, offset=-2.0)


def _convolution(filters: int, *, pool: bool = False) -> list[Layer]:
    """Return 3×3 convolution, ReLU, optional pooling, and normalisation.

    Normalisation comes last because the engine fuses the first three, and because after pooling only a
    quarter of the values is left to normalise.
    """
    return [
        Conv2D(filters, 3, padding="same", activation="relu"),
        *([MaxPooling2D(2)] if pool else []),
        BatchNormalization(momentum=0.9, virtual_batch_size=32),
    ]


RECIPES: tuple[Experiment, ...] = (
    _recipe(
        "mnist-fast",
        "MNIST: 99 % in as few seconds as possible",
        "mnist",
        [
            Conv2D(16, 3, activation="relu"),
            MaxPooling2D(2),
            Conv2D(32, 3, activation="relu"),
            MaxPooling2D(2),
            Flatten(),
            Dense(64, activation="relu"),
            Dense(10, activation="softmax"),
        ],
        _eager,
        0.01,
        batch_size=128,
        epochs=1,
    ),
    _recipe(
        "mnist-best",
        "MNIST: as high as it gets in ten minutes",
        "mnist",
        [
            _shifted(2, 28, "constant"),
            _centred(),
            *_convolution(32),
            *_convolution(32, pool=True),
            *_convolution(64),
            *_convolution(64, pool=True),
            *_convolution(128),
            MaxPooling2D(7),
            Flatten(),
            Dense(10, activation="softmax"),
        ],
        _steady,
        0.1,
        batch_size=128,
        epochs=16,
    ),
    _recipe(
        "cifar10-fast",
        "CIFAR-10: the lab's 69.45 % in as few seconds as possible",
        "cifar10",
        [
            _centred(),
            *_convolution(16, pool=True),
            *_convolution(48, pool=True),
            *_convolution(64, pool=True),
            Flatten(),
            Dense(10, activation="softmax"),
        ],
        _eager,
        0.01,
        batch_size=64,
        epochs=1,
        smoothing=0.2,
    ),
    _recipe(
        "cifar10-best",
        "CIFAR-10: as high as it gets in half an hour",
        "cifar10",
        [
            RandomFlip("horizontal"),
            _shifted(4, 32, "reflect"),
            _centred(),
            *_convolution(48),
            *_convolution(48, pool=True),
            *_convolution(96),
            *_convolution(96, pool=True),
            *_convolution(192),
            *_convolution(192, pool=True),
            *_convolution(384),
            MaxPooling2D(4),
            Flatten(),
            Dense(10, activation="softmax"),
        ],
        _steady,
        0.05,
        batch_size=128,
        epochs=18,
    ),
)
