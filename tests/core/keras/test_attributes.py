"""Methods and attributes of Keras's objects that pellucid lacks: what to write instead."""

import copy
import pickle

import pytest

from pellucid import layers, losses, metrics, optimizers
from pellucid.core.keras.attributes import LAYER, LOSS, METRIC, NETWORK, OPTIMIZER, no_attribute
from pellucid.models import Sequential

OBJECTS = {
    "Model": (Sequential([layers.Input((3,)), layers.Dense(2)], seed=0), NETWORK),
    "Layer": (layers.Dense(2), LAYER),
    "Optimizer": (optimizers.Adam(), OPTIMIZER),
    "Metric": (metrics.CategoricalAccuracy(), METRIC),
    "Loss": (losses.MeanSquaredError(), LOSS),
}


@pytest.mark.parametrize("kind", OBJECTS)
def test_a_missing_attribute_says_what_to_write(kind):
    thing, advice = OBJECTS[kind]
    for name in advice:
        assert not hasattr(thing, name)
        with pytest.raises(AttributeError) as error:
            getattr(thing, name)
        assert str(error.value) == f"{type(thing).__name__} has no {name}: {advice[name].format(name=name)}."


def test_what_is_advised_is_there():
    dense = layers.Dense(2)
    dense.build((3,))
    assert dense.parameters["kernel"].shape == (3, 2)
    assert dense.parameter_count == 8
    assert dense.output_shape_for((3,)) == (2,)


def test_attributes_without_advice_are_said_to_be_of_keras():
    with pytest.raises(AttributeError, match=r"^Dense has no quantize: it is in Keras, but not"):
        OBJECTS["Layer"][0].quantize  # noqa: B018  # getting it is what is tested
    assert no_attribute("Layer", "horse", "Dense") is None
    assert no_attribute("Horse", "kernel", "Dense") is None


@pytest.mark.parametrize("kind", OBJECTS)
def test_other_missing_attributes_are_answered_as_by_python(kind):
    thing = OBJECTS[kind][0]
    with pytest.raises(AttributeError, match=rf"^'{type(thing).__name__}' object has no attribute 'horse'$"):
        thing.horse  # noqa: B018  # getting it is what is tested


@pytest.mark.parametrize("kind", OBJECTS)
def test_objects_are_copied_and_pickled_as_before(kind):
    thing = OBJECTS[kind][0]
    for again in (copy.deepcopy(thing), pickle.loads(pickle.dumps(thing))):  # noqa: S301  # our own bytes
        assert again.get_config() == thing.get_config()


def test_a_layer_that_sets_up_none_is_told_so():
    class Mine(layers.Layer):
        def __init__(self):
            self.factor = 3

        def forward(self, inputs, context):
            return inputs, None

    with pytest.raises(AttributeError, match=r"begins its __init__ with super\(\)\.__init__\(\*\*options\)"):
        Sequential([Mine()])
