import pytest

from pellucid import Sequential, layers
from pellucid.bench.network_spec import NetworkSpec
from pellucid.experiments import find
from pellucid.graph.facts.multiply_adds import multiply_adds


def test_each_weight_is_used_at_each_position():
    network = Sequential(
        [
            layers.Input((7, 6, 3)),
            layers.Conv2D(4, (3, 2), strides=2, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(5, activation="softmax"),
        ]
    )
    assert multiply_adds(network.graph) == (4 * 3 * 3 * 2 * 3 * 4, 0, 0, 0, 2 * 1 * 4 * 5, 0)


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        ("mnist-relu", 784 * 256 + 256 * 10),
        ("mnist-cnn", 26 * 26 * 9 * 32 + 24 * 24 * 9 * 32 * 64 + 9216 * 128 + 128 * 10),
    ],
)
def test_the_labs_networks(name, by_hand):
    assert sum(multiply_adds(NetworkSpec.of(find(name)).network().graph)) == by_hand
