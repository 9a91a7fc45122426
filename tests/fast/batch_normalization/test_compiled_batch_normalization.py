"""Batch normalisation of groups, against the plain form in double precision."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.fast.batch_normalization.compiled_batch_normalization import normalize, normalize_backward
from pellucid.functions import batch_normalize, batch_normalize_backward

EPSILON = np.float32(1e-3)


def there(made, inputs, group, gamma, beta):
    groups = -(-len(inputs) // group)
    outputs, means, variances = (
        made.put(np.full(shape, 7, np.float32))
        for shape in (inputs.shape, (groups, gamma.size), (groups, gamma.size))
    )
    normalize(inputs, group, gamma, beta, EPSILON, outputs, means, variances)
    made.check()
    return outputs, means, variances


@given(
    n=st.integers(1, 7),
    shape=st.sampled_from([(16,), (48,), (1, 3, 16), (4, 5, 32)]),
    group=st.integers(1, 8),
)
def test_there_and_back(guards, n, shape, group):
    made, generator, C = guards(), np.random.default_rng(n), shape[-1]
    inputs = made.put(generator.normal(3, 2, size=(n, *shape)).astype(np.float32))
    gamma, beta = (made.put(generator.normal(size=C).astype(np.float32)) for _ in range(2))
    gradient = made.put(generator.normal(size=inputs.shape).astype(np.float32))
    outputs, means, variances = there(made, inputs, group, gamma, beta)
    d_inputs = made.put(np.full(inputs.shape, 7, np.float32))
    d_gamma, d_beta = made.put(np.full(C, 7, np.float32)), made.put(np.full(C, 7, np.float32))
    rest = means, variances, d_inputs, d_gamma, d_beta
    normalize_backward(gradient, inputs, group, gamma, EPSILON, *rest)
    made.check()
    totals = np.zeros((2, C))
    for number, start in enumerate(range(0, n, group)):
        some = slice(start, start + group)
        exact, expected = inputs[some].astype(float), gradient[some].astype(float)
        wanted, mean, variance = batch_normalize(exact, gamma, beta, epsilon=float(EPSILON))
        np.testing.assert_allclose(outputs[some], wanted, atol=5e-5)
        np.testing.assert_allclose(means[number], mean, atol=1e-5)
        np.testing.assert_allclose(variances[number], variance, rtol=1e-4, atol=1e-6)
        back = batch_normalize_backward(expected, exact, gamma, mean, variance, epsilon=float(EPSILON))
        np.testing.assert_allclose(d_inputs[some], back[0], atol=2e-3 * max(1, np.abs(back[0]).max()))
        totals += np.stack(back[1:])
    np.testing.assert_allclose(np.stack([d_gamma, d_beta]), totals, atol=2e-3)


def test_two_images_by_hand(guarded):
    """1 and 3: mean 2, variance 1; so -1 and 1, but for epsilon."""
    inputs = guarded.put(np.repeat([[1], [3]], 16, axis=1).astype(np.float32))
    ones, zeros = np.ones(16, np.float32), np.zeros(16, np.float32)
    outputs, means, variances = there(guarded, inputs, 2, ones, zeros)
    np.testing.assert_array_equal(means, 2)
    np.testing.assert_array_equal(variances, 1)
    np.testing.assert_allclose(outputs, (inputs - 2) / np.sqrt(1.001), rtol=1e-6)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_is_not_hidden(guards, value):
    inputs = np.ones((4, 16), np.float32)
    inputs[2, 5] = value
    outputs, *_ = there(guards(), inputs, 4, np.ones(16, np.float32), np.zeros(16, np.float32))
    assert np.isnan(outputs[:, 5]).all()
    assert np.isfinite(np.delete(outputs, 5, axis=1)).all()


def test_a_mean_far_from_zero_costs_the_variance_nothing(guards):
    inputs = (1e4 + np.random.default_rng(0).normal(size=(100, 4, 4, 16))).astype(np.float32)
    _, _, variances = there(guards(), inputs, 100, np.ones(16, np.float32), np.zeros(16, np.float32))
    np.testing.assert_allclose(variances[0], inputs.astype(float).var((0, 1, 2)), rtol=1e-3)
