import pytest

from pellucid import layers
from pellucid.errors import FileFormatError
from pellucid.graph.configuration import described_operations, layer_from_config, layer_to_config
from pellucid.graph.graph import Graph, operations_of


def test_described_operations_are_those_of_the_layers():
    made = [
        layers.RandomFlip(),
        layers.Conv2D(2, 3, activation="relu"),
        layers.Flatten(),
        layers.Activation("relu"),
        layers.Activation(None),
        layers.Dense(3, activation="softmax"),
    ]
    described = described_operations(map(layer_to_config, made))
    steps = Graph.chain((), operations_of(made))
    assert [(one.kind, one.family, one.name) for one in described] == [
        (step.kind, step.family, step.name) for step in steps
    ]


@pytest.mark.parametrize(
    ("entry", "kinds"),
    [
        ({"class_name": "Mine", "config": {"name": "mine"}}, ["own"]),
        ({"class_name": "Mine", "config": {"activation": "relu"}}, ["own", "relu"]),
        ({"class_name": "Activation", "config": {"activation": "tanh"}}, ["own"]),
        ({"class_name": "InputLayer"}, []),
    ],
)
def test_what_pellucid_does_not_have_is_of_a_kind_of_its_own(entry, kinds):
    assert [operation.kind for operation in described_operations([entry])] == kinds


def test_a_layer_that_pellucid_does_not_have_cannot_be_made():
    with pytest.raises(
        FileFormatError, match=r"knows no layer 'Mine'; it knows Activation, AveragePooling2D"
    ):
        layer_from_config({"class_name": "Mine", "config": {}})
