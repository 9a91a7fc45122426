"""Experiments as declarations: the lab's table, configurations, and finding them."""

from __future__ import annotations

import json

import pytest

from pellucid import Sequential, layers, optimizers
from pellucid.errors import ArgumentError, UnknownNameError
from pellucid.experiments import EXPERIMENTS, Experiment, Split, find, names

SHAPES = {"mnist": (28, 28, 1), "cifar10": (32, 32, 3), "digits": (8, 8, 1)}

# name: parameters, optimizer, learning rate, batch size, epochs (the lab's table)
LAB = {
    "mnist-linear": (203_530, "RMSprop", 0.001, 128, 12),
    "mnist-relu": (203_530, "RMSprop", 0.001, 128, 12),
    "mnist-cnn": (1_199_882, "Adadelta", 1.0, 128, 6),
    "mnist-cnn-dropout": (1_199_882, "Adadelta", 1.0, 128, 6),
    "cifar10-cnn": (443_882, "RMSprop", 1e-4, 32, 20),
    "digits-cnn": (510, "Adam", 0.001, 128, 100),
    "digits-cnn-64": (6_410, "Adam", 0.001, 128, 100),
    "digits-perceptron": (650, "Adam", 0.001, 128, 100),
}


def test_every_row_of_the_labs_table_is_there():
    assert names()[: len(LAB) + 1] == [*LAB, "mnist-by-hand"]


@pytest.mark.parametrize("name", LAB)
def test_the_recipe_is_the_labs(name):
    experiment = find(name)
    height, width, channels = SHAPES[experiment.dataset]
    shape = (height * width * channels,) if experiment.flat else (height, width, channels)
    network = Sequential([layers.Input(shape), *experiment.fresh_layers()])
    optimizer = optimizers.get(experiment.optimizer)
    found = (
        network.count_params(),
        type(optimizer).__name__,
        optimizer.learning_rate,
        experiment.batch_size,
        experiment.epochs,
    )
    assert found == LAB[name]


def test_cifar10_has_the_labs_decay_and_its_test_images_for_validation():
    experiment = find("cifar10-cnn")
    optimizer = optimizers.get(experiment.with_recipe().optimizer)
    optimizer.iterations = 1_000_000
    assert optimizer.learning_rate == pytest.approx(1e-4 / 2)
    assert experiment.split.validation == "test"


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda one: one.name)
def test_a_configuration_makes_the_same_experiment(experiment):
    config = json.loads(json.dumps(experiment.to_config()))
    assert Experiment.from_config(config).to_config() == config


def test_layers_are_a_pattern_and_each_run_has_its_own():
    experiment = find("digits-cnn")
    first, second = experiment.fresh_layers(), experiment.fresh_layers()
    assert all(one is not other for one, other in zip(first, second, strict=True))
    assert [layer.name for layer in first] == [layer.name for layer in second]


def test_a_recipe_can_be_changed_and_the_declaration_stays():
    experiment = find("cifar10-cnn")
    changed = experiment.with_recipe(epochs=3, batch_size=64, learning_rate=0.5)
    assert (changed.epochs, changed.batch_size) == (3, 64)
    assert optimizers.get(changed.optimizer).learning_rate == 0.5
    assert (find("cifar10-cnn").epochs, optimizers.get(experiment.optimizer).learning_rate) == (20, 1e-4)


def test_an_unknown_name_offers_the_nearest():
    with pytest.raises(
        UnknownNameError, match=r"There is no experiment 'mnist-cn': did you mean 'mnist-cnn'\?"
    ):
        find("mnist-cn")


def test_an_experiment_needs_layers_and_a_name_for_a_folder():
    with pytest.raises(ArgumentError, match=r"Experiment 'mine' needs layers. Received: layers=\[\]"):
        Experiment("mine", "", "digits")
    with pytest.raises(ArgumentError, match=r"after each cycle. Received: split=Split\('none'\)"):
        Experiment("mine", "", "digits", program="by hand", split=Split("none"))
    with pytest.raises(
        ArgumentError, match=r"patience is a whole number of at least 1. Received: patience=0"
    ):
        Experiment("mine", "", "digits", [layers.Dense(2)], patience=0)
    with pytest.raises(ArgumentError, match=r"'mine' cannot end early: .* images. Received: patience=3"):
        Experiment("mine", "", "digits", [layers.Dense(2)], patience=3, split=Split("none"))
    with pytest.raises(ArgumentError, match=r"no spaces and no slashes. Received: name='a b'"):
        Experiment("a b", "", "digits", [layers.Dense(2)])


def test_an_experiment_in_a_file(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(
        "from pellucid.experiments import Experiment\n"
        "from pellucid.layers import Dense\n"
        "mine = Experiment('mine', 'A perceptron', 'digits', [Dense(10, activation='softmax')], flat=True)\n"
        "same = mine\n"
    )
    assert find(str(file)).name == "mine"
    file.write_text("x = 1\n")
    with pytest.raises(
        ArgumentError, match=r"declares one pellucid.experiments.Experiment. Received: .* with none"
    ):
        find(str(file))
    with pytest.raises(UnknownNameError, match="There is no file"):
        find(str(tmp_path / "other.py"))


def test_a_split_by_default_is_stratified():
    assert Split() == Split("stratified", 0.2, 0.25)
