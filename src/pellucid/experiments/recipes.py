"""Experiments of pellucid's own: how soon, and how far, its engine gets on the lab's data.

Two for each dataset: one reaches a given accuracy in as few seconds as possible, the other the highest
accuracy in a given time. All of them learn from all of the training images. What can be chosen in them
(widths, rates, batch sizes, epochs, augmentation) was chosen on a stratified part of the training images,
held out; the test images were opened when that was done. For the two that take long it was chosen in shorter
trainings of narrower networks.
"""

from __future__ import annotations

from math import ceil

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
from pellucid.training.losses import CategoricalCrossentropy
from pellucid.training.optimizers import SGD, Adam
from pellucid.training.schedules import CosineDecay

MNIST, CIFAR10 = 60_000, 50_000  # training images


def _one_cycle(rate: float, *, images: int, batch_size: int, epochs: int, warm_up: float) -> CosineDecay:
    """Return a schedule over the whole training: up to ``rate`` for a share of the steps, then down to 1 %.

    "One cycle" after Smith & Topin 2018 (super-convergence).
    """
    steps = epochs * ceil(images / batch_size)
    rising = round(warm_up * steps)
    return CosineDecay(rate / 10, steps - rising, alpha=0.01, warmup_target=rate, warmup_steps=rising)


def _eager(rate: CosineDecay) -> Adam:
    """Return Adam that forgets soon, for a training of one epoch."""
    return Adam(rate, beta_1=0.7, beta_2=0.9)


def _steady(rate: CosineDecay) -> SGD:
    """Return gradient descent for trainings of many epochs."""
    return SGD(rate, momentum=0.9, nesterov=True, weight_decay=5e-3)


def _shifted(pixels: int, size: int, fill_mode: str) -> RandomTranslation:
    """Return the layer that moves images of ``size`` pixels by up to so many whole ones, equally often."""
    factor = (pixels + 0.499) / size  # half a pixel more, for distances are rounded
    return RandomTranslation(factor, factor, fill_mode, "nearest")


def _centred() -> Rescaling:
    """Return the layer that takes pixels from 0-1 to about mean 0 and deviation 1."""
    return Rescaling(4.0, offset=-2.0)


def _convolution(filters: int, *, pool: bool = False) -> list[Layer]:
    """Return 3×3 convolution, rectification, (pooling) and normalisation.

    Normalisation comes last because the first three are one block of the engine's, and because after pooling
    a quarter of the values is left to normalise.
    """
    return [
        Conv2D(filters, 3, padding="same", activation="relu"),
        *([MaxPooling2D(2)] if pool else []),
        BatchNormalization(momentum=0.9, virtual_batch_size=32),
    ]


SMOOTHED = CategoricalCrossentropy(label_smoothing=0.1)

RECIPES: tuple[Experiment, ...] = (
    Experiment(
        name="mnist-fast",
        summary="MNIST: 99 % in as few seconds as possible",
        dataset="mnist",
        layers=[
            Conv2D(16, 3, activation="relu"),
            MaxPooling2D(2),
            Conv2D(32, 3, activation="relu"),
            MaxPooling2D(2),
            Flatten(),
            Dense(64, activation="relu"),
            Dense(10, activation="softmax"),
        ],
        loss=SMOOTHED,
        optimizer=_eager(_one_cycle(0.01, images=MNIST, batch_size=128, epochs=1, warm_up=0.2)),
        batch_size=128,
        epochs=1,
        split=Split("none"),
    ),
    Experiment(
        name="mnist-best",
        summary="MNIST: as high as it gets in ten minutes",
        dataset="mnist",
        layers=[
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
        loss=SMOOTHED,
        optimizer=_steady(_one_cycle(0.1, images=MNIST, batch_size=128, epochs=16, warm_up=0.25)),
        batch_size=128,
        epochs=16,
        split=Split("none"),
    ),
    Experiment(
        name="cifar10-fast",
        summary="CIFAR-10: the lab's 69.45 % in as few seconds as possible",
        dataset="cifar10",
        layers=[
            _centred(),
            *_convolution(16, pool=True),
            *_convolution(48, pool=True),
            *_convolution(64, pool=True),
            Flatten(),
            Dense(10, activation="softmax"),
        ],
        loss=CategoricalCrossentropy(label_smoothing=0.2),
        optimizer=_eager(_one_cycle(0.01, images=CIFAR10, batch_size=64, epochs=1, warm_up=0.2)),
        batch_size=64,
        epochs=1,
        split=Split("none"),
    ),
    Experiment(
        name="cifar10-best",
        summary="CIFAR-10: as high as it gets in half an hour",
        dataset="cifar10",
        layers=[
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
        loss=SMOOTHED,
        optimizer=_steady(_one_cycle(0.05, images=CIFAR10, batch_size=128, epochs=18, warm_up=0.25)),
        batch_size=128,
        epochs=18,
        split=Split("none"),
    ),
)
