"""What is said about Keras's names that pellucid lacks: never a name that computes something else."""

import pytest

from pellucid import activations, initializers, layers, losses, metrics, optimizers
from pellucid.core.keras_names import INSTEAD, METHODS, RENAMED, argument_instead, instead_of
from pellucid.errors import UnknownNameError
from pellucid.models import Sequential

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


@pytest.mark.parametrize(
    "name", ["steps_per_epoch", "clipnorm", "kernel_regularizer", "loss_weights", "ignore_class"]
)
def test_no_advice_is_to_leave_out_what_changes_the_training(name):
    assert argument_instead(name)
    assert "leave it out" not in argument_instead(name)


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_missing_method_says_what_to_write(name):
    network = Sequential([layers.Input((3,)), layers.Dense(2)])
    assert not hasattr(network, name)
    with pytest.raises(AttributeError) as error:
        getattr(network, name)
    assert str(error.value) == f"Sequential has no {name}: {METHODS[name]}."


def test_renamed_arguments_of_layers():
    for make, today in [
        (lambda: layers.Conv2D(4, (3, 3), border_mode="same"), "border_mode='same': write padding='same'"),
        (lambda: layers.Conv2D(nb_filter=4, nb_row=3, nb_col=3), "nb_filter=4: write filters=4"),
        (lambda: layers.Dropout(p=0.5), "p=0.5: write rate=0.5"),
        (lambda: layers.Dense(4, init="uniform"), "init='uniform': write kernel_initializer='uniform'"),
        (lambda: layers.Dense(output_dim=4), "output_dim=4: write units=4"),
        (lambda: layers.MaxPooling2D((2, 2), border_mode="same"), "border_mode='same': write padding='same'"),
    ]:
        with pytest.raises(UnknownNameError) as error:
            make()
        assert str(error.value).endswith(today)
    assert "padding" not in RENAMED


def test_a_layer_of_ones_own_may_call_an_argument_as_it_likes():
    class Mine(layers.Layer):
        def __init__(self, p, **options):
            super().__init__(**options)
            self.p = p

    assert Mine(p=3).p == 3
