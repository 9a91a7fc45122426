import pytest

from pellucid import Sequential, layers
from pellucid.errors import NotBuiltError
from pellucid.graph.facts.sizes import Memory, memory, parameters, shapes
from pellucid.graph.graph import Graph


def network(dtype="float32"):
    return Sequential(
        [
            layers.Input((4, 4, 1)),
            layers.Conv2D(2, 3, activation="relu", dtype=dtype),
            layers.BatchNormalization(dtype=dtype),
            layers.Flatten(dtype=dtype),
            layers.Dense(3, dtype=dtype),
        ]
    )


def test_shapes_and_parameters():
    graph = network().graph
    assert shapes(graph) == ((2, 2, 2), (2, 2, 2), (2, 2, 2), (8,), (3,))
    assert parameters(graph) == (20, 0, 8, 0, 27)
    assert sum(parameters(graph)) == network().count_params()


@pytest.mark.parametrize(("dtype", "bytes_each"), [("float32", 4), ("float64", 8)])
def test_memory(dtype, bytes_each):
    values = 16 + 8 + 8 + 8 + 8 + 3
    assert memory(network(dtype).graph) == Memory(55 * bytes_each, values * bytes_each, (16 + 8) * bytes_each)


def test_memory_of_no_operation_at_all():
    assert memory(Graph((4,), ())) == Memory(0, 16, 0)


def test_a_layer_that_is_not_built_has_no_shape():
    with pytest.raises(
        NotBuiltError, match=r"what layer 'dense' makes is not known before the layer is built"
    ):
        shapes(Graph.chain((4,), [layers.Dense(3)]))
