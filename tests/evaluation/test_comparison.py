import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pellucid.errors import ArgumentError, DataError
from pellucid.evaluation import sentence
from pellucid.evaluation.comparison import compare, compare_all, holm, mcnemar, paired_difference
from pellucid.evaluation.predictions import predictions_of


def run(name, right):
    """A run that reads the images of class 0 right where ``right`` says so."""
    right = np.asarray(right, bool)
    return predictions_of(name, np.zeros(len(right), int), np.where(right[:, None], [0.9, 0.1], [0.2, 0.8]))


def two_runs(gained, lost, both_right, both_wrong):
    counts = [gained, lost, both_right, both_wrong]
    return run("A", np.repeat([False, True, True, False], counts)), run(
        "B", np.repeat([True, False, True, False], counts)
    )


def test_mcnemar_by_adding_up_the_fair_coin():
    for gained, lost in itertools.product(range(7), repeat=2):
        n = gained + lost
        chances = stats.binom.pmf(np.arange(n + 1), n, 0.5)
        rarer = chances[chances < chances[gained] * (1 - 1e-9)].sum()
        as_rare = chances[np.isclose(chances, chances[gained])].sum()
        expected = rarer + as_rare / 2 if gained != lost else 1.0  # what was seen counts half
        assert mcnemar(gained, lost) == pytest.approx(min(1.0, expected))


def test_better_run():
    comparison = compare(*two_runs(150, 60, 9700, 90))
    assert (comparison.gained, comparison.lost, comparison.changed) == (150, 60, 210)
    assert comparison.difference.value == pytest.approx(0.009)
    assert comparison.accuracy_b.value - comparison.accuracy_a.value == pytest.approx(0.009)
    assert sentence(comparison) == (
        "B is better by 0.9 points (0.6 to 1.2); 210 images changed sides: 150 to right, 60 to wrong (p < "
        "0.0001, McNemar's mid-p test)."
    )


def test_worse_run_is_told_with_the_interval_turned():
    said = sentence(compare(*two_runs(60, 150, 9700, 90)))
    assert said.startswith("B is worse by 0.9 points (0.6 to 1.2); 210 images changed sides: 60 to right")


def test_difference_within_noise_is_not_told_as_one():
    comparison = compare(*two_runs(25, 20, 900, 55))
    assert not comparison.significant()
    assert sentence(comparison) == (
        "No difference between A and B is shown: B minus A is 0.5 points (-0.8 to 1.9); 45 images changed "
        "sides: 25 to right, 20 to wrong (p = 0.46, McNemar's mid-p test)."
    )


def test_one_image():
    assert "1 image changed sides" in sentence(compare(*two_runs(1, 0, 9, 0)))


def test_runs_on_different_test_sets_are_refused():
    with pytest.raises(
        DataError, match="'A' and 'C' cannot be compared: one was tested on 2 images, the other on 3"
    ):
        compare(run("A", [1, 0]), run("C", [1, 1, 0]))


def test_false_alarms_stay_at_the_level():
    generator, alarms = np.random.default_rng(0), 0
    for _ in range(400):
        a, b = generator.random((2, 300)) < 0.9
        alarms += mcnemar(int((b & ~a).sum()), int((a & ~b).sum())) <= 0.05
    assert alarms / 400 <= 0.07


@pytest.mark.parametrize("n", [20, 360, 10_000])
def test_interval_and_test_never_contradict_each_other(n):
    for gained, lost in itertools.product(range(0, 19, 2), range(0, 19, 3)):
        if gained + lost <= n:
            estimate = paired_difference(gained, lost, n)
            assert (mcnemar(gained, lost) <= 0.05) == (not estimate.low <= 0 <= estimate.high)


def test_corrected_intervals_do_not_contradict_corrected_tests():
    right = np.arange(360)
    runs = [run("A", right < 300), run("B", (right >= 11) & (right < 303)), run("C", right < 306)]
    for one in compare_all(runs):
        excludes_zero = not one.difference.low <= 0 <= one.difference.high
        assert one.significant() == excludes_zero, sentence(one)
    assert any(one.significant() for one in compare_all(runs))
    assert any(one.difference.level > 0.95 for one in compare_all(runs))


def test_paired_interval_covers_the_true_difference():
    generator, hits = np.random.default_rng(1), 0
    for _ in range(500):
        gained, lost, _, _ = generator.multinomial(500, [0.04, 0.02, 0.9, 0.04])
        estimate = paired_difference(int(gained), int(lost), 500)
        hits += estimate.low <= 0.02 <= estimate.high
    assert 0.92 <= hits / 500 <= 0.985


def test_paired_interval_is_narrower_than_one_that_forgets_the_pairs():
    paired = paired_difference(150, 60, 10000)
    unpaired = 1.96 * np.sqrt(2 * 0.985 * 0.015 / 10000)
    assert paired.high - paired.low < 2 * unpaired


def slow_holm(p_values):
    """The step-down procedure itself: the smallest level at which each is rejected."""
    corrected = [0.0] * len(p_values)
    for i in range(len(p_values)):
        highest = 0.0
        for rank, j in enumerate(sorted(range(len(p_values)), key=lambda k: (p_values[k], k))):
            highest = max(highest, (len(p_values) - rank) * p_values[j])
            if j == i:
                corrected[i] = min(1.0, highest)
                break
    return corrected


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm(p_values):
    assert holm(p_values).tolist() == pytest.approx(slow_holm(p_values))


def test_holm_keeps_the_chance_of_any_false_alarm():
    generator = np.random.default_rng(2)
    uncorrected, corrected = 0, 0
    for _ in range(1000):
        p = generator.random(10)
        uncorrected += (p <= 0.05).any()
        corrected += (holm(p) <= 0.05).any()
    assert corrected / 1000 <= 0.07
    assert uncorrected / 1000 > 0.3


def test_many_comparisons_are_corrected_and_say_so():
    runs = [run("A", np.arange(200) < 100), run("B", np.arange(200) < 109), run("C", np.arange(200) < 100)]
    alone, (together, _, _) = compare(runs[0], runs[1]), compare_all(runs)
    assert together.p_value == pytest.approx(3 * alone.p_value)
    assert "McNemar's mid-p test, one of 3 comparisons, corrected for that as is the interval)" in sentence(
        together
    )
    assert "comparisons" not in sentence(alone)


def test_json():
    read = json.loads(json.dumps(compare(*two_runs(3, 2, 10, 5)).as_dict(), allow_nan=False))
    assert (read["gained"], read["lost"], read["significant"]) == (3, 2, False)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: compare_all([run("A", [1])]),
            r"A comparison needs two runs or more. Received: len\(runs\)=1",
        ),
        (lambda: mcnemar(-1, 2), "gained is a whole number of at least 0. Received: gained=-1"),
        (
            lambda: paired_difference(3, 3, 5),
            r"gained \+ lost cannot exceed n. Received: gained=3, lost=3, n=5",
        ),
        (lambda: holm([0.5, 1.5]), r"numbers from 0 to 1. Received: p_values=\[0.5, 1.5\]"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ArgumentError, match=message):
        call()
