"""Few channels: maps of any width, kernels of any size, against direct summation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.fast.convolution.compiled_direct import convolve, kernels_gradient
from pellucid.functions import convolve as plain
from pellucid.functions import convolve_backward as plain_backward

NOTHING = np.empty(0, np.uint16)


def case(made, n, height, width, R, S, C, K):
    generator = np.random.default_rng(n)
    shapes = (n, height + R - 1, width + S - 1, C), (R, S, C, K), (K,)
    return [made.put(generator.normal(size=shape).astype(np.float32)) for shape in shapes]


def there(made, images, kernels, bias, *, rectified, wanted):
    shape = (
        len(images),
        images.shape[1] - kernels.shape[0] + 1,
        images.shape[2] - kernels.shape[1] + 1,
        bias.size,
    )
    outputs = made.put(np.full(shape, 7, np.float32))
    positive = made.put(np.zeros(outputs.size // 16, np.uint16)) if wanted else NOTHING
    convolve(images, kernels, bias, rectified, outputs, positive)
    made.check()
    return outputs, positive


@given(
    n=st.integers(1, 3),
    height=st.integers(1, 6),
    width=st.integers(1, 26),
    kernel=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    C=st.integers(1, 3),
    K=st.sampled_from([16, 32, 48]),
    rectified=st.booleans(),
)
def test_outputs(guards, n, height, width, kernel, C, K, rectified):
    made = guards()
    images, kernels, bias = case(made, n, height, width, *kernel, C, K)
    outputs, positive = there(made, images, kernels, bias, rectified=rectified, wanted=True)
    expected = plain(images.astype(float), kernels.astype(float), bias)
    np.testing.assert_allclose(outputs, np.maximum(expected, 0) if rectified else expected, atol=2e-5)
    bits = np.unpackbits(positive.view(np.uint8), bitorder="little").astype(bool).reshape(outputs.shape)
    np.testing.assert_array_equal(bits, outputs > 0)
    alone, _ = there(made, images, kernels, bias, rectified=rectified, wanted=False)
    np.testing.assert_array_equal(alone, outputs)


@given(
    n=st.integers(1, 3),
    height=st.integers(1, 6),
    width=st.integers(1, 26),
    C=st.integers(1, 3),
    K=st.sampled_from([16, 32, 48]),
    masked=st.booleans(),
)
def test_the_kernels_gradient(guards, n, height, width, C, K, masked):
    made = guards()
    images, kernels, _ = case(made, n, height, width, 3, 3, C, K)
    generator = np.random.default_rng(1)
    gradient = made.put(generator.normal(size=(n, height, width, K)).astype(np.float32))
    passes = generator.random(gradient.shape) < 0.5 if masked else np.ones(gradient.shape, bool)
    words = made.put(np.packbits(passes.ravel(), bitorder="little").view(np.uint16)) if masked else NOTHING
    d_kernels = made.put(np.full(kernels.shape, 7, np.float32))
    d_bias = made.put(np.full(K, 7, np.float32))
    kernels_gradient(gradient, words, images, d_kernels, d_bias)
    made.check()
    reached = (gradient * passes).astype(float)
    _, expected, *_ = plain_backward(reached, images.astype(float), kernels)
    np.testing.assert_allclose(d_kernels, expected, atol=1e-4)
    np.testing.assert_allclose(d_bias, reached.sum((0, 1, 2)), atol=1e-4)


def test_a_small_case_by_hand(guarded):
    """A kernel that takes the pixel to the right, less three: pixels 0 to 9 become 1 to 9, less three."""
    images = guarded.put(np.arange(10, dtype=np.float32).reshape(1, 1, 10, 1))
    kernels = np.zeros((1, 2, 1, 16), np.float32)
    kernels[0, 1] = 1
    outputs, positive = there(
        guarded, images, kernels, np.full(16, -3, np.float32), rectified=True, wanted=True
    )
    np.testing.assert_array_equal(outputs[0, 0, :, 7], [0, 0, 0, 1, 2, 3, 4, 5, 6])
    np.testing.assert_array_equal(positive, [0, 0, 0] + [0xFFFF] * 6)


@pytest.mark.parametrize("width", [3, 8, 11])
@pytest.mark.parametrize("rectified", [True, False])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_is_not_hidden(guarded, width, rectified, value):
    images, kernels, bias = case(guarded, 1, 2, width, 3, 3, 1, 16)
    kernels[...] = 1
    images[0, 0, width + 1, 0] = value  # the last pixel of the first row reaches the last output alone
    outputs, _ = there(guarded, images, kernels, bias, rectified=rectified, wanted=True)
    assert not np.isfinite(outputs[0, 0, width - 1]).any()
    assert np.isfinite(outputs[0, 1]).all()
