"""Modules, classes and functions of Keras that pellucid lacks: what to write instead."""

import importlib

import pytest

import pellucid
from pellucid.core.keras.modules import INSTEAD, instead_of_name, lacking, sentence
from pellucid.core.keras.table import is_module, names_in

WITH_ANSWERS = (
    "",
    *("activations", "callbacks", "datasets", "initializers", "layers", "losses", "metrics", "models"),
    *("optimizers", "optimizers.schedules", "utils"),
)


# Both have these modules: the advice is for names in them
OF_BOTH = ("callbacks", "datasets", "engine", "layers", "optimizers.schedules", "utils")


def module_of(name):
    return importlib.import_module(f"pellucid.{name}".rstrip("."))


@pytest.mark.parametrize("name", WITH_ANSWERS)
def test_every_name_of_keras_is_there_or_answered(name):
    module = module_of(name)
    for lacked in sorted(names_in(name)):
        if hasattr(module, lacked):
            continue
        with pytest.raises(AttributeError) as error:
            getattr(module, lacked)
        assert str(error.value).startswith(f"{name}.{lacked} is in Keras".lstrip("."))
        assert "did you mean" not in str(error.value)


@pytest.mark.parametrize("path", sorted(INSTEAD))
def test_advice_is_only_given_for_names_of_keras_that_are_lacking(path):
    module, _, name = path.rpartition(".")
    assert is_module(path) or name in names_in(module)
    if module in WITH_ANSWERS and path not in OF_BOTH:
        assert not hasattr(module_of(module), name)


@pytest.mark.parametrize("name", ["Dens", "Lstm", "sequential_"])
def test_a_slip_is_not_taken_for_a_name_of_keras(name):
    assert instead_of_name(f"layers.{name}") is None
    assert sentence(name) is None
    with pytest.raises(AttributeError, match=rf"^module 'pellucid.layers' has no attribute '{name}'$"):
        lacking("pellucid.layers")(name)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("layers.LSTM", "pellucid recognises images"),
        ("layers.Conv1D", "images have two axes"),
        ("layers.Concatenate", "a chain of layers"),
        ("layers.LeakyReLU", "ReLU and Softmax are layers here"),
        ("layers.RandomRotation", "change the images with NumPy before fit"),
        ("layers.ZeroPadding2D", "a subclass of layers.Layer"),
        ("losses.BinaryCrossentropy", "Dense(2, activation='softmax')"),
        ("preprocessing.image.ImageDataGenerator", "begin the network with Rescaling"),
        ("backend.clear_session", "leave it out"),
        ("applications.VGG16", "no trained networks come with pellucid"),
        ("optimizers.schedules.CosineDecayRestarts", "optimizers.schedules.LearningRateSchedule"),
    ],
)
def test_the_answer_is_that_of_the_kind(path, words):
    assert words in instead_of_name(path)


def test_the_package_itself_answers():
    with pytest.raises(AttributeError, match=r"^Model is in Keras, but not in pellucid: a network is"):
        pellucid.Model  # noqa: B018  # getting it is what is tested
    with pytest.raises(AttributeError, match=r"^module 'pellucid' has no attribute 'horse'$"):
        pellucid.horse  # noqa: B018  # the same
