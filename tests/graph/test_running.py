import numpy as np

from pellucid import Sequential, layers
from pellucid.graph.running import values_of


def test_the_last_value_is_the_networks_output():
    chain = [
        layers.Input((6, 6, 1)),
        layers.Conv2D(2, 3, activation="relu"),
        layers.Dropout(0.5),
        layers.Flatten(),
    ]
    network = Sequential([*chain, layers.Dense(3, activation="softmax")], seed=0)
    images = np.random.default_rng(0).random((5, 6, 6, 1), dtype=np.float32)
    found = list(values_of(network.graph, images))
    np.testing.assert_array_equal(found[-1][1], network(images))
    assert [step.name for step, _ in found] == ["conv2d", "conv2d", "dropout", "flatten", "dense", "dense"]


def test_values_have_the_networks_dtype():
    network = Sequential([layers.Input((4,)), layers.Dense(3, dtype="float64")])
    [(_, values)] = values_of(network.graph, np.ones((2, 4), np.float32))
    assert values.dtype == np.float64
