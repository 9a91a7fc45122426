"""A layer's whole way there and back in kernels, against direct summation in double precision."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.fast.convolution.compiled_winograd import convolve, convolve_backward, images_at_a_time
from pellucid.fast.convolution.winograd_transforms import Tiling
from pellucid.fast.processors import SHAPE
from pellucid.functions import convolve as plain
from pellucid.functions import convolve_backward as plain_backward

BOUND = 2e-5  # of the largest value
NOTHING = np.empty(0, np.uint16)


def apart(found, expected):
    return np.abs(found - expected).max() / np.abs(expected).max()


def there(made, images, kernels, bias, padding, step, *, rectified=False):
    n, H, W, C = images.shape
    K, tiling = bias.size, Tiling.of(H, W, padding)
    T = step * tiling.rows * tiling.columns
    outputs = made.put(np.zeros((n, tiling.out_height, tiling.out_width, K), np.float32))
    words = made.put(np.zeros(outputs.size // 16, np.uint16)) if rectified else NOTHING
    space = made.put(np.zeros((36, C, K), np.float32)), made.planes(T, C), made.planes(T, K)
    convolve(images, kernels, bias, tiling, rectified, False, outputs, words, *space, step)
    made.check()
    return outputs, words


def back(made, gradient, words, images, kernels, padding, step, *, wanted=True):
    _, H, W, C = images.shape
    K, tiling = gradient.shape[3], Tiling.of(H, W, padding)
    T = step * tiling.rows * tiling.columns
    d_kernels = made.put(np.zeros((3, 3, C, K), np.float32))
    d_bias = made.put(np.full(K, 7, np.float32))
    d_images = made.put(np.zeros(images.shape if wanted else (0, 0, 0, 0), np.float32))
    turned = made.put(kernels.transpose(0, 1, 3, 2))
    space = made.put(np.full((2, 36, C, K), 7, np.float32)), made.planes(T, C), made.planes(T, K)
    found = d_kernels, d_bias, d_images
    convolve_backward(gradient, words, images, turned, tiling, False, wanted, *found, *space, step)
    made.check()
    return found


def case(made, n, height, width, C, K, seed=0):
    generator = np.random.default_rng(seed)
    shapes = (n, height, width, C), (3, 3, C, K), (K,)
    return [made.put(generator.normal(size=shape).astype(np.float32)) for shape in shapes]


@given(
    n=st.integers(1, 4),
    height=st.integers(3, 12),
    width=st.integers(3, 12),
    C=st.sampled_from([16, 32, 48]),
    K=st.sampled_from([16, 32, 48]),
    padding=st.sampled_from(["valid", "same"]),
    step=st.integers(1, 5),
    rectified=st.booleans(),
    wanted=st.booleans(),
)
def test_it_equals_direct_summation(guards, n, height, width, C, K, padding, step, rectified, wanted):
    made = guards()
    images, kernels, bias = case(made, n, height, width, C, K)
    outputs, words = there(made, images, kernels, bias, padding, step, rectified=rectified)
    expected = plain(images.astype(float), kernels.astype(float), bias, padding=padding)
    if rectified:
        expected = np.maximum(expected, 0)
    assert apart(outputs, expected) < BOUND
    gradient = made.put(np.random.default_rng(1).normal(size=outputs.shape).astype(np.float32))
    found = back(made, gradient, words, images, kernels, padding, step, wanted=wanted)
    reached = (gradient * (outputs > 0) if rectified else gradient).astype(float)
    d_images, *of_parameters = plain_backward(reached, images.astype(float), kernels, padding=padding)
    assert apart(found[0], of_parameters[0]) < BOUND
    np.testing.assert_allclose(found[1], reached.sum((0, 1, 2)), atol=1e-3)
    if wanted:
        assert apart(found[2], d_images) < BOUND


def test_a_small_case_by_hand(guarded):
    """Ones everywhere: each output counts the pixels that its window has, times channels."""
    images, kernels = np.ones((1, 5, 5, 16), np.float32), np.ones((3, 3, 16, 16), np.float32)
    outputs, _ = there(guarded, images, kernels, np.full(16, 0.5, np.float32), "same", 1)
    across = np.array([2, 3, 3, 3, 2])
    np.testing.assert_allclose(outputs[0, :, :, 3], 16 * np.outer(across, across) + 0.5, rtol=1e-5)


def test_images_of_which_there_are_none_leave_gradients_of_zero(guards):
    made = guards()
    images, kernels, _ = case(made, 0, 6, 6, 16, 16)
    gradient = made.put(np.zeros((0, 4, 4, 16), np.float32))
    d_kernels, d_bias, _ = back(made, gradient, NOTHING, images, kernels, "valid", 1)
    assert not d_kernels.any()
    assert not d_bias.any()


def test_the_same_case_has_the_same_bits_whatever_was_left_in_the_space(guards):
    made = guards()
    images, kernels, bias = case(made, 3, 9, 7, 32, 48)
    first, _ = there(made, images, kernels, bias, "same", 2)
    again, _ = there(guards(), images, kernels, bias, "same", 2)
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("rectified", [True, False])
def test_what_is_no_number_is_not_hidden(guards, value, rectified):
    made = guards()
    for spoil in range(2):
        images, kernels, bias = case(made, 2, 8, 8, 16, 16)
        (images if spoil == 0 else kernels)[..., 5] = value
        outputs, _ = there(made, images, kernels, bias, "valid", 2, rectified=rectified)
        touched = outputs if spoil == 0 else outputs[..., 5]
        assert not np.isfinite(touched).any()


def test_space_for_few_images_stays_in_the_cache():
    assert images_at_a_time(9, 16, 32) * 36 * 4 * 9 * 48 <= SHAPE.core_cache
    assert images_at_a_time(1, 16, 16) > 1
    assert images_at_a_time(10_000, 512, 512) == 1
