import pytest

from pellucid import layers
from pellucid.errors import UnknownOperationError
from pellucid.graph.facts.linearity import all_linear
from pellucid.graph.graph import Graph


class Mine(layers.Dense):
    pass


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ([layers.Dense(3), layers.Rescaling(2.0), layers.Dense(3)], True),
        ([layers.RandomFlip(), layers.Flatten(), layers.Dense(3)], True),
        ([layers.Dense(3), layers.ReLU()], False),
        ([Mine(3), layers.ReLU()], False),  # whatever the first does
        ([], True),
    ],
)
def test_all_linear(chain, expected):
    assert all_linear(Graph.chain((4,), chain)) is expected


def test_it_is_not_known_where_it_depends_on_a_layer_of_ones_own():
    with pytest.raises(UnknownOperationError, match=r"The linearity of layer 'mine' is not known"):
        all_linear(Graph.chain((4,), [layers.Dense(3), Mine(3), Mine(3)]))
