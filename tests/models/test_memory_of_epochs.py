"""Training longer takes no more memory."""

from __future__ import annotations

import gc
import tracemalloc

import numpy as np
import pytest

from pellucid import Sequential, callbacks, layers

pytestmark = pytest.mark.slow

TOLERANCE = 32 * 1024  # bytes in ten epochs: the history's values take some, Python's own caches a few
X = np.random.default_rng(0).integers(0, 256, (96, 12, 12, 1), dtype=np.uint8)
Y = np.arange(96) % 3


def grown(between: int, *more: callbacks.Callback, **options) -> int:
    """Return the bytes that a training holds more at its end than so many epochs before."""
    held: list[int] = []

    class Weigh(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])

    network = Sequential(
        [
            layers.Input((12, 12, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(8, 3, activation="relu"),
            layers.Conv2D(8, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.BatchNormalization(),
            layers.Dropout(0.25),
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
            layers.Dense(3, activation="softmax"),
        ],
        seed=1,
    )
    network.compile("adam", "sparse_categorical_crossentropy", ["accuracy"], **options)
    tracemalloc.start()
    try:
        network.fit(
            X,
            Y,
            batch_size=32,
            epochs=2 + between,
            verbose=0,
            validation_split=0.25,
            callbacks=[Weigh(), *more],
        )
    finally:
        tracemalloc.stop()
    assert len(held) == 2 + between
    return held[-1] - held[1]


@pytest.mark.parametrize("engine", [None, "plain"])
def test_ten_more_epochs_take_no_more_memory(engine):
    assert grown(10, engine=engine) < TOLERANCE


class Hoard(callbacks.Callback):
    def __init__(self):
        self.weights = []

    def on_epoch_end(self, epoch, logs=None):
        self.weights.append(self.model.get_weights())


def test_a_callback_that_hoards_is_noticed():
    assert grown(10, Hoard()) > 5 * TOLERANCE  # ten times the weights, of 29 KB
