"""What is said about Keras's names that pellucid lacks: never a name that computes something else."""

import pytest

from pellucid import activations, initializers, layers, losses, metrics, optimizers
from pellucid.core.keras.table import names_in
from pellucid.core.keras.values import INSTEAD, instead_of
from pellucid.errors import ArgumentError, UnknownNameError

GETTERS = {
    "loss": losses.get,
    "activation": activations.name_of,
    "optimizer": optimizers.get,
    "metric": metrics.get,
    "initializer": initializers.get,
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in INSTEAD for name in INSTEAD[kind]])
def test_a_name_of_keras_is_answered_with_advice(kind, name):
    with pytest.raises(UnknownNameError) as error:
        GETTERS[kind](name)
    assert str(error.value) == f"There is no {kind} {name!r}: {INSTEAD[kind][name]}"


@pytest.mark.parametrize(
    "name",
    [
        "binary_crossentropy",
        "BinaryCrossentropy",
        "mae",
        "huber",
        "kl_divergence",
        "categorical_focal_crossentropy",
        "crossentropy",
    ],
)
def test_no_other_loss_is_offered_as_a_correction(name):
    with pytest.raises(UnknownNameError) as error:
        losses.get(name)
    assert "did you mean" not in str(error.value)


def test_two_classes_are_told_how():
    with pytest.raises(UnknownNameError, match=r"end the network in Dense\(2, activation='softmax'\)"):
        losses.get("binary_crossentropy")
    with pytest.raises(
        UnknownNameError, match=r"for two classes end the network in Dense\(2, activation='softmax'\)"
    ):
        layers.Dense(1, activation="sigmoid")


def test_a_slip_still_gets_the_nearest_name():
    with pytest.raises(UnknownNameError, match="did you mean 'categorical_crossentropy'"):
        losses.get("categorical_crosentropy")
    assert instead_of("loss", "categorical_crosentropy") is None
    assert instead_of("engine", "relu") is None


MODULES = {
    "losses": "loss",
    "activations": "activation",
    "optimizers": "optimizer",
    "metrics": "metric",
    "initializers": "initializer",
}
OF_THE_MODULE = {"get", "serialize", "deserialize"}


def message_of(get, name):
    """Return the message for a name that is not known; empty for a name that is, and for a base class."""
    try:
        get(name)
    except UnknownNameError as error:
        return str(error)
    except (ArgumentError, TypeError):
        pass
    return ""


@pytest.mark.filterwarnings("ignore::pellucid.errors.PellucidNote")
@pytest.mark.parametrize("module", MODULES)
def test_no_name_of_keras_gets_another_one_as_a_correction(module):
    get = GETTERS[MODULES[module]]
    messages = {message_of(get, name) for name in names_in(module) - OF_THE_MODULE} - {""}
    assert len(messages) > 3
    assert not [text for text in messages if "did you mean" in text or "known are" in text]


@pytest.mark.parametrize("name", ["ReLU", "Softmax", "reluu"])
def test_an_activation_in_other_letters_gets_its_name(name):
    with pytest.raises(UnknownNameError, match=r"did you mean '(relu|softmax)'"):
        activations.name_of(name)
