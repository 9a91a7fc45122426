"""A network that is none: it remembers what callbacks do to it."""

from types import SimpleNamespace

import numpy as np
import pytest


class FakeNetwork:
    """Trains on the very array that it hands out; its weight is the number of epochs trained."""

    def __init__(self, learning_rate=0.1):
        self.weight = np.zeros(1)
        self.stop_training = False
        self.optimizer = SimpleNamespace(learning_rate=learning_rate)
        self.saved = []

    def get_weights(self):
        return [self.weight]

    def set_weights(self, weights):
        self.weight = weights[0]

    def save(self, path):
        self.saved.append(("model", str(path)))

    def save_weights(self, path):
        self.saved.append(("weights", str(path)))

    def train(self, callbacks, epochs):
        """Go through ``epochs``, a list with the logs of each, as fit does."""
        callbacks.set_model(self)
        callbacks.on_train_begin()
        logs = {}
        for epoch, metrics in enumerate(epochs):
            callbacks.on_epoch_begin(epoch)
            self.weight += 1
            logs = dict(metrics)
            callbacks.on_epoch_end(epoch, logs)
            if self.stop_training:
                break
        callbacks.on_train_end(logs)


@pytest.fixture
def network():
    return FakeNetwork()


@pytest.fixture
def make_network():
    return FakeNetwork
