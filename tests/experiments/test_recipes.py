"""pellucid's own recipes: what they promise of themselves, and that they learn."""

from __future__ import annotations

from math import ceil

import pytest

from pellucid import Sequential, optimizers
from pellucid.datasets import describe
from pellucid.experiments import find, names
from pellucid.experiments.coursework import EXPERIMENTS as OF_THE_LAB
from pellucid.experiments.recipes import RECIPES
from pellucid.layers import Input

EACH = pytest.mark.parametrize("recipe", RECIPES, ids=lambda one: one.name)


def test_they_can_be_found_after_those_of_the_lab():
    assert names() == [one.name for one in (*OF_THE_LAB, *RECIPES)]
    assert find("mnist-fast") is RECIPES[0]


@EACH
def test_they_learn_from_all_training_images_and_never_look_at_others(recipe):
    assert recipe.split.validation == "none"


@EACH
def test_the_rate_rises_once_and_falls_until_the_last_step(recipe):
    steps = recipe.epochs * ceil(describe(recipe.dataset).train_images / recipe.batch_size)
    optimizer = optimizers.get(recipe.with_recipe().optimizer)
    rates = []
    for optimizer.iterations in range(steps):
        rates.append(optimizer.learning_rate)
    top = rates.index(max(rates))
    assert 0 < top < steps / 2
    assert rates[:top] == sorted(rates[:top])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] < max(rates) / 20


@EACH
def test_no_layer_wants_the_whole_batch(recipe):  # one thread would compute it while the others wait
    assert not any(layer.needs_whole_batch for layer in recipe.layers)


@EACH
def test_each_network_can_be_built(recipe):
    shape = {"mnist": (28, 28, 1), "cifar10": (32, 32, 3)}[recipe.dataset]
    assert Sequential([Input(shape), *recipe.fresh_layers()]).output_shape == (10,)
