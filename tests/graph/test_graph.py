import pytest

from pellucid import Sequential, layers
from pellucid.errors import ArgumentError, UnknownOperationError
from pellucid.graph.graph import Graph, Step, rule_for


def small_network():
    made = [
        layers.Input((6, 6, 1)),
        layers.Conv2D(2, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(3, activation="softmax"),
    ]
    return Sequential(made, seed=0)


def test_a_sequential_network_is_a_chain_of_elementary_operations():
    graph = small_network().graph
    assert [step.kind for step in graph] == ["convolution", "relu", "flatten", "dense", "softmax"]
    assert [step.sources for step in graph] == [(0,), (1,), (2,), (3,), (4,)]
    assert graph.input_shape == (6, 6, 1)
    assert graph.output == len(graph) == 5
    assert graph.is_chain()


def test_the_users_of_a_value_are_the_steps_that_read_it():
    first, second, third = (layers.ReLU() for _ in range(3))
    graph = Graph((4,), (Step(1, first, (0,)), Step(2, second, (0,)), Step(3, third, (1, 1))))
    assert graph.users(0) == (1, 2)
    assert graph.users(1) == (3, 3)
    assert graph.users(3) == ()
    assert not graph.is_chain()


def test_a_graph_without_steps_puts_out_its_input():
    assert Graph((4,), ()).output == 0


@pytest.mark.parametrize(
    ("number", "sources", "message"),
    [
        (
            2,
            (0,),
            "The steps of a graph are numbered from 1 in order; step 1 is not. Received: number=2",
        ),
        (
            1,
            (1,),
            "Step 1 ('re_lu') reads values that are made before it, 0 to 0. Received: sources=(1,)",
        ),
        (1, (), "Step 1 ('re_lu') reads values that are made before it, 0 to 0. Received: sources=()"),
    ],
)
def test_steps_out_of_order_are_refused(number, sources, message):
    with pytest.raises(ArgumentError) as error:
        Graph((4,), (Step(number, layers.ReLU(), sources),))
    assert str(error.value) == message


def test_a_visitor_finds_its_rule_by_the_kind_of_operation():
    (step,) = Graph.chain((4,), [layers.ReLU()])
    assert rule_for(step, {"relu": len}, "length") is len


def test_an_operation_without_a_rule_is_an_error_that_names_both():
    class Twice(layers.ReLU):
        pass

    (step,) = Graph.chain((4,), [Twice(name="my_layer")])
    with pytest.raises(UnknownOperationError) as error:
        rule_for(step, {"relu": len}, "receptive field")
    assert str(error.value) == (
        "The receptive field of layer 'my_layer' is not known: there is no rule for its kind of operation. "
        "Received: kind='own' (Twice)"
    )


def test_every_elementary_layer_has_a_kind_of_its_own():
    classes = {
        kind for kind in vars(layers).values() if isinstance(kind, type) and issubclass(kind, layers.Layer)
    }
    elementary = {kind for kind in classes if kind.forward is not layers.Layer.forward}
    kinds = {kind.kind for kind in elementary}
    assert "own" not in kinds
    assert len(kinds) == len(elementary)
