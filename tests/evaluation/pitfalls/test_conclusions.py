import numpy as np

from pellucid.evaluation.comparison import compare
from pellucid.evaluation.pitfalls.conclusions import one_seed, reopened_test_set, within_noise
from pellucid.evaluation.predictions import predictions_of


def run(name, right, n=1000):
    rows = np.where(np.arange(n)[:, None] < right, [0.9, 0.1], [0.2, 0.8])
    return predictions_of(name, np.zeros(n, int), rows)


def test_test_set_opened_for_choosing():
    [finding] = reopened_test_set(3)
    assert (finding.code, finding.evidence) == ("test-set-reopened", "It was opened 3 times.")
    assert reopened_test_set(1) == []
    assert reopened_test_set(0) == []


def test_one_seed():
    [finding] = one_seed(1)
    assert finding.code == "one-seed"
    assert one_seed(5) == []


def test_a_difference_within_noise():
    [finding] = within_noise(compare(run("A", 900), run("B", 901)))
    assert finding.code == "within-noise"
    assert finding.message == "The difference between A and B is within noise."
    assert finding.evidence == "It is 0.1 points (-0.2 to 0.6), 1 image changed sides, p = 0.5."


def test_a_difference_beyond_noise():
    assert within_noise(compare(run("A", 900), run("B", 950))) == []
