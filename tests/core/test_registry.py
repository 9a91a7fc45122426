import json
from typing import Any

import pytest

from pellucid.core.registry import Registry
from pellucid.core.serializable import Serializable
from pellucid.errors import ArgumentError, UnknownNameError


class Shape(Serializable):
    pass


class RoundShape(Shape):
    options = ("radius",)
    aliases = ("round",)

    def __init__(self, radius: float = 1.0, **unknown: Any) -> None:
        super().__init__(**unknown)
        self.radius = radius


def round_shape() -> None:
    """Stands for the class of its name."""


HOME = {"__all__": ["RoundShape", "Shape", "round_shape"], **globals()}
SHAPES: Registry[Shape] = Registry("shape", "keras.shapes", Shape, HOME, "round_shape")


@pytest.mark.parametrize("name", ["round_shape", "RoundShape", "ROUND_SHAPE", "round"])
def test_names_are_found_however_they_are_spelled(name):
    assert type(SHAPES.get(name)) is RoundShape


def test_an_object_comes_back_as_it_is():
    shape = RoundShape(2.0)
    assert SHAPES.get(shape) is shape


def test_a_class_is_made_into_an_object():
    assert type(SHAPES.get(RoundShape)) is RoundShape


def test_a_class_of_the_users_own_will_do():
    class Own(RoundShape):
        pass

    assert type(SHAPES.get(Own)) is Own
    own = Own()
    assert SHAPES.get(own) is own


def test_a_description_survives_json():
    description = json.loads(json.dumps(SHAPES.serialize(RoundShape(2.5))))
    assert description["module"] == "keras.shapes"
    found = SHAPES.get(description)
    assert isinstance(found, RoundShape)
    assert found.radius == 2.5


@pytest.mark.parametrize("key", ["class_name", "name"])
def test_a_description_may_be_short(key):
    assert type(SHAPES.get({key: "round"})) is RoundShape


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError) as error:
        SHAPES.get("Roundshap")
    assert str(error.value) == "There is no shape 'Roundshap': did you mean 'round_shape'?"


@pytest.mark.parametrize("identifier", [None, 3, int, [RoundShape()]])
def test_anything_else_is_refused(identifier):
    with pytest.raises(ArgumentError) as error:
        SHAPES.get(identifier)
    assert str(error.value) == (
        "shape takes a name such as 'round_shape', or an object or class of that kind. "
        f"Received: shape={identifier!r}"
    )


@pytest.mark.parametrize("description", [{}, {"class_name": 3}, {"class_name": "round", "config": 3}])
def test_a_malformed_description_is_refused(description):
    with pytest.raises(ArgumentError) as error:
        SHAPES.get(description)
    assert str(error.value) == (
        "shape described by a dict has a class_name, such as 'round_shape', and a config, "
        f"a dict of its arguments. Received: {description!r}"
    )


def test_a_public_function_stands_for_the_class_of_its_name():
    assert SHAPES.class_of(round_shape) is RoundShape
    assert SHAPES.class_of(max) is None


def test_a_name_is_written_with_underscores_unless_an_alias_spells_it():
    class RMSprop(Shape):
        aliases = ("rmsprop",)

    class TopKAccuracy(Shape):
        pass

    registry: Registry[Shape] = Registry(
        "shape", "keras.shapes", Shape, HOME, "round_shape", internal=(RMSprop, TopKAccuracy)
    )
    assert registry.names == ["round_shape", "round", "rmsprop", "top_k_accuracy"]


def test_aliases_are_not_inherited():
    class Ball(RoundShape):
        pass

    registry: Registry[Shape] = Registry(
        "shape", "keras.shapes", Shape, HOME, "round_shape", internal=(Ball,)
    )
    assert type(registry.get("round")) is RoundShape
    assert type(registry.get("ball")) is Ball


def test_the_base_itself_has_no_name():
    with pytest.raises(UnknownNameError):
        SHAPES.get("shape")
