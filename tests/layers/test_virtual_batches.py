"""Batch normalisation over groups of the batch, which threads can share out."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid import Sequential, layers
from pellucid.core.pass_context import PassContext
from pellucid.engine.plan import Plan
from pellucid.errors import ArgumentError

TRAINING = PassContext(training=True)


def built(size, **options):
    layer = layers.BatchNormalization(virtual_batch_size=size, **options)
    layer.build((4, 3, 2))
    layer.parameters["gamma"][...] = [2, 0.5]
    layer.parameters["beta"][...] = [-1, 3]
    return layer


def draw(n, seed=0):
    return np.random.default_rng(seed).normal(1, 2, (n, 4, 3, 2)).astype(np.float32)


@pytest.mark.parametrize("size", [10, 16])
def test_one_group_is_the_ordinary_form(size):
    x, gradient = draw(10), draw(10, 1)
    one, other = built(size), built(None)
    (y, saved), (y_expected, saved_expected) = one.forward(x, TRAINING), other.forward(x, TRAINING)
    np.testing.assert_array_equal(y, y_expected)
    (dx, own), (dx_expected, own_expected) = (
        one.backward(gradient, saved),
        other.backward(gradient, saved_expected),
    )
    np.testing.assert_array_equal(dx, dx_expected)
    np.testing.assert_array_equal(own, own_expected)
    one.update_state(saved)
    other.update_state(saved_expected)
    np.testing.assert_array_equal(one.state["moving_variance"], other.state["moving_variance"])


def test_each_group_is_normalised_by_itself():
    x, gradient = draw(10), draw(10, 1)
    layer = built(4, momentum=0.5)
    y, saved = layer.forward(x, TRAINING)
    dx, (d_gamma, d_beta) = layer.backward(gradient, saved)
    alone, d_gammas, mean, variance = built(None), 0, np.zeros(2), np.ones(2)
    for group in (slice(0, 4), slice(4, 8), slice(8, 10)):
        y_alone, kept = alone.forward(x[group], TRAINING)
        dx_alone, own = alone.backward(gradient[group], kept)
        np.testing.assert_allclose(y[group], y_alone, rtol=1e-6)
        np.testing.assert_allclose(dx[group], dx_alone, rtol=1e-5, atol=1e-6)
        d_gammas = d_gammas + own[0]
        mean = 0.5 * mean + 0.5 * x[group].mean(axis=(0, 1, 2))
        variance = 0.5 * variance + 0.5 * x[group].var(axis=(0, 1, 2))
    np.testing.assert_allclose(d_gamma, d_gammas, rtol=1e-5)
    np.testing.assert_allclose(d_beta, gradient.sum(axis=(0, 1, 2)), rtol=1e-4)
    layer.update_state(saved)
    np.testing.assert_allclose(layer.state["moving_mean"], mean, rtol=1e-5)
    np.testing.assert_allclose(layer.state["moving_variance"], variance, rtol=1e-5)


def test_whole_groups_are_a_piece_like_any_other():
    x, layer = draw(10), built(2)
    whole, _ = layer.forward(x, TRAINING)
    pieces = [layer.forward(x[at : at + 4], TRAINING._replace(first_image=at))[0] for at in (0, 4, 8)]
    np.testing.assert_array_equal(np.concatenate(pieces), whole)


def test_after_training_there_are_no_groups():
    x, layer = draw(10), built(4)
    np.testing.assert_array_equal(
        layer.forward(x, PassContext())[0], built(None).forward(x, PassContext())[0]
    )


def stages(*made):
    return Plan(Sequential([layers.Input((32, 32, 16)), *made], seed=1).graph).stages


def test_micro_batches_are_whole_groups():
    (stage,) = stages(
        layers.BatchNormalization(virtual_batch_size=6),
        layers.ReLU(),
        layers.BatchNormalization(virtual_batch_size=4),
    )
    assert stage.micro_batch_size(1000) % 12 == 0
    assert stage.micro_batch_size(1000) < 1000
    assert stage.micro_batch_size(7) == 7  # a batch of fewer is one micro-batch
    (free,) = stages(layers.ReLU())
    no_larger_than_needed = range(12)
    assert stage.micro_batch_size(1000) - free.micro_batch_size(1000) in no_larger_than_needed


def test_training_has_the_same_bits_on_any_number_of_threads():
    x, y = draw(50), np.eye(3)[np.arange(50) % 3]

    def trained(threads):
        made = [
            layers.Conv2D(8, 3, padding="same"),
            layers.BatchNormalization(virtual_batch_size=4),
            layers.Flatten(),
            layers.Dense(3),
            layers.BatchNormalization(virtual_batch_size=8),
        ]
        network = Sequential([layers.Input((4, 3, 2)), *made], seed=1)
        network.compile("sgd", "mean_squared_error")
        network.fit(x, y, batch_size=20, epochs=2, verbose=0, threads=threads)
        return network

    one, three = trained(1), trained(3)
    for before, after in zip(one.get_weights(), three.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
    assert not np.array_equal(one.layers[1].state["moving_mean"], np.zeros(8))


@pytest.mark.parametrize("size", [0, 2.5, True])
def test_a_group_has_an_image(size):
    with pytest.raises(ArgumentError, match=rf"virtual_batch_size as a whole number .* Received: .*={size}"):
        layers.BatchNormalization(virtual_batch_size=size)
