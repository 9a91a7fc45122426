"""Max pooling of maps of any size, to the bit what the plain form does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.fast.pooling.compiled_max_pooling import max_pool, max_pool_backward

NOTHING = np.empty(0, np.uint16)


def by_loops(images, gradient):
    """Window by window: the largest, and where its gradient goes."""
    n, height, width, C = gradient.shape
    outputs, d_images = np.empty_like(gradient), np.zeros_like(images)
    for i, y, x, c in np.ndindex(n, height, width, C):
        window = images[i, 2 * y : 2 * y + 2, 2 * x : 2 * x + 2, c]
        row, column = divmod(int(window.argmax()), 2)  # the first of equals
        outputs[i, y, x, c] = window[row, column]
        d_images[i, 2 * y + row, 2 * x + column, c] = gradient[i, y, x, c]
    return outputs, d_images


@given(
    n=st.integers(1, 3),
    height=st.integers(2, 7),
    width=st.integers(2, 7),
    C=st.sampled_from([16, 32, 48]),
)
def test_there_and_back(guards, n, height, width, C):
    made, generator = guards(), np.random.default_rng(n)
    images = made.put(generator.integers(-2, 3, (n, height, width, C)).astype(np.float32))
    half = n, height // 2, width // 2, C
    outputs, gradient = (
        made.put(np.zeros(half, np.float32)),
        made.put(generator.normal(size=half).astype("f")),
    )
    lost = made.put(np.zeros(3 * outputs.size // 16, np.uint16))
    d_images = made.put(np.full(images.shape, 7, np.float32))
    max_pool(images, outputs, lost)
    max_pool_backward(gradient, lost, d_images)
    made.check()
    for mine, expected in zip((outputs, d_images), by_loops(images, gradient), strict=True):
        np.testing.assert_array_equal(mine, expected)
    alone = np.empty_like(outputs)
    max_pool(images, alone, NOTHING)
    np.testing.assert_array_equal(alone, outputs)


@pytest.mark.parametrize("place", range(4))
def test_a_pixel_that_is_no_number_is_the_largest_of_its_window(place):
    images = np.ones((1, 2, 2, 16), np.float32)
    images[0, place // 2, place % 2, 3] = np.nan
    outputs, lost = np.empty((1, 1, 1, 16), np.float32), np.empty(3, np.uint16)
    max_pool(images, outputs, lost)
    assert np.isnan(outputs[0, 0, 0]).tolist() == [channel == 3 for channel in range(16)]
