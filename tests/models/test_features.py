import numpy as np
import pytest

from pellucid import Sequential, layers
from pellucid.graph.running import values_of
from pellucid.models.features import last_features

X = np.random.default_rng(0).normal(size=(5, 6, 6, 1)).astype(np.float32)


@pytest.mark.parametrize("engine", ["plain", "numpy"])
def test_they_are_what_the_last_dense_layer_reads(engine):
    network = Sequential(
        [
            layers.Input((6, 6, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(3, activation="softmax"),
        ],
        seed=0,
    )
    network.engine = engine
    expected = {step.kind: values for step, values in values_of(network.graph, X)}["dropout"]
    np.testing.assert_allclose(last_features(network, X, threads=1), expected, rtol=1e-5, atol=1e-6)


def test_they_are_the_inputs_of_a_network_of_one_layer():
    network = Sequential([layers.Input((36,)), layers.Dense(3)])
    np.testing.assert_array_equal(last_features(network, X.reshape(5, 36)), X.reshape(5, 36))
