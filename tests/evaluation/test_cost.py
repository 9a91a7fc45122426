import json

import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.evaluation.cost import cheapest, cost_at

COSTS = {"error_cost": 5.0, "check_cost": 0.1, "check_seconds": 6.0}


def test_cost_is_that_of_the_errors_that_get_through_and_of_the_checks():
    sure, wrong = np.repeat([0.9, 0.2], [80, 20]), np.arange(100) % 10 == 0  # 8 errors above, 2 below
    cost = cost_at(0.5, sure, wrong, **COSTS)
    assert cost.of_errors == pytest.approx(1000 * 0.08 * 5.0)
    assert cost.of_checks == pytest.approx(1000 * 0.2 * 0.1)
    assert cost.total.value == pytest.approx(cost.of_errors + cost.of_checks)
    assert cost.seconds == pytest.approx(1000 * 0.2 * 6.0)
    assert cost.total.low < cost.total.value < cost.total.high


def test_errors_not_seen_may_still_cost():
    cost = cost_at(0.0, np.ones(300), np.zeros(300, bool), error_cost=10_000.0, check_cost=0.1)
    assert (cost.of_errors, cost.total.value, cost.total.low) == (0.0, 0.0, 0.0)
    assert cost.total.high > 100_000


def test_the_cheapest_threshold_is_the_cheapest_of_all():
    generator = np.random.default_rng(0)
    sure = generator.random(400)
    wrong = generator.random(400) < 0.3 * (1 - sure)
    found = cheapest(sure, wrong, **COSTS)
    every = [cost_at(threshold, sure, wrong, **COSTS) for threshold in [0.0, np.inf, *sure]]
    assert found.total.value == pytest.approx(min(one.total.value for one in every))
    assert 0 < found.threshold < 1


def test_cheap_errors_are_all_accepted_and_dear_ones_none():
    sure, wrong = np.linspace(0.1, 0.9, 100), np.arange(100) % 2 == 1  # the surest one is wrong
    assert cheapest(sure, wrong, error_cost=0.01, check_cost=1.0).threshold == 0.0
    person = cheapest(sure, wrong, error_cost=1000.0, check_cost=1.0)
    assert person.threshold == np.inf
    assert person.total.value == pytest.approx(1000.0)
    assert json.loads(json.dumps(person.as_dict(), allow_nan=False))["threshold"] is None


def test_barred_fields_go_to_a_person():
    assert cheapest([-1.0, -1.0], [False, False], **COSTS).threshold == np.inf


@pytest.mark.parametrize("name", ["error_cost", "check_cost", "check_seconds"])
@pytest.mark.parametrize("value", [-1.0, np.inf, np.nan])
def test_costs_that_cannot_be(name, value):
    with pytest.raises(ArgumentError, match=f"{name} must be 0 or more and finite. Received: {name}={value}"):
        cheapest([0.5], [False], **{**COSTS, name: value})


def test_writers_count_the_same_however_many_fields_they_made():
    sure, wrong = [0.9] * 6 + [0.2] * 2, [True] * 2 + [False] * 6
    costs = {"error_cost": 1.0, "check_cost": 0.5, "check_seconds": 2.0}
    cost = cost_at(0.5, sure, wrong, **costs, writers=[7, 7, 4, 4, 4, 4, 4, 4])
    assert cost.of_errors == pytest.approx(500)  # one of two writers is misread throughout
    assert cost.of_checks == pytest.approx(1000 * (0 + 2 / 6) / 2 * 0.5)
    assert cost.seconds == pytest.approx(1000 * (0 + 2 / 6) / 2 * 2.0)
    assert cost.total.n == 2
    assert cost.total.method == "betting"
    pooled = cost_at(0.5, sure, wrong, **costs)
    assert pooled.of_errors == 250
    assert pooled.of_checks == pooled.total.value - 250 == 125
    through = (pooled.total.low - 125) / 1000, (pooled.total.high - 125) / 1000
    assert through == pytest.approx((0.0319, 0.6509), abs=1e-4)  # 2 of 8, Clopper-Pearson
    assert pooled.total.high - pooled.total.low < cost.total.high - cost.total.low
