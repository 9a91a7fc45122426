"""The short functions of Q20 to Q26 give what the library's functions give."""

import numpy as np
import pytest

from pellucid import functions
from pellucid.lab import functions_by_hand as by_hand

SEEDS = range(12)


def drawn(seed):
    """Return a random image (H, W, C), kernels (R, S, C, K), and the generator that drew them."""
    generator = np.random.default_rng(seed)
    H, W, C, K = generator.integers((5, 5, 1, 1), (13, 13, 5, 6))
    R, S = generator.integers(1, 5, size=2)
    return generator.normal(size=(H, W, C)), generator.normal(size=(R, S, C, K)), generator


@pytest.mark.parametrize("seed", SEEDS)
def test_convolution_with_and_without_channels(seed):
    image, kernels, _ = drawn(seed)
    np.testing.assert_allclose(
        by_hand.convolve(image, kernels), functions.convolve(image, kernels), atol=1e-12
    )
    flat, listed = image[:, :, 0], [kernels[:, :, 0, k] for k in range(kernels.shape[3])]
    np.testing.assert_allclose(
        by_hand.convolve(flat, kernels[:, :, 0]), functions.convolve(flat, listed), atol=1e-12
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_steps_on_maps(seed):
    maps, _, generator = drawn(seed)
    extent = int(generator.integers(1, 5))
    for given in (maps, maps[:, :, 0]):
        before = given.copy()
        np.testing.assert_array_equal(by_hand.relu(given), functions.relu(given))
        np.testing.assert_array_equal(by_hand.max_pool(given, extent), functions.max_pool(given, extent))
        np.testing.assert_allclose(by_hand.normalize_maps(given), functions.normalize_maps(given), atol=1e-12)
        np.testing.assert_array_equal(given, before)


@pytest.mark.parametrize("value", [0.0, 0.1, 7.0])
def test_a_constant_map_becomes_zeros_beside_one_that_varies(value):
    maps = np.stack([np.full((7, 7), value), np.arange(49.0).reshape(7, 7)], axis=-1)
    normalized = by_hand.normalize_maps(maps)
    assert not normalized[:, :, 0].any()
    assert normalized[:, :, 1].std() == pytest.approx(1)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_output_layers(seed):
    maps, _, generator = drawn(seed)
    weights, bias = generator.normal(size=(maps.size, 10)), generator.normal(size=10)
    scores = by_hand.fully_connected(maps, 10, weights, bias)
    np.testing.assert_allclose(scores, functions.fully_connected(maps, weights, bias), atol=1e-12)
    np.testing.assert_allclose(by_hand.softmax(scores), functions.softmax(scores), atol=1e-12)
    assert by_hand.fully_connected(maps, 4).shape == (4,)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradients_of_a_convolution(seed):
    image, kernels, generator = drawn(seed)
    gradient = generator.normal(size=by_hand.convolve(image, kernels).shape)
    d_image, d_kernels, _ = functions.convolve_backward(gradient, image, kernels)
    np.testing.assert_allclose(by_hand.convolve_backward(gradient, image), d_kernels, atol=1e-12)
    np.testing.assert_allclose(by_hand.convolve_backward_image(gradient, kernels), d_image, atol=1e-12)
