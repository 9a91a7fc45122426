import json

import numpy as np
import pytest

from pellucid.errors import ArgumentError, DataError
from pellucid.evaluation import sentence
from pellucid.evaluation.intervals import proportion
from pellucid.evaluation.predictions import predictions_of
from pellucid.evaluation.seeds import compare_over_seeds, study_seeds


def runs_of(table, name="A"):
    """Runs whose right answers are the rows of the table (S, N)."""
    labels = np.zeros(table.shape[1], int)
    return [predictions_of(name, labels, np.where(row[:, None], [0.9, 0.1], [0.2, 0.8])) for row in table]


def simulated(generator, seeds=5, n=1000, accuracy=0.9, seed_deviation=0.0, hard_images=True):
    """Runs whose true accuracies differ by seed, on images that are hard or easy for all of them alike."""
    rates = accuracy + seed_deviation * generator.normal(size=(seeds, 1))
    ease = generator.uniform(-0.09, 0.09, size=(1, n)) if hard_images else 0
    return generator.random((seeds, n)) < rates + ease


def test_estimates_of_a_small_table():
    study = study_seeds(runs_of(np.array([[1, 1, 1, 0], [1, 1, 0, 0]], bool)), name="tiny")
    assert study.accuracies == (0.75, 0.5)
    assert study.mean.value == 0.625
    assert study.deviation == pytest.approx(np.std([0.75, 0.5], ddof=1))
    assert study.n == 4


def test_components_are_recovered():
    generator = np.random.default_rng(0)
    studies = [
        study_seeds(runs_of(simulated(generator, seeds=8, n=2000, accuracy=0.8, seed_deviation=0.02)))
        for _ in range(40)
    ]
    assert np.sqrt(np.mean([one.seed_deviation**2 for one in studies])) == pytest.approx(0.02, rel=0.15)
    # Any one image is right with probability 0.8, so an accuracy on n of them deviates by sqrt(0.16 / n).
    expected = np.sqrt(0.8 * 0.2 / 2000)
    assert np.mean([one.test_deviation for one in studies]) == pytest.approx(expected, rel=0.05)
    assert np.mean([one.seed_share for one in studies]) == pytest.approx(
        0.02**2 / (0.02**2 + expected**2), rel=0.1
    )


def test_where_the_seed_does_nothing_its_share_is_small():
    generator = np.random.default_rng(1)
    shares = [study_seeds(runs_of(simulated(generator))).seed_share for _ in range(40)]
    assert np.mean(shares) < 0.15


def test_mean_interval_covers_the_accuracy_over_new_seeds_and_new_images():
    generator, hits = np.random.default_rng(2), 0
    for _ in range(200):
        estimate = study_seeds(runs_of(simulated(generator, n=500, seed_deviation=0.015))).mean
        hits += estimate.low <= 0.9 <= estimate.high
    assert hits / 200 >= 0.92


def test_sentence_answers_whether_one_always_obtains_the_same_accuracy():
    table = np.ones((2, 200), bool)
    table[0, :10] = table[1, :20] = False
    said = sentence(study_seeds(runs_of(table), name="digits-cnn"))
    assert said.startswith(
        "Another seed can give another accuracy: over 2 seeds digits-cnn read 92.50 % of 200 test images "
        "right on average, from 90.00 to 95.00 % (standard deviation 3.54 points). The seed alone moves"
    )
    assert said.endswith("% of the variance comes from the seed (27 to 100 %).")


def test_a_share_of_the_seed_that_is_not_shown_is_told_as_such():
    generator = np.random.default_rng(0)
    study = study_seeds(runs_of(generator.random((5, 450)) < 0.95))
    low, high = study.seed_share_interval
    assert low == 0.0
    assert high > 0.3
    assert sentence(study).endswith("; an effect of the seed is not shown).")


def test_the_interval_of_the_seeds_share_covers():
    generator, hits = np.random.default_rng(1), 0
    for _ in range(200):
        shares = generator.normal(0.8, 0.02, 5)
        study = study_seeds(runs_of(generator.random((5, 400)) < shares[:, None]))
        true = 0.02**2 / (0.02**2 + 0.16 / 400)
        hits += study.seed_share_interval[0] <= true <= study.seed_share_interval[1]
    assert hits / 200 >= 0.88


def test_two_seeds_cannot_tell():
    generator = np.random.default_rng(2)
    a, b = (runs_of(generator.random((2, 400)) < share, name) for name, share in (("A", 0.7), ("B", 0.9)))
    found = compare_over_seeds(a, b)
    assert found.p_value is None
    assert sentence(found).endswith(
        "; two seeds cannot tell whether there is a difference: run three or more, better five."
    )
    assert "p =" not in sentence(found)
    assert compare_over_seeds([*a, a[0]], [*b, b[0]]).p_value is not None


def test_equal_seeds():
    study = study_seeds(runs_of(np.array([[1, 0, 1], [1, 0, 1]], bool)))
    assert sentence(study) == "All 2 seeds gave the same test accuracy, 66.67 %, on 3 images."
    assert study.seed_share == 0.0


def test_all_right_everywhere():
    study = study_seeds(runs_of(np.ones((3, 10), bool)))
    assert (study.mean, study.seed_share) == (proportion(10, 10), 0.0)


def test_the_interval_of_the_mean_stays_between_none_and_all():
    few, most = np.zeros((2, 4), bool), np.ones((2, 4), bool)
    few[0, 0], most[0, 0] = True, False
    assert study_seeds(runs_of(few)).mean.low == 0.0
    assert study_seeds(runs_of(most)).mean.high == 1.0


def test_json():
    read = json.loads(json.dumps(study_seeds(runs_of(np.eye(3, dtype=bool))).as_dict(), allow_nan=False))
    assert read["range"] == [pytest.approx(1 / 3), pytest.approx(1 / 3)]


def test_experiments_compared_over_seeds():
    generator = np.random.default_rng(3)
    a, b = simulated(generator, accuracy=0.85), simulated(generator, accuracy=0.9)
    better = compare_over_seeds(runs_of(a), runs_of(b, "B"))
    worse = compare_over_seeds(runs_of(b), runs_of(a, "B"))
    assert better.difference.value == pytest.approx(b.mean() - a.mean())
    assert better.differences == pytest.approx(tuple(b.mean(axis=1) - a.mean(axis=1)))
    assert sentence(better).startswith("Over 5 seeds B is better by ")
    assert "B was ahead in 5 of 5 seeds (p" in sentence(better)
    assert sentence(worse).startswith("Over 5 seeds B is worse by ")
    assert better.p_value == pytest.approx(worse.p_value)


def test_no_difference_over_seeds():
    same = simulated(np.random.default_rng(4))
    comparison = compare_over_seeds(runs_of(same), runs_of(same, "B"))
    assert comparison.p_value == 1.0
    assert sentence(comparison) == (
        "Over 5 seeds no difference between A and B is shown: B minus A is 0.0 points (-0.4 to "
        "0.4); B was ahead in 0 of 5 seeds (p = 1, paired over seeds and images)."
    )


def test_false_alarms_over_seeds_stay_at_the_level():
    generator, alarms = np.random.default_rng(5), 0
    for _ in range(200):
        a, b = (simulated(generator, n=300, seed_deviation=0.015) for _ in "ab")
        alarms += compare_over_seeds(runs_of(a), runs_of(b, "B")).p_value <= 0.05
    assert alarms / 200 <= 0.09


def test_what_is_refused():
    two = runs_of(np.eye(2, dtype=bool))
    with pytest.raises(ArgumentError, match=r"from two seeds on, better five\. Received: seeds=1"):
        study_seeds(two[:1])
    with pytest.raises(ArgumentError, match=r"need the same seeds. Received: len\(a\)=2, len\(b\)=1"):
        compare_over_seeds(two, two[:1])
    with pytest.raises(DataError, match="one was tested on 2 images, the other on 3"):
        compare_over_seeds(two, runs_of(np.ones((2, 3), bool), "B"))
    with pytest.raises(ArgumentError, match=r"At least two test images are needed. Received: N=1"):
        study_seeds(runs_of(np.ones((2, 1), bool)))
