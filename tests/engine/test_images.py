"""Images that become floats a few rows at a time: the same bits as all at once, wherever images go."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid import Sequential, layers
from pellucid.engine.compiled import PixelSource
from pellucid.engine.images import NumpySource, ScaledImages, part_of
from pellucid.errors import ArgumentError, ShapeError

PIXELS = np.random.default_rng(0).integers(0, 256, (90, 8, 8, 1), dtype=np.uint8)
LABELS = np.arange(90) % 3


def all_at_once(pixels, divisor, flat):
    values = pixels.astype(np.float32)
    if divisor is not None:
        values /= np.float32(divisor)
    return values.reshape(len(values), -1) if flat else values


def assert_same_bits(one, other):
    assert (one.dtype, one.shape) == (other.dtype, other.shape)
    assert one.tobytes() == other.tobytes()


@given(
    shape=st.tuples(st.integers(1, 9), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3)),
    divisor=st.sampled_from([None, 255, 16, 1]),
    flat=st.booleans(),
    data=st.data(),
)
def test_rows_have_the_bits_that_they_have_when_all_are_made_at_once(shape, divisor, flat, data):
    pixels = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    if data.draw(st.booleans()):
        pixels = np.asfortranarray(pixels)
    images, arrays = ScaledImages(pixels, divisor, flat=flat), all_at_once(pixels, divisor, flat)
    assert (images.shape, images.ndim, len(images)) == (arrays.shape, arrays.ndim, len(arrays))
    rows = data.draw(
        st.slices(len(pixels))
        | st.integers(0, len(pixels) - 1)
        | st.lists(st.integers(-len(pixels), len(pixels) - 1), min_size=1).map(np.array)
    )
    assert_same_bits(images[rows], arrays[rows])
    assert_same_bits(np.asarray(images), arrays)
    if not isinstance(rows, int):
        assert_same_bits(np.asarray(images.part(rows)), arrays[rows])


def test_a_part_keeps_its_pixels():
    part = part_of(ScaledImages(PIXELS, 255), np.array([3, 1]))
    assert part.pixels.dtype == np.uint8
    assert_same_bits(part[:], all_at_once(PIXELS, 255, False)[[3, 1]])
    assert part_of(PIXELS, slice(5)).shape == (5, 8, 8, 1)


def test_it_is_taken_apart_by_rows_only():
    with pytest.raises(ArgumentError) as error:
        ScaledImages(PIXELS)[0, 3]
    assert str(error.value) == (
        "ScaledImages is indexed along its first axis only; np.asarray gives all of it. Received: [0, 3]"
    )


def test_it_takes_whole_numbers_only():
    with pytest.raises(ArgumentError) as error:
        ScaledImages(PIXELS.astype(np.float16))
    assert str(error.value) == "ScaledImages takes whole numbers. Received: pixels.dtype=float16"


def network(first=(), dtype="float32"):
    made = Sequential(
        [
            layers.Input((8, 8, 1)),
            *first,
            layers.Conv2D(4, 3, activation="relu", dtype=dtype),
            layers.Flatten(dtype=dtype),
            layers.Dense(3, activation="softmax", dtype=dtype),
        ],
        seed=2,
    )
    made.compile("adam", "sparse_categorical_crossentropy", ["accuracy"])
    return made


def passed_through(made, images, **settings):
    """Return everything that comes of the images, as bytes."""
    history = made.fit(images, LABELS, batch_size=16, epochs=2, verbose=0, **settings).history
    return (
        [weights.tobytes() for weights in made.get_weights()],
        history,
        made.evaluate(images, LABELS, verbose=0),
        made.predict(images).tobytes(),
        made(images).tobytes(),
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("settings", [{}, {"validation_split": 0.3}, {"threads": 1, "shuffle": False}])
def test_a_network_makes_the_same_of_them_to_the_bit(settings, dtype):
    if "validation_split" not in settings:
        settings = {**settings, "validation_data": (ScaledImages(PIXELS, 255), LABELS)}
    lazily = passed_through(network(dtype=dtype), ScaledImages(PIXELS, 255), **settings)
    at_once = passed_through(network(dtype=dtype), all_at_once(PIXELS, 255, False), **settings)
    assert lazily == at_once


def test_pixels_go_as_they_are_through_a_layer_that_scales_them():
    """It multiplies where ScaledImages divides; so the last bit may differ from that, not from floats."""
    scaled = passed_through(network([layers.Rescaling(1 / 255)]), PIXELS)
    assert scaled == passed_through(network([layers.Rescaling(1 / 255)]), PIXELS.astype(np.float32))


def test_a_network_takes_its_input_shape_from_them():
    made = Sequential([layers.Dense(3, activation="softmax")])
    assert made.predict(ScaledImages(PIXELS, 255, flat=True)).shape == (90, 3)
    assert made.input_shape == (64,)


def test_another_shape_is_refused_as_that_of_an_array_is():
    with pytest.raises(ShapeError) as error:
        network().predict(ScaledImages(PIXELS, 255, flat=True))
    assert str(error.value) == (
        "The network takes x of shape (N, 8, 8, 1). Received: x.shape=(90, 64). "
        "The same values in the wanted shape: x.reshape(-1, 8, 8, 1)"
    )


def noting(taken, rows_of):
    return lambda self, rows: taken.append(len(rows)) or rows_of(self, rows)


def test_pixels_are_made_floats_a_piece_at_a_time(monkeypatch):
    taken = []
    for source in (NumpySource, PixelSource):
        monkeypatch.setattr(source, "rows", noting(taken, source.rows))
    made = network()
    made.fit(ScaledImages(PIXELS, 255), LABELS, batch_size=16, validation_split=0.2, verbose=0)
    made.predict(ScaledImages(PIXELS, 255), batch_size=16)
    assert max(taken) <= 18  # those for validation; a batch has 16
    assert sum(taken) - 90 - 90 <= 1  # one more, for the kernels to be compiled
