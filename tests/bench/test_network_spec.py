"""What is measured is described as data, for images of every dataset."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from pellucid import layers
from pellucid.bench.network_spec import NetworkSpec
from pellucid.datasets import describe, names
from pellucid.errors import ArgumentError
from pellucid.experiments import Experiment
from pellucid.layers import Dense


def perceptron(dataset: str) -> Experiment:
    return Experiment("mine", "A perceptron", dataset, [Dense(10, activation="softmax")], flat=True)


@pytest.mark.parametrize("dataset", names())
def test_a_network_for_each_dataset_can_be_measured(dataset):
    spec = NetworkSpec.of(perceptron(dataset))
    height, width, channels = describe(dataset).shape
    images, labels = spec.data(2)
    assert images.shape == (2, height * width * channels)
    assert spec.network().predict(images, verbose=0).shape == (len(labels), 10)


def test_images_of_unknown_shape_are_refused():
    with pytest.raises(ArgumentError, match=r"in the shape of digits, mnist.*, dataset='my-photographs'"):
        NetworkSpec.of(perceptron("my-photographs"))


def test_random_data_is_neither_zero_nor_changing(spec):
    x, classes = spec.data(50)
    again, _ = spec.data(50)
    assert x.dtype == np.float32
    assert x.shape == (50, 8, 8, 1)
    assert 0.4 < x.mean() < 0.6
    np.testing.assert_array_equal(x, again)
    assert set(classes) <= set(range(10))
    assert all(not np.array_equal(a, b) for a, b in itertools.pairwise(x))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"dataset": "my/photos"}, "dataset='my/photos'"),
        ({"program": "by hand"}, "has a network of layers"),
    ],
)
def test_experiments_that_cannot_be_measured(small, change, told):
    with pytest.raises(ArgumentError, match=told):
        NetworkSpec.of(small(**change))


def test_a_network_without_classes(small):
    spec = NetworkSpec.of(small(layers=[layers.Flatten()]))
    with pytest.raises(ArgumentError, match="has a Dense layer with a unit for each class"):
        spec.data(1)
