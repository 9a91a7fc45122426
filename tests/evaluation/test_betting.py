"""Intervals by betting: that they cover where a bootstrap does not, and what they refuse."""

import numpy as np
import pytest

from pellucid.errors import ArgumentError, ShapeError
from pellucid.evaluation.betting import betting_interval, betting_p_values
from pellucid.evaluation.intervals import bootstrap


def skewed(generator, n):
    """Losses of which one in fifty is large."""
    large = generator.random(n) < 0.02
    return np.where(large, generator.gamma(1.5, 2, n), 0.004).clip(0, 16)


TRUE = float(skewed(np.random.default_rng(99), 2_000_000).mean())


def coverage(interval, n, repeats):
    generator = np.random.default_rng(0)
    found = [interval(skewed(generator, n)) for _ in range(repeats)]
    return sum(one.low <= TRUE <= one.high for one in found) / repeats


@pytest.mark.parametrize("n", [20, 100, 450])
def test_it_covers_skewed_losses(n):
    assert coverage(lambda values: betting_interval(values, high=16.0), n, 100) >= 0.93


def test_the_bootstrap_is_seen_to_cover_too_little():
    def resampled(values):
        return bootstrap(lambda rows: values[rows].mean(axis=1), len(values), resamples=200)

    assert coverage(resampled, 100, 100) < 0.85


def test_it_narrows_with_the_sample():
    generator = np.random.default_rng(1)
    few, many = (betting_interval(generator.random(n) < 0.3) for n in (50, 5000))
    assert many.high - many.low < (few.high - few.low) / 4
    assert many.low < 0.3 < many.high


def test_equal_values_still_have_an_interval():
    found = betting_interval(np.full(40, 0.5))
    assert found.low < 0.5 < found.high
    one = betting_interval([0.1054], high=16.0)
    assert one.low < 0.01
    assert one.high > 15.0


def test_weights_make_a_ratio_of_means():
    generator, hits = np.random.default_rng(2), 0
    for _ in range(100):
        weights = generator.integers(1, 30, 40)
        values = generator.binomial(weights, np.where(weights > 15, 0.9, 0.7)) / weights
        found = betting_interval(values, weights)
        assert found.value == pytest.approx((weights * values).sum() / weights.sum())
        large = np.arange(1, 30)
        true = (large * np.where(large > 15, 0.9, 0.7)).sum() / large.sum()
        hits += found.low <= true <= found.high
    assert hits >= 93


def test_p_values_reject_no_more_often_than_they_say():
    generator = np.random.default_rng(3)
    rejected = np.zeros(2)
    for _ in range(400):
        bad = generator.random(60) < 0.1  # a tenth of the writers is wholly misread: the risk is 0.1
        losses = np.where(bad, 1.0, 0.0)[:, None] * [1.0, 0.5]
        rejected += betting_p_values(losses, np.ones((60, 2)), 0.1) <= 0.05
    assert rejected[0] / 400 <= 0.075
    assert rejected[1] / 400 > 0.1  # where the risk is half of the target


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda: betting_interval([]), ShapeError, r"values.shape=\(0,\)"),
        (lambda: betting_interval([0.5], [1, 1]), ShapeError, r"weights.shape=\(2,\)"),
        (lambda: betting_interval([2.0]), ArgumentError, r"from low to high. Received: low=0.0, high=1.0"),
        (lambda: betting_interval([0.5], [-1.0]), ArgumentError, r"Received: min\(weights\)=-1.0"),
    ],
)
def test_what_is_refused(call, error, told):
    with pytest.raises(error, match=told):
        call()
