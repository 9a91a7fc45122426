import math

import numpy as np
import pytest
from scipy import stats

from pellucid.errors import ArgumentError
from pellucid.evaluation.intervals import (
    Estimate,
    bootstrap,
    bootstrap_samples,
    decimals,
    proportion,
    undefined,
    upper_bound,
)


def test_wilson_against_its_closed_formula():
    successes, n = 349, 360
    z = stats.norm.ppf(0.975)
    share = successes / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    estimate = proportion(successes, n)
    assert (estimate.value, estimate.n, estimate.method) == (share, n, "Wilson")
    assert estimate.low == pytest.approx(middle - half)
    assert estimate.high == pytest.approx(middle + half)
    assert estimate.percent() == "96.9 % (94.6 to 98.3)"


def test_clopper_pearson_against_the_binomial_tails():
    estimate = proportion(7, 50, method="clopper-pearson")
    assert stats.binom.sf(6, 50, estimate.low) == pytest.approx(0.025)
    assert stats.binom.cdf(7, 50, estimate.high) == pytest.approx(0.025)


@pytest.mark.parametrize(("method", "name"), [("wilson", "wilson"), ("clopper-pearson", "exact")])
@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_both_intervals_are_scipys(method, name, level):
    for successes, n in ((0, 7), (7, 7), (1, 2), (349, 360), (9896, 10_000)):
        expected = stats.binomtest(successes, n).proportion_ci(level, method=name)
        estimate = proportion(successes, n, level=level, method=method)
        assert (estimate.low, estimate.high) == pytest.approx((expected.low, expected.high), rel=1e-12)


def test_an_interval_does_not_search_for_a_p_value(monkeypatch):
    monkeypatch.setattr(stats, "binomtest", lambda *_: pytest.fail("a p-value was searched for"))
    assert proportion(9896, 10_000).low == pytest.approx(0.9874, abs=1e-4)


@pytest.mark.parametrize("method", ["wilson", "clopper-pearson"])
@pytest.mark.parametrize(("successes", "n"), [(0, 10), (10, 10), (0, 1), (1, 1)])
def test_interval_contains_the_value_and_stays_a_proportion(method, successes, n):
    estimate = proportion(successes, n, method=method)
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    assert estimate.low < estimate.high


def test_clopper_pearson_covers_at_least_its_level_and_a_narrower_interval_does_not():
    n, rate = 40, 0.1
    chance = stats.binom.pmf(np.arange(n + 1), n, rate)
    for method, least in (("clopper-pearson", 0.95), ("wilson", 0.93)):
        estimates = [proportion(k, n, method=method) for k in range(n + 1)]
        inside = np.array([estimate.low <= rate <= estimate.high for estimate in estimates])
        assert chance[inside].sum() >= least
    narrow = [proportion(k, n, level=0.6) for k in range(n + 1)]
    inside = np.array([estimate.low <= rate <= estimate.high for estimate in narrow])
    assert chance[inside].sum() < 0.8


def test_nothing_to_measure_is_not_defined():
    estimate = proportion(0, 0)
    assert not estimate.defined
    assert str(estimate) == "not defined (n = 0)"
    assert estimate.percent() == "not defined"
    assert estimate.as_dict()["value"] is None


def test_upper_bound_is_exact():
    bounds = upper_bound([0, 2, 5], [100, 100, 100], confidence=0.9)
    assert stats.binom.cdf([0, 2, 5], 100, bounds) == pytest.approx([0.1] * 3)
    assert upper_bound(3, 3) == 1
    assert upper_bound(0, 0) == 1


def test_rule_of_three():
    assert float(upper_bound(0, 1000)) == pytest.approx(3 / 1000, rel=0.01)


def test_bootstrap_of_a_mean_agrees_with_theory_and_repeats():
    values = np.random.default_rng(1).exponential(size=2000)
    estimate = bootstrap(lambda rows: values[rows].mean(axis=1), len(values))
    error = 1.96 * values.std() / math.sqrt(len(values))
    assert estimate.value == pytest.approx(values.mean())
    assert estimate.low == pytest.approx(values.mean() - error, abs=0.2 * error)
    assert estimate.high == pytest.approx(values.mean() + error, abs=0.2 * error)
    assert estimate == bootstrap(lambda rows: values[rows].mean(axis=1), len(values))
    assert estimate.method == "bootstrap, 1000 resamples"


def test_bootstrap_covers():
    hits = 0
    for seed in range(150):
        values = np.random.default_rng(seed).normal(size=60)
        estimate = bootstrap(lambda rows, values=values: values[rows].mean(axis=1), 60, resamples=300)
        hits += estimate.low <= 0 <= estimate.high
    assert 0.88 <= hits / 150 <= 0.99


def test_bootstrap_leaves_out_samples_where_the_statistic_is_not_defined():
    def lowest_if_zero_is_there(rows):
        return np.where((rows == 0).any(axis=1), 0.5, np.nan)

    estimate = bootstrap(lowest_if_zero_is_there, 5)
    assert (estimate.low, estimate.high) == (0.5, 0.5)


def test_as_many_samples_as_asked_where_they_are_drawn_in_several_batches():
    assert len(bootstrap_samples(lambda rows: rows[:, 0], 1_000_000, resamples=3)) == 3


def test_decimals_follow_the_width():
    assert [decimals(width) for width in (1.2, 0.5, 0.04, 0.0013, 1e-9, math.nan)] == [2, 2, 3, 4, 6, 4]


def test_sentences():
    estimate = Estimate(0.0345, 0.0301, 0.0390, 10000, "bootstrap")
    assert str(estimate) == "0.0345 (95 % interval 0.0301 to 0.0390, n = 10,000)"
    assert str(Estimate(0.5, 0.1, 0.9, 3, "Wilson", level=0.9)) == "0.50 (90 % interval 0.10 to 0.90, n = 3)"
    assert undefined("Wilson").n == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"successes": 3, "n": 2}, "There cannot be more successes than n. Received: successes=3, n=2"),
        ({"successes": -1, "n": 2}, "successes is a whole number of at least 0. Received: successes=-1"),
        ({"successes": 1, "n": 2.5}, "n is a whole number of at least 0. Received: n=2.5"),
        (
            {"successes": 1, "n": 2, "level": 1.0},
            "must lie strictly between 0 and 1. Received: level=1.0",
        ),
        (
            {"successes": 1, "n": 2, "method": "wald"},
            "must be 'wilson' or 'clopper-pearson'. Received: method",
        ),
    ],
)
def test_what_proportion_refuses(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        proportion(**arguments)
