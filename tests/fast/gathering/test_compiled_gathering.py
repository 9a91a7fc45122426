"""Rows gathered, and scaled: to the last bit what NumPy's indexing and division give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.engine.engines import ENGINES
from pellucid.engine.images import ScaledImages
from pellucid.fast.gathering.compiled_gathering import gather, gather_scaled


@given(images=st.integers(1, 9), values=st.integers(0, 40), data=st.data())
def test_rows_in_any_order(guards, images, values, data):
    rows = np.array(data.draw(st.lists(st.integers(0, images - 1), max_size=7)), np.int64)
    made = guards()
    pixels = np.random.default_rng(values).integers(0, 256, (images, values), dtype=np.uint8)
    floats = made.put(pixels.astype(np.float32) / 7)
    out = made.put(np.full((len(rows), values), 7, np.float32))
    gather(floats, rows, out)
    made.check()
    np.testing.assert_array_equal(out, floats[rows])
    gather_scaled(pixels, rows, np.float32(255), out)
    made.check()
    np.testing.assert_array_equal(out, pixels[rows].astype(np.float32) / np.float32(255))


@pytest.mark.parametrize("engine", ["plain", "compiled"])
def test_every_engine_makes_the_same_of_images(engine):
    source = ENGINES[engine].source
    pixels = np.random.default_rng(0).integers(0, 256, (9, 4, 3, 2), dtype=np.uint8)
    rows = np.array([8, 0, 3, 3])
    expected = pixels[rows].astype(np.float32) / np.float32(255)
    np.testing.assert_array_equal(ScaledImages(pixels, 255)[rows], expected)
    np.testing.assert_array_equal(ScaledImages(pixels, 255, flat=True)[rows], expected.reshape(4, -1))
    np.testing.assert_array_equal(ScaledImages(pixels)[rows], pixels[rows])
    whole = pixels / np.float32(255)
    for images in (whole, np.asfortranarray(whole), whole.astype(">f4"), whole[::-1][::-1]):
        found = source(images, "float32").rows(rows[1:])
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, expected[1:])
    for flat in (False, True):
        found = source(ScaledImages(pixels, 255, flat=flat), "float32").rows(rows[1:])
        np.testing.assert_array_equal(found, expected[1:].reshape(found.shape))
    for images in (whole, ScaledImages(pixels, 255)):
        assert source(images, "float64").rows(rows).dtype == np.float64


def test_rows_that_are_not_there_are_refused():
    images = ScaledImages(np.zeros((3, 2, 2, 1), np.uint8), 255)
    for rows in ([3], [-4]):
        with pytest.raises(IndexError):
            images[np.array(rows)]
