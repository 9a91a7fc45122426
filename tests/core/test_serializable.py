from types import MappingProxyType
from typing import Any

import pytest

from pellucid.core.serializable import Serializable
from pellucid.errors import ArgumentError, UnknownNameError


class Circle(Serializable):
    options = ("radius", "colour")
    neutral = MappingProxyType({"dtype": None})

    def __init__(self, radius: float = 1.0, colour: str = "red", **unknown: Any) -> None:
        super().__init__(**unknown)
        self.radius = radius
        self.colour = colour


def test_the_configuration_is_the_arguments():
    assert Circle(2.0).get_config() == {"radius": 2.0, "colour": "red"}


def test_the_object_comes_back_from_its_configuration():
    assert Circle.from_config(Circle(2.0, "blue").get_config()).colour == "blue"


def test_repr_can_be_read_by_python():
    assert eval(repr(Circle(2.0, "blue"))).get_config() == Circle(2.0, "blue").get_config()  # noqa: S307 - our own


def test_unknown_arguments_are_refused():
    with pytest.raises(
        UnknownNameError, match=r"^Circle has no argument color='red': did you mean 'colour'\?$"
    ):
        Circle(color="red")


def test_arguments_of_keras_pass_only_where_they_do_nothing():
    Circle(dtype=None)
    with pytest.raises(ArgumentError, match="Circle has dtype in Keras, but not in pellucid"):
        Circle(dtype="float16")
