"""The speed of the matrix product, and the arithmetic of networks counted by hand."""

from __future__ import annotations

import pytest

from pellucid import Sequential, layers
from pellucid.bench.ceiling import operations_per_image, products_per_second
from pellucid.bench.network_spec import NetworkSpec
from pellucid.experiments import find


def test_the_operations_of_one_image_counted_by_hand():
    network = Sequential(
        [
            layers.Input((5, 5, 2)),
            layers.Conv2D(3, 2),  # 4×4 places × 2·2·2 weights × 3 kernels
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(7),  # 12 × 7
        ]
    )
    assert operations_per_image(network) == 2 * (2 * 16 * 8 * 3) + 3 * (2 * 12 * 7)


def test_mnist_cnn_is_72_million_operations():
    network = NetworkSpec.of(find("mnist-cnn")).network()
    assert operations_per_image(network) == pytest.approx(72e6, rel=0.01)


def test_the_ceiling_is_a_speed():
    assert 1e8 < products_per_second(1) < 1e15
