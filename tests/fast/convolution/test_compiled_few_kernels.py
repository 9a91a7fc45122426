"""Few channels and kernels: maps of any size, kernels of any size and number, against direct summation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from normal import normal

from pellucid.fast.convolution import compiled_few_kernels as few_kernels
from pellucid.functions import convolve as plain
from pellucid.functions import convolve_backward as plain_backward


def space_for(made, images, kernels):
    R, S, C, K = kernels.shape
    wide = R * S * C + 1, -(-K // 16) * 16
    places = few_kernels.places(images.shape[2], images.shape[2] - S + 1), 16
    return [made.put(np.full(shape, np.nan, np.float32)) for shape in (wide, places)]


def there(made, images, kernels, bias, *, rectified):
    (n, H, W, _), (R, S, _, K) = images.shape, kernels.shape
    outputs = made.put(np.full((n, H - R + 1, W - S + 1, K), 7, np.float32))
    few_kernels.convolve(images, kernels, bias, rectified, outputs, *space_for(made, images, kernels))
    made.check()
    return outputs


def back(made, gradient, outputs, images, kernels, *, rectified):
    d_kernels = made.put(np.full(kernels.shape, 7, np.float32))
    d_bias = made.put(np.full(kernels.shape[3], 7, np.float32))
    space = space_for(made, images, kernels)
    few_kernels.kernels_gradient(gradient, outputs, images, rectified, d_kernels, d_bias, *space)
    made.check()
    return d_kernels, d_bias


@given(
    n=st.integers(0, 3),
    height=st.integers(1, 9),
    width=st.integers(1, 40),
    kernel=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    C=st.integers(1, 3),
    K=st.integers(1, 35),
    rectified=st.booleans(),
)
def test_there_and_back(guards, n, height, width, kernel, C, K, rectified):
    made = guards()
    R, S = kernel
    images = made.put(normal(n, height + R - 1, width + S - 1, C))
    kernels, bias = made.put(normal(R, S, C, K, seed=1)), made.put(normal(K, seed=2))
    outputs = there(made, images, kernels, bias, rectified=rectified)
    exact = plain(images.astype(float), kernels.astype(float), bias)
    np.testing.assert_allclose(outputs, np.maximum(exact, 0) if rectified else exact, atol=1e-4)
    gradient = made.put(normal(*outputs.shape, seed=3))
    d_kernels, d_bias = back(made, gradient, outputs, images, kernels, rectified=rectified)
    reached = (gradient * (outputs > 0) if rectified else gradient).astype(float)
    _, expected, *_ = plain_backward(reached, images.astype(float), kernels)
    np.testing.assert_allclose(d_kernels, expected, atol=3e-4)
    np.testing.assert_allclose(d_bias, reached.sum((0, 1, 2)), atol=3e-4)


@pytest.mark.parametrize("width", [1, 30, few_kernels.PLACES + 20])
def test_lines_are_taken_together_as_far_as_there_is_room(guarded, width):
    """More lines than are computed at a time, and a line longer than that."""
    images, kernels = guarded.put(normal(2, 20, width + 2, 1)), guarded.put(normal(3, 3, 1, 5, seed=1))
    outputs = there(guarded, images, kernels, np.zeros(5, np.float32), rectified=False)
    np.testing.assert_allclose(outputs, plain(images.astype(float), kernels.astype(float)), atol=1e-4)
    gradient = guarded.put(normal(*outputs.shape, seed=2))
    d_kernels, _ = back(guarded, gradient, outputs, images, kernels, rectified=False)
    _, expected, *_ = plain_backward(gradient.astype(float), images.astype(float), kernels)
    np.testing.assert_allclose(d_kernels, expected, atol=1e-3)


def test_a_small_case_by_hand(guarded):
    """A kernel that takes the pixel to the right, less three, and one that takes the pixel itself."""
    images = guarded.put(np.arange(6, dtype=np.float32).reshape(1, 2, 3, 1))
    kernels = np.zeros((1, 2, 1, 2), np.float32)
    kernels[0, 1, 0, 0] = kernels[0, 0, 0, 1] = 1
    outputs = there(guarded, images, kernels, np.array([-3, 0], np.float32), rectified=True)
    np.testing.assert_array_equal(outputs[0, :, :, 0], [[0, 0], [1, 2]])
    np.testing.assert_array_equal(outputs[0, :, :, 1], [[0, 1], [3, 4]])
    ones = np.ones_like(outputs)
    d_kernels, d_bias = back(guarded, ones, outputs, images, kernels, rectified=True)
    np.testing.assert_array_equal(d_kernels[0, :, 0, 0], [3 + 4, 4 + 5])
    np.testing.assert_array_equal(d_kernels[0, :, 0, 1], [1 + 3 + 4, 2 + 4 + 5])
    np.testing.assert_array_equal(d_bias, [2, 3])


@pytest.mark.parametrize("rectified", [True, False])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_is_not_hidden_and_stays_where_it_is(guarded, rectified, value):
    images, kernels = normal(2, 4, 6, 1), np.ones((3, 3, 1, 5), np.float32)
    images[0, 0, 5, 0] = value  # the last pixel of the first line reaches the last output of it alone
    outputs = there(guarded, guarded.put(images), kernels, np.zeros(5, np.float32), rectified=rectified)
    assert not np.isfinite(outputs[0, 0, 3]).any()
    outputs[0, 0, 3] = 0
    assert np.isfinite(outputs).all()
