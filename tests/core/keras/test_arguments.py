"""Arguments of Keras that pellucid lacks: what to write instead."""

import pytest

from pellucid import callbacks, initializers, layers, losses, metrics, optimizers
from pellucid.core.keras.arguments import RENAMED, argument_instead
from pellucid.core.keras.table import arguments_of
from pellucid.core.old_spellings import reject_unknown
from pellucid.errors import ArgumentError, UnknownNameError

HOMES = (layers, losses, metrics, optimizers, callbacks, initializers)
CLASSES = sorted(
    (vars(home)[name] for home in HOMES for name in home.__all__ if isinstance(vars(home)[name], type)),
    key=lambda one: one.__name__,
)
NEEDED = {
    "Dense": {"units": 3},
    "Conv2D": {"filters": 3, "kernel_size": 3},
    "Dropout": {"rate": 0.5},
    "Activation": {"activation": "relu"},
    "Rescaling": {"scale": 1},
    "RandomTranslation": {"height_factor": 0.1, "width_factor": 0.1},
    "Input": {"shape": (3,)},
    "ModelCheckpoint": {"filepath": "a.safetensors"},
    "CSVLogger": {"filename": "a.csv"},
    "LearningRateScheduler": {"schedule": lambda epoch: 0.1},
}


def message_of(make):
    """Return the message of the error of pellucid that a call raises; empty if it raises none, or another."""
    try:
        make()
    except ArgumentError as error:
        return str(error)
    except (TypeError, AttributeError):  # a value of the wrong kind for an argument that is there
        pass
    return ""


@pytest.mark.filterwarnings("ignore::pellucid.errors.PellucidNote")
def test_no_argument_of_keras_gets_another_one_as_a_correction():
    messages = {
        (one.__name__, name): message_of(lambda: one(**{**NEEDED.get(one.__name__, {}), name: object()}))  # noqa: B023  # called at once
        for one in CLASSES
        for name in arguments_of(one.__name__)
    }
    answered = [
        text for (_, name), text in messages.items() if f"no argument {name}" in text or "in Keras" in text
    ]
    assert len(answered) > 20
    assert not [text for text in answered if "did you mean" in text]


def test_an_argument_of_keras_without_advice_is_said_to_be_one():
    with pytest.raises(UnknownNameError, match=r"Conv2D has no argument quantise=1: known are"):
        layers.Conv2D(4, 3, quantise=1)
    with pytest.raises(UnknownNameError, match=r"num_thresholds=3: it is in Keras, but not in pellucid"):
        reject_unknown("AUC", {"num_thresholds": 3}, ["name"])


@pytest.mark.parametrize(
    "name", ["steps_per_epoch", "clipnorm", "kernel_regularizer", "loss_weights", "ignore_class"]
)
def test_no_advice_is_to_leave_out_what_changes_the_training(name):
    assert argument_instead(name)
    assert "leave it out" not in argument_instead(name)


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
