"""What is measured is described as data, for images of every dataset."""

from __future__ import annotations

import pytest

from pellucid.bench.recipe import Recipe
from pellucid.datasets import describe, names
from pellucid.errors import ArgumentError
from pellucid.experiments import Experiment
from pellucid.layers import Dense


def perceptron(dataset: str) -> Experiment:
    return Experiment("mine", "A perceptron", dataset, [Dense(10, activation="softmax")], flat=True)


@pytest.mark.parametrize("dataset", names())
def test_a_network_for_each_dataset_can_be_measured(dataset):
    recipe = Recipe.of(perceptron(dataset))
    height, width, channels = describe(dataset).shape
    images, labels = recipe.data(2)
    assert images.shape == (2, height * width * channels)
    assert recipe.network().predict(images, verbose=0).shape == (len(labels), 10)


def test_images_of_unknown_shape_are_refused():
    with pytest.raises(ArgumentError, match=r"in the shape of digits, mnist.* with dataset='my-photographs'"):
        Recipe.of(perceptron("my-photographs"))
