"""Random layers: what they do to images, how often, and that it does not depend on how a batch is cut."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid import Sequential, layers
from pellucid.core.pass_context import PassContext
from pellucid.errors import ArgumentError, ShapeError, UnknownNameError

TRAINING = PassContext(training=True, seed=3, iteration=5)


def built(layer, shape=(8, 6, 2), index=0):
    layer.build(shape, index=index)
    return layer


def images(n, shape=(8, 6, 2)):
    return np.random.default_rng(0).normal(size=(n, *shape)).astype(np.float32)


MAKE = {
    "flip": lambda: layers.RandomFlip("horizontal"),
    "translation": lambda: layers.RandomTranslation(0.3, 0.3),
    "whole translation": lambda: layers.RandomTranslation(0.3, 0.3, interpolation="nearest"),
}
EACH = pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)


@EACH
def test_nothing_happens_outside_training(make):
    layer, x = built(make()), images(4)
    outputs, saved = layer.forward(x, PassContext())
    assert outputs is x
    assert layer.backward(x, saved)[0] is x


@EACH
def test_a_piece_is_what_it_is_in_the_whole_batch(make):
    layer, x = built(make()), images(10)
    whole, _ = layer.forward(x, TRAINING)
    pieces = [
        layer.forward(x[first:last], TRAINING._replace(first_image=first))[0]
        for first, last in ((0, 3), (3, 4), (4, 10))
    ]
    np.testing.assert_array_equal(np.concatenate(pieces), whole)
    assert not np.array_equal(
        layer.forward(x[4:], TRAINING)[0], whole[4:]
    )  # as it would be, were it the first


@EACH
def test_another_seed_step_or_layer_is_another_draw(make):
    x = images(50)

    def outputs(index=0, **changes):
        return built(make(), index=index).forward(x, TRAINING._replace(**changes))[0]

    np.testing.assert_array_equal(outputs(), outputs())
    for other in (outputs(seed=4), outputs(iteration=6), outputs(index=1)):
        assert not np.array_equal(outputs(), other)


@EACH
def test_training_has_the_same_bits_on_any_number_of_threads(make):
    x, y = images(40), np.arange(40) % 3

    def trained(threads):
        network = Sequential(
            [layers.Input((8, 6, 2)), make(), layers.Conv2D(8, 3), layers.Flatten(), layers.Dense(3)], seed=1
        )
        network.compile("sgd", "mean_squared_error")
        network.fit(x, np.eye(3)[y], batch_size=16, epochs=2, verbose=0, threads=threads)
        return network.predict(x)

    np.testing.assert_array_equal(trained(1), trained(3))


@pytest.mark.parametrize(
    ("mode", "flipped"),
    [
        ("horizontal", lambda x: x[:, ::-1]),
        ("vertical", lambda x: x[::-1]),
        ("horizontal_and_vertical", lambda x: x[::-1, ::-1]),
    ],
)
def test_an_image_is_flipped_or_not_half_and_half(mode, flipped):
    x = images(4000, (3, 2, 1))
    outputs, _ = built(layers.RandomFlip(mode), (3, 2, 1)).forward(x, TRAINING)
    count = 0
    for before, after in zip(x, outputs, strict=True):
        count += np.array_equal(after, flipped(before))
        assert np.array_equal(after, before) or np.array_equal(after, flipped(before))
    assert abs(count - 2000) < 4 * 4000**0.5 / 2  # four standard deviations


def test_distances_are_spread_evenly_within_their_range():
    layer = built(layers.RandomTranslation((-0.5, 0.25), 0.5), (8, 20, 1))
    down, right = layer.distances(4000, TRAINING)
    for distances, low, high in ((down, -4, 2), (right, -10, 10)):
        assert low <= distances.min() < distances.max() <= high
        counts, _ = np.histogram(distances, bins=10, range=(low, high))
        assert ((counts - 400) ** 2 / 400).sum() < 27.9  # chi-squared, 9 degrees of freedom, 1 in 1,000
    assert abs(np.corrcoef(down, right)[0, 1]) < 4 / 4000**0.5


def test_whole_distances_are_the_others_rounded():
    shape = (8, 20, 1)
    some = built(layers.RandomTranslation(0.3, 0.2), shape).distances(100, TRAINING)
    whole = built(layers.RandomTranslation(0.3, 0.2, interpolation="nearest"), shape).distances(100, TRAINING)
    np.testing.assert_array_equal(np.rint(some), whole)
    assert (np.unique(whole[0]) == [-2, -1, 0, 1, 2]).all()


def test_a_factor_may_be_negative_or_the_wrong_way_round():
    def down(factor):
        return built(layers.RandomTranslation(factor, 0.0)).distances(20, TRAINING)[0]

    np.testing.assert_array_equal(down(-0.2), down(0.2))
    np.testing.assert_array_equal(down([0.3, -0.1]), down((-0.1, 0.3)))


@pytest.mark.parametrize(
    ("error", "make", "told"),
    [
        (
            UnknownNameError,
            lambda: layers.RandomFlip("horisontal"),
            "no mode 'horisontal' of RandomFlip: did",
        ),
        (
            ArgumentError,
            lambda: layers.RandomTranslation(2, 0),
            r"height_factor .* \[-1, 1\]. Received: .*=2",
        ),
        (ArgumentError, lambda: layers.RandomTranslation(0, "a"), r"Received: width_factor='a'"),
        (
            ArgumentError,
            lambda: layers.RandomTranslation((0, 0.1, 0.2), 0),
            r"height_factor as one number or two",
        ),
        (UnknownNameError, lambda: layers.RandomTranslation(0, 0, "wrapp"), "fill_mode 'wrapp'.*mean 'wrap'"),
        (
            UnknownNameError,
            lambda: layers.RandomTranslation(0, 0, interpolation="bicubic"),
            "no interpolation 'bicubic'.*: known are 'bilinear', 'nearest'",
        ),
        (ArgumentError, lambda: layers.RandomTranslation(0, 0, fill_value=np.nan), "fill_value as a finite"),
        (ShapeError, lambda: built(layers.RandomFlip(), (5,)), r"takes images \(N, H, W, C\)"),
    ],
)
def test_bad_arguments(error, make, told):
    with pytest.raises(error, match=told):
        make()


PICTURES = np.tile(np.arange(16.0).reshape(1, 4, 4, 1), (24, 1, 1, 1))


@pytest.mark.parametrize("layer", [layers.RandomFlip, lambda: layers.RandomTranslation(0.5, 0.5)])
def test_called_without_training_they_change_images_as_in_keras(layer):
    assert len(np.unique(layer()(PICTURES), axis=0)) > 1
    np.testing.assert_array_equal(layer()(PICTURES, training=False), PICTURES)


def test_a_network_called_without_training_changes_images_and_drops_nothing():
    network = Sequential([layers.Input((4, 4, 1)), layers.RandomFlip(), layers.Dropout(0.5)], seed=0)
    called = network(PICTURES)
    assert len(np.unique(called, axis=0)) == 2
    assert set(np.unique(called)) <= set(range(16))
    assert (called.sum(axis=(1, 2, 3)) == PICTURES[0].sum()).all()
    np.testing.assert_array_equal(network(PICTURES, training=False), PICTURES)
    np.testing.assert_array_equal(network.predict(PICTURES), PICTURES)
