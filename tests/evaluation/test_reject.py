"""The reject option, and by simulation that its guarantee holds at its stated rate."""

import functools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pellucid.errors import ArgumentError, ShapeError
from pellucid.evaluation.intervals import upper_bound
from pellucid.evaluation.reject import fields_needed, fields_to_pass, guarantee, outcome, risk_coverage

REPEATS = 500

# A world: how the confidence is spread (a quantile function), and how often a field so sure is wrong.
WORLDS = {
    "doubt well placed": (lambda u: u, lambda sure: np.where(sure < 0.1, 0.3, 0.001)),
    "well calibrated": (lambda u: u**0.05, lambda sure: 1 - sure),
    "far too sure": (lambda u: 1 - 1e-6 * (1 - u), lambda sure: 0.1 * (1 - sure) / 1e-6),
    "confidence tells nothing": (lambda u: u, lambda sure: np.full_like(sure, 0.021)),
    "surest fields are the worst": (lambda u: u, lambda sure: np.where(sure > 0.9, 0.1, 0.015)),
    "a bump in the middle": (lambda u: u, lambda sure: 0.004 + 0.3 * ((sure > 0.5) & (sure < 0.6))),
    "few values of confidence": (lambda u: np.round(u, 1), lambda sure: 0.08 * (1 - sure) ** 2),
}


@functools.cache
def population(world, steps=50_000):
    """Confidences, sorted, and the true error of accepting from each of them on."""
    spread, wrong = WORLDS[world]
    sure = spread((np.arange(steps) + 0.5) / steps)
    return sure, np.cumsum(wrong(sure)[::-1])[::-1] / np.arange(steps, 0, -1)


def true_error(world, threshold):
    sure, error = population(world)
    return error[min(np.searchsorted(sure, threshold), len(sure) - 1)]


def draw(world, fields, generator):
    spread, wrong = WORLDS[world]
    sure = spread(generator.random(fields))
    return sure, generator.random(fields) < wrong(sure)


def broken_promises(world, fields, target, choose):
    """In how many repeats, and in how many of them the chosen threshold has a true error above the target."""
    given = broken = 0
    for seed in range(REPEATS):
        threshold = choose(*draw(world, fields, np.random.default_rng(seed)), seed)
        if threshold is not None:
            given += 1
            broken += true_error(world, threshold) > target
    return given, broken


def guaranteed(target, world=None):
    def choose(sure, wrong, seed):
        layout = None if world is None else draw(world, 800, np.random.default_rng(10_000 + seed))[0]
        return guarantee(sure, wrong, target=target, layout=layout, seed=seed).threshold

    return choose


def looks_good(target):
    """The naive rule: the loosest threshold at which the error seen is at most the target."""

    def choose(sure, wrong, seed):
        curve = risk_coverage(sure, wrong)
        good = np.flatnonzero(curve.risk <= target)
        return float(curve.thresholds[good[-1]]) if len(good) else None

    return choose


@pytest.mark.parametrize("laid_out_on", ["a fifth of the fields", "other fields"])
@pytest.mark.parametrize("world", WORLDS)
def test_the_guarantee_holds_at_its_rate_however_badly_calibrated(world, laid_out_on):
    choose = guaranteed(0.02, world if laid_out_on == "other fields" else None)
    _, broken = broken_promises(world, 1500, 0.02, choose)
    # At most 5 % of all repeats; 99.9 % sure not to be exceeded by the chance of this simulation.
    assert broken <= stats.binom.ppf(0.999, REPEATS, 0.05)


def test_the_naive_rule_breaks_its_promise():
    for world in ("confidence tells nothing", "few values of confidence"):
        given, broken = broken_promises(world, 1500, 0.02, looks_good(0.02))
        assert broken / given > 0.12


def test_the_guarantee_is_not_bought_by_accepting_nothing():
    given, _ = broken_promises("doubt well placed", 1500, 0.02, guaranteed(0.02))
    assert given > 0.9 * REPEATS


def test_other_levels_of_confidence():
    broken = given = 0
    for seed in range(REPEATS):
        sure, wrong = draw("few values of confidence", 1500, np.random.default_rng(seed))
        threshold = guarantee(sure, wrong, target=0.02, confidence=0.7, seed=seed).threshold
        if threshold is not None:
            given += 1
            broken += true_error("few values of confidence", threshold) > 0.02
    assert broken <= stats.binom.ppf(0.999, REPEATS, 0.3)
    assert given > 0


def test_what_was_tested_is_told():
    sure, wrong = draw("doubt well placed", 4000, np.random.default_rng(0))
    found = guarantee(sure, wrong, target=0.02)
    assert found.tested == 3200
    assert found.bound == pytest.approx(float(upper_bound(found.errors, found.accepted)))
    assert found.bound <= 0.02
    assert found.fields_needed is None
    assert guarantee(sure, wrong, target=0.02, layout=sure[:500]).tested == 4000
    json.dumps(found.as_dict(), allow_nan=False)


def test_the_same_seed_finds_the_same():
    sure, wrong = draw("doubt well placed", 4000, np.random.default_rng(0))
    assert guarantee(sure, wrong, target=0.02, seed=3) == guarantee(sure, wrong, target=0.02, seed=3)


def test_without_errors_everything_is_accepted():
    found = guarantee(np.full(1000, 0.9), np.zeros(1000, bool), target=0.01)
    assert (found.threshold, found.accepted, found.errors) == (0.0, 800, 0)


def test_barred_fields_are_never_accepted():
    sure = np.where(np.arange(2000) % 4 == 0, -1.0, 0.9)
    found = guarantee(sure, sure < 0, target=0.01)  # all that is wrong is barred
    assert found.threshold == 0.0
    assert outcome(sure, sure < 0, 0.0, target=0.01).read.value == 0.75
    assert guarantee(np.full(500, -1.0), np.ones(500, bool), target=0.01).threshold is None


def test_too_few_fields_and_how_many_it_takes():
    found = guarantee(np.linspace(0, 1, 200), np.zeros(200, bool), target=0.001)
    assert (found.threshold, found.bound) == (None, 1.0)
    assert found.fields_needed == fields_to_pass(0, 0.001) == 2995


def test_fields_needed_are_the_fewest_that_would_do():
    sure, wrong = draw("few values of confidence", 2000, np.random.default_rng(1))
    curve, fields = risk_coverage(sure, wrong), np.arange(1, 30_000)
    least = np.inf
    for risk, coverage in zip(curve.risk, curve.coverage, strict=True):
        enough = fields[upper_bound(risk * fields, fields) <= 0.02]
        least = min([least, *(enough[:1] / coverage)])
    assert fields_needed(sure, wrong, target=0.02) == pytest.approx(least, abs=2)


def test_a_target_that_no_number_of_fields_reaches():
    sure, wrong = np.linspace(0, 1, 300), np.ones(300, bool)
    assert fields_needed(sure, wrong, target=0.1) is None
    assert guarantee(sure, wrong, target=0.1).fields_needed is None


@given(st.integers(0, 6), st.floats(0.002, 0.3))
def test_fields_to_pass_is_the_least_number_whose_bound_keeps_the_target(errors, target):
    n = fields_to_pass(errors, target)
    assert upper_bound(errors, n) <= target + 1e-12
    assert upper_bound(errors, n - 1) > target


def test_outcome_on_the_test_fields():
    sure, wrong = np.repeat([0.9, 0.2], [900, 100]), np.arange(1000) % 100 == 0
    result = outcome(sure, wrong, 0.5, target=0.02)
    assert (result.read.value, result.error.value, result.error.n) == (0.9, 0.01, 900)
    assert result.to_person.value == pytest.approx(0.1)
    assert result.to_person.low == pytest.approx(1 - result.read.high)
    assert result.kept
    assert not outcome(sure, wrong, 0.5, target=0.001).kept
    json.dumps(result.as_dict(), allow_nan=False)


def test_outcome_where_nothing_is_accepted():
    result = outcome([0.1, 0.2], [True, False], 0.5, target=0.01)
    assert result.read.value == 0
    assert not result.error.defined
    assert result.kept


@given(st.lists(st.tuples(st.integers(-1, 5), st.booleans()), min_size=1, max_size=40))
def test_risk_coverage_by_counting(fields):
    sure, wrong = (
        np.array(column, dtype)
        for column, dtype in zip(zip(*fields, strict=True), (float, bool), strict=True)
    )
    curve = risk_coverage(sure, wrong)
    assert curve.thresholds.tolist() == sorted({one for one in sure if one >= 0}, reverse=True)
    for coverage, risk, threshold in zip(curve.coverage, curve.risk, curve.thresholds, strict=True):
        assert coverage == pytest.approx((sure >= threshold).mean())
        assert risk == pytest.approx(wrong[sure >= threshold].mean())


@pytest.mark.parametrize("target", [0, 1, -0.5, 2])
def test_targets_outside_the_open_unit_interval(target):
    with pytest.raises(
        ArgumentError, match=f"target must lie strictly between 0 and 1. Received: target={target}"
    ):
        guarantee([0.5], [False], target=target)


def test_what_is_refused():
    with pytest.raises(
        ArgumentError, match=r"confidence must lie strictly between 0 and 1. Received: confidence=1"
    ):
        guarantee([0.5], [False], target=0.1, confidence=1)
    with pytest.raises(ShapeError, match=r"confidences.shape=\(2,\), wrong.shape=\(1,\)"):
        guarantee([0.5, 0.4], [False], target=0.1)
    with pytest.raises(ShapeError, match=r"at least one. Received: confidences.shape=\(0,\)"):
        risk_coverage([], [])
