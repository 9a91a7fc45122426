"""Every fact is known of every operation of pellucid's, and of no other."""

import pytest

from pellucid import layers
from pellucid.errors import UnknownOperationError
from pellucid.graph.facts import linearity, multiply_adds, receptive_field, rectified
from pellucid.graph.graph import Graph, rule_for

TABLES = {
    "linearity": linearity.RULES,
    "multiply-adds": multiply_adds.RULES,
    "receptive field": receptive_field.RULES,
    "rectified": rectified.RULES,
}
ELEMENTARY = {
    layer.kind: layer
    for layer in vars(layers).values()
    if isinstance(layer, type)
    and issubclass(layer, layers.Layer)
    and layer.forward is not layers.Layer.forward
}


class Known:
    name, class_name = "known", "Known"

    def __init__(self, kind):
        self.kind, self.family = kind, ELEMENTARY[kind].family


@pytest.mark.parametrize("kind", ELEMENTARY)
@pytest.mark.parametrize("fact", TABLES)
def test_every_fact_has_a_rule_for_every_layer(fact, kind):
    rule_for(Known(kind), TABLES[fact], fact)


@pytest.mark.parametrize("fact", TABLES)
def test_no_rule_is_for_an_operation_that_does_not_exist(fact):
    families = {layer.family for layer in ELEMENTARY.values()} - {"own"}
    assert set(TABLES[fact]) <= set(ELEMENTARY) | families


class Doubled(layers.Dense):
    def forward(self, inputs, context):
        outputs, saved = super().forward(inputs, context)
        return 2 * outputs, saved


@pytest.mark.parametrize(
    ("fact", "what"),
    [
        (multiply_adds.multiply_adds, "number of multiply-adds"),
        (receptive_field.receptive_fields, "receptive field"),
        (lambda graph: [linearity.linearity(step) for step in graph], "linearity"),
        (lambda graph: [rectified.is_rectified(step) for step in graph], "rectification"),
    ],
)
def test_a_layer_of_ones_own_is_an_error_that_names_fact_and_layer(fact, what):
    graph = Graph.chain((4,), [Doubled(3, name="mine")])
    with pytest.raises(UnknownOperationError) as error:
        fact(graph)
    assert str(error.value) == (
        f"The {what} of layer 'mine' is not known: there is no rule for its kind of operation. "
        "Received: kind='own' (Doubled)"
    )


def test_a_layer_of_ones_own_is_known_by_the_kind_that_it_names():
    class Renamed(layers.Dense):
        kind = layers.Dense.kind

    dense = Renamed(3)
    dense.build((4,))
    assert multiply_adds.multiply_adds(Graph.chain((4,), [dense])) == (12,)
