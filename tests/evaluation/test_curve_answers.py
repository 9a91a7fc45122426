import numpy as np
import pytest

from pellucid.evaluation.curve_answers import convergence, fit, gap_open_since, more_epochs
from pellucid.evaluation.curves import gap
from pellucid.evaluation.intervals import proportion


def fit_of(train, validation, n, has_risen=False):
    train, validation = proportion(round(train * n), n), proportion(round(validation * n), n)
    return fit(gap(train.value, n, validation.value, n), train, validation, has_risen)


def gaps(*pairs, n=2000):
    return [gap(train, n, validation, n) for train, validation in pairs]


@pytest.mark.parametrize(
    ("pairs", "n", "opened"),
    [
        pytest.param([(0.9, 0.9), (0.95, 0.94), (0.98, 0.95), (0.99, 0.95)], 2000, 3, id="opens later"),
        pytest.param([(0.98, 0.95), (0.95, 0.95), (0.98, 0.95)], 2000, 3, id="counts from the last opening"),
        pytest.param([(0.98, 0.95), (0.99, 0.95)], 2000, 1, id="open from the start"),
        pytest.param([(0.96, 0.95)], 300, None, id="cannot be told from zero"),
        pytest.param([(0.90, 0.95)], 2000, None, id="validation above training"),
    ],
)
def test_since_when_the_gap_is_open(pairs, n, opened):
    assert gap_open_since(gaps(*pairs, n=n)) == opened


@pytest.mark.parametrize(
    ("losses", "answer"),
    [
        ([0.9, 0.8, 0.7, 0.6, 0.5, 0.4], "help"),
        ([0.4, 0.5, 0.6, 0.7, 0.8, 0.9], "harm"),
        ([0.9, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3], "no change"),
        ([0.9, 0.5, 0.3, 0.35, 0.28, 0.37], "cannot tell"),
        ([0.9, 0.5, 0.3], "cannot tell"),
    ],
)
def test_more_epochs(losses, answer):
    assert more_epochs(np.array(losses)) == answer


@pytest.mark.parametrize(
    ("losses", "answer"),
    [
        ([0.9, 0.8, 0.7, 0.6, 0.5, 0.4], "no"),
        ([0.4, 0.5, 0.6, 0.7, 0.8, 0.9], "no"),
        ([0.9, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3], "yes"),
        ([0.9, 0.5, 0.3, 0.35, 0.28, 0.37], "cannot tell"),
        ([0.9, 0.5], "cannot tell"),
    ],
)
def test_convergence(losses, answer):
    assert convergence(np.array(losses)) == answer


def test_a_slowly_falling_loss_has_not_converged():
    # 0.7 % an epoch at the end of 100, as digits-cnn: small an epoch, much over the next hundred.
    assert convergence(np.exp(-0.007 * np.arange(100))) == "no"


@pytest.mark.parametrize(
    ("train", "validation", "n", "answer"),
    [
        (0.9978, 0.9850, 12000, "over"),
        (0.9978, 0.9874, 12000, "cannot tell"),  # a gap of 0.8 to 1.3 points: one point does not matter
        (0.9998, 0.9928, 1000, "cannot tell"),  # 0.3 to 1.4 points
        (0.9999, 0.9909, 60_000, "well"),  # 0.8 to 1.0 points
        (0.9280, 0.9220, 12000, "under"),
        (0.9945, 0.9890, 12000, "well"),
        (0.9320, 0.9110, 337, "cannot tell"),
        (1.0, 1.0, 12000, "well"),
    ],
)
def test_fit_of_the_labs_networks(train, validation, n, answer):
    assert fit_of(train, validation, n) == answer


def test_a_risen_validation_loss_is_over_fitting_whatever_the_accuracies():
    assert fit_of(0.9945, 0.9890, 12000, has_risen=True) == "over"
