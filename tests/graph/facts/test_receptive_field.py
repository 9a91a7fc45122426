import numpy as np
import pytest

from pellucid import Sequential, layers
from pellucid.graph.facts.receptive_field import Field, receptive_fields
from pellucid.graph.graph import Graph, Step

NETWORKS = {
    "one": [layers.Conv2D(2, (3, 2))],
    "strides": [layers.Conv2D(2, 3, strides=(2, 1)), layers.Conv2D(2, (2, 3))],
    "pooling": [layers.Conv2D(2, 3, activation="relu"), layers.AveragePooling2D(2), layers.Conv2D(2, 3)],
    "between": [
        layers.Conv2D(2, 3),
        layers.BatchNormalization(),
        layers.Dropout(0.5),
        layers.MaxPooling2D(3, 2),
    ],
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_value_depends_on_that_many_pixels(name):
    """Measured: which pixels change the value in the middle when they are changed."""
    made = [type(layer).from_config(layer.get_config()) for layer in NETWORKS[name]]
    network = Sequential([layers.Input((24, 24, 1)), *made], seed=1)
    *_, field = receptive_fields(network.graph)
    image = np.random.default_rng(0).normal(size=(1, 24, 24, 1)).astype(np.float32)
    row, column = (extent // 2 for extent in network.output_shape[:2])
    changed = np.repeat(image, 24 * 24, axis=0)
    changed.reshape(24 * 24, -1)[np.arange(24 * 24), np.arange(24 * 24)] += 100
    differs = network(changed)[:, row, column] != network(image)[:, row, column]
    places = np.argwhere(differs.any(axis=1).reshape(24, 24))
    assert field is not None
    assert tuple(places.max(axis=0) - places.min(axis=0) + 1) == field.side
    np.testing.assert_array_equal(places.min(axis=0), np.multiply((row, column), field.distance))


def test_behind_a_flatten_values_have_no_place():
    chain = [layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3), layers.ReLU()]
    assert receptive_fields(Graph.chain((8, 8, 1), chain)) == (Field((3, 3)), None, None, None)


def test_of_several_values_the_widest_counts():
    narrow, wide, both = layers.Conv2D(2, 3), layers.Conv2D(2, 5), layers.ReLU()
    graph = Graph((8, 8, 1), (Step(1, narrow, (0,)), Step(2, wide, (0,)), Step(3, both, (1, 2))))
    assert receptive_fields(graph)[-1] == Field((5, 5))
