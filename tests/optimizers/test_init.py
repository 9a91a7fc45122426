import pytest

from pellucid import optimizers
from pellucid.errors import ArgumentError, UnknownNameError
from pellucid.optimizers import SGD, Adam, AdamW, RMSprop, schedules


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [
        ("adam", Adam),
        ("Adam", Adam),
        ("ADAMW", AdamW),
        ("rmsprop", RMSprop),
        ("RMSProp", RMSprop),
        ("sgd", SGD),
        (SGD, SGD),
        ({"class_name": "Adam", "config": {"learning_rate": 0.5}}, Adam),
    ],
)
def test_get(identifier, kind):
    assert type(optimizers.get(identifier)) is kind


def test_get_returns_an_object_as_it_is():
    optimizer = SGD()
    assert optimizers.get(optimizer) is optimizer


def test_a_description_says_all_but_the_state():
    optimizer = SGD(schedules.PolynomialDecay(0.5, 10), momentum=0.25, nesterov=True, weight_decay=0.125)
    again = optimizers.deserialize(optimizers.serialize(optimizer))
    assert again.get_config() == optimizer.get_config()
    assert again.learning_rate == 0.5


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError) as error:
        optimizers.get("Adem")
    assert str(error.value) == "There is no optimizer 'Adem': did you mean 'adam'?"


def test_anything_else_is_refused():
    with pytest.raises(ArgumentError) as error:
        optimizers.get(3)
    assert str(error.value) == (
        "optimizer takes a name such as 'adam', or an object or class of that kind. Received: optimizer=3"
    )
