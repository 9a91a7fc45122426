"""What the tests of the measuring share: a small network with every kind of layer that peers are given."""

import pytest

from pellucid.bench.network_spec import NetworkSpec
from pellucid.experiments import Experiment
from pellucid.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from pellucid.optimizers import RMSprop


@pytest.fixture(scope="session")
def small():
    """Return a function that makes the experiment: 8×8 images, several maps into the Flatten."""

    def make(optimizer=None, *, dropout=0.0, padding="valid", **others):
        layers = [
            Conv2D(4, 3, padding="same", activation="relu"),
            MaxPooling2D(2),
            Conv2D(5, (2, 1), use_bias=False, padding=padding, activation="relu"),
            MaxPooling2D((2, 1), padding=padding),
            Dropout(dropout),
            Flatten(),
            Dense(6, activation="relu"),
            Dense(10, activation="softmax"),
        ]
        settings = {"dataset": "digits", "layers": layers, "batch_size": 16, **others}
        return Experiment("small", "", optimizer=RMSprop() if optimizer is None else optimizer, **settings)

    return make


@pytest.fixture
def spec(small):
    return NetworkSpec.of(small())
