"""A threshold for new writers, from all fields of each calibration writer."""

import numpy as np
import pytest

from pellucid.errors import ArgumentError, ShapeError
from pellucid.evaluation.reject import guarantee
from pellucid.evaluation.writer_guarantee import (
    guarantee_for_writers,
    least_target,
    outcome_for_writers,
    writers_to_pass,
)


def fields(people, each=8, bad=0.02, silent=0.002, seed=0):
    """Confidence, wrongness and writer of fields; a tenth is doubtful, and some writers are misread often."""
    generator = np.random.default_rng(seed)
    writers = np.repeat(np.arange(people), each)
    sure = generator.random(people * each)
    silent = np.repeat(np.where(generator.random(people) < bad, 0.1, silent), each)
    return sure, generator.random(people * each) < np.where(sure < 0.1, 0.3, silent), writers


def given(target, *arguments, **options):
    return guarantee_for_writers(*arguments, target=target, layout=np.linspace(0, 1, 1001), **options)


def test_all_fields_of_a_writer_guarantee_what_one_of_each_does_not():
    everything = by_one = 0
    for seed in range(20):
        sure, wrong, writers = fields(220, seed=seed)
        everything += given(0.03, sure, wrong, writers).threshold is not None
        first = np.arange(0, len(sure), 8)
        one = guarantee(sure[first], wrong[first], target=0.03, layout=np.linspace(0, 1, 1001))
        by_one += one.threshold is not None
    assert everything >= 18
    assert by_one <= 12


def test_what_is_told_of_a_guaranteed_threshold():
    sure, wrong, writers = fields(400)
    found = given(0.03, sure, wrong, writers)
    assert (found.tested, found.fields, found.fields_needed) == (400, 3200, None)
    accepted = sure >= found.threshold
    assert (found.accepted, found.errors) == (accepted.sum(), wrong[accepted].sum())
    assert found.errors / found.accepted < found.bound < 0.03
    assert found.floor == least_target(400)
    assert not found.exceeded
    again = given(found.bound + 1e-9, sure, wrong, writers)
    assert again.threshold is None or again.threshold >= found.threshold


def test_another_confidence():
    sure, wrong, writers = fields(170, bad=0)
    assert given(0.02, sure, wrong, writers, confidence=0.8).threshold is not None
    assert given(0.02, sure, wrong, writers, confidence=0.999).threshold is None


def test_without_a_guarantee_it_is_told_how_many_writers_it_would_take():
    sure, wrong, writers = fields(120, bad=0)
    found = given(0.02, sure, wrong, writers)
    assert (found.threshold, found.accepted, found.errors, found.bound) == (None, 0, 0, 1.0)
    assert (found.tested, found.fields) == (120, 960)
    assert writers_to_pass(0.02) <= found.fields_needed < 400
    assert found.beyond_reach
    assert not found.exceeded


def test_where_no_threshold_keeps_the_target_no_number_is_told_and_a_test_says_so():
    generator = np.random.default_rng(0)
    sure, writers = generator.random(3000), np.repeat(np.arange(300), 10)
    found = given(0.05, sure, generator.random(3000) < 0.3, writers)
    assert found.exceeded
    assert found.fields_needed is None
    few = given(0.05, sure[:50], np.ones(50, bool), writers[:50])
    assert not few.exceeded  # five writers show nothing


def test_few_bad_writers_do_not_show_that_all_thresholds_fail():
    writers = np.repeat(np.arange(300), 10)
    wrong = writers < 12  # 4 % of the writers, everything wrong
    assert not given(0.05, np.linspace(0, 1, 3000), wrong, writers).exceeded


def test_rejected_fields_are_never_accepted():
    writers = np.repeat(np.arange(300), 4)
    sure, wrong = np.tile([0.9, 0.9, 0.9, -1.0], 300), np.tile([False, False, False, True], 300)
    found = guarantee_for_writers(sure, wrong, writers, target=0.05, layout=sure)
    assert (found.threshold, found.accepted, found.errors) == (0.0, 900, 0)
    nothing = guarantee_for_writers(-np.ones(8), np.zeros(8, bool), np.arange(8), target=0.05, layout=[-1.0])
    assert nothing.threshold is None
    assert not nothing.exceeded
    assert nothing.fields_needed is None


def test_the_outcome_counts_each_writer_the_same():
    sure = np.array([0.9] * 6 + [0.2] * 2)
    wrong = np.array([True] + [False] * 7)
    writers = np.array([5, 5, 8, 8, 8, 8, 8, 8])
    found = outcome_for_writers(sure, wrong, writers, 0.5, target=0.01)
    assert found.read.value == pytest.approx((1 + 4 / 6) / 2)
    assert found.error.value == pytest.approx((0.5 * 1 + 0) / (1 + 4 / 6))
    assert (found.read.n, found.error.n, found.threshold) == (2, 2, 0.5)
    assert found.kept


def test_an_outcome_with_too_many_errors_is_not_kept():
    writers = np.repeat(np.arange(100), 5)
    sure, wrong = np.ones(500), np.arange(500) % 5 == 0
    assert not outcome_for_writers(sure, wrong, writers, 0.5, target=0.05).kept
    assert outcome_for_writers(sure, wrong, writers, 0.5, target=0.2).kept
    assert outcome_for_writers(sure, wrong, writers, 2.0, target=0.05).kept  # nothing was read
    assert outcome_for_writers(sure, wrong, writers, 2.0, target=0.05).read.value == 0


@pytest.mark.parametrize(("target", "confidence"), [(0.02, 0.95), (0.1, 0.95), (0.02, 0.9)])
def test_how_many_writers_pass_and_what_they_can_guarantee_belong_together(target, confidence):
    least = writers_to_pass(target, confidence)
    assert least_target(least, confidence) <= target < least_target(least - 1, confidence)
    assert least == pytest.approx(-np.log(1 - confidence) / target, rel=0.05)


def test_one_writer_guarantees_nothing():
    assert least_target(1) > 0.9


def test_wrong_shapes_and_targets():
    with pytest.raises(
        ShapeError,
        match=r"one value a field, and at least one\. Received: confidences\.shape=\(2,\), "
        r"wrong\.shape=\(2,\), writers\.shape=\(3,\)",
    ):
        given(0.02, [0.5, 0.6], [True, False], [1, 2, 3])
    with pytest.raises(ShapeError, match=r"confidences\.shape=\(0,\)"):
        given(0.02, [], [], [])
    with pytest.raises(
        ArgumentError, match=r"target must lie strictly between 0 and 1\. Received: target=1.5"
    ):
        given(1.5, *fields(10))
    with pytest.raises(ArgumentError, match="target"):
        writers_to_pass(0.0)
