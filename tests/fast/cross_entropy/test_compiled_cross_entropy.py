"""Softmax and cross-entropy in one pass, against the same in double precision."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.fast.cross_entropy.compiled_cross_entropy import softmax_cross_entropy

f = np.float32


def by_kernel(made, logits, targets, smoothing=0.0, scale=1.0):
    """Return losses, hits and gradient; the labels lie backwards among others, as those of a data set do."""
    n = len(logits)
    figures = made.put(np.full((2, n + 2), 7.0))
    gradient = made.put(np.full(logits.shape, 7, f))
    everyones = made.put(np.concatenate([np.full_like(logits, 9), targets[::-1]]))
    rows = np.arange(n)[::-1].copy() + n
    softmax_cross_entropy(made.put(logits), everyones, rows, f(smoothing), f(scale), figures, 1, gradient)
    alone, again = made.put(np.full((1, n + 2), 7.0)), np.empty_like(gradient)
    softmax_cross_entropy(logits, everyones, rows, f(smoothing), f(scale), alone, 1, again)
    made.check()
    assert (figures[:, [0, -1]] == 7).all()
    np.testing.assert_array_equal(alone, figures[:1])
    np.testing.assert_array_equal(again, gradient)
    return figures[0, 1:-1], figures[1, 1:-1], gradient


def test_two_equal_classes_by_hand(guarded):
    losses, hits, gradient = by_kernel(guarded, np.zeros((1, 2), f), np.array([[0, 1]], f), scale=0.5)
    assert losses[0] == pytest.approx(np.log(2), rel=1e-6)
    assert hits[0] == 0  # of equal probabilities the first counts
    np.testing.assert_array_equal(gradient, [[0.25, -0.25]])


@given(
    n=st.integers(0, 5),
    units=st.integers(1, 19),
    smoothing=st.sampled_from([0.0, 0.1, 1.0]),
    spread=st.sampled_from([0.1, 3.0, 100.0]),
    soft=st.booleans(),
)
def test_it_is_what_the_definition_says(guards, n, units, smoothing, spread, soft):
    generator = np.random.default_rng(units)
    logits = (generator.normal(size=(n, units)) * spread).astype(f)
    targets = generator.random((n, units)).astype(f) if soft else np.eye(units, dtype=f)[[0] * n]
    losses, hits, gradient = by_kernel(guards(), logits, targets, smoothing, 0.25)
    exact = logits.astype(float)
    logs = exact - exact.max(1, keepdims=True)
    logs = logs - np.log(np.exp(logs).sum(1, keepdims=True))
    smoothed = targets.astype(float) * (1 - smoothing) + smoothing / units
    np.testing.assert_allclose(losses, -(smoothed * logs).sum(1), rtol=1e-4, atol=1e-5)
    wanted = 0.25 * (np.exp(logs) * smoothed.sum(1, keepdims=True) - smoothed)
    np.testing.assert_allclose(gradient, wanted, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(hits, exact.argmax(1) == targets.argmax(1))


def test_an_impossible_class_does_no_harm_unless_it_is_the_label(guarded):
    logits, targets = np.array([[0, -np.inf], [-np.inf, 0]], f), np.array([[1, 0], [1, 0]], f)
    losses, _, gradient = by_kernel(guarded, logits, targets)
    np.testing.assert_array_equal(losses, [0, np.inf])
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("place", range(3))
def test_what_is_no_number_is_not_hidden(guards, value, place):
    logits = np.array([[5, 1, 2], [5, 1, 2]], f)
    logits[0, place] = value
    losses, _, gradient = by_kernel(guards(), logits, np.array([[0, 1, 0], [0, 1, 0]], f))
    assert np.isnan(losses[0])
    assert np.isnan(gradient[0]).any()
    assert np.isfinite(losses[1])
    assert np.isfinite(gradient[1]).all()


def test_logits_far_apart_do_not_overflow(guarded):
    losses, hits, _ = by_kernel(guarded, np.array([[1000, 0, -1000]], f), np.array([[0, 0, 1]], f))
    assert (losses[0], hits[0]) == (2000, 0)
