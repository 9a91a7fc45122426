"""What reading fields costs: errors that get through, and people who check the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pellucid.errors import ArgumentError
from pellucid.evaluation.betting import betting_interval
from pellucid.evaluation.checked_arrays import BoolArray
from pellucid.evaluation.intervals import Estimate, proportion
from pellucid.evaluation.reject import ACCEPT_ALL, risk_coverage

ACCEPT_NONE = float("inf")


@dataclass(frozen=True)
class Cost:
    """The cost of 1,000 fields at ``threshold``: ``total`` = ``of_errors`` + ``of_checks``.

    The interval of the total is that of how many errors get through (Clopper-Pearson; for new writers, by
    betting): errors that are dear and so rare that none was seen may still cost most. ``seconds`` is how long
    people are busy checking. Costs are in the money of the use (euros, for the built-in ones). People are
    taken to make no errors.
    """

    threshold: float
    total: Estimate
    of_errors: float
    of_checks: float
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON; a threshold that accepts nothing is None."""
        threshold = self.threshold if self.threshold < ACCEPT_NONE else None
        return {**vars(self), "threshold": threshold, "total": self.total.as_dict()}


def cost_at(
    threshold: float,
    confidences: npt.ArrayLike,
    wrong: npt.ArrayLike,
    *,
    error_cost: float,
    check_cost: float,
    check_seconds: float = 0.0,
    writers: npt.ArrayLike | None = None,
) -> Cost:
    """Return the cost of 1,000 fields such as these, (F,), if those below ``threshold`` go to a person.

    Parameters
    ----------
    writers
        Who wrote each field (F,): each writer then counts the same, and the interval is for new writers.

    Raises
    ------
    ArgumentError
        A cost or time below 0.

    Examples
    --------
    >>> cost = cost_at(0.5, [0.9, 0.8, 0.7, 0.2], [False, False, True, True], error_cost=2.0, check_cost=0.1)
    >>> cost.of_errors, cost.of_checks, cost.total.value
    (500.0, 25.0, 525.0)
    """
    _check_costs(error_cost=error_cost, check_cost=check_cost, check_seconds=check_seconds)
    sure, errors = np.asarray(confidences, np.float64), np.asarray(wrong, np.bool_)
    accepted = sure >= threshold
    through = _share(accepted & errors, writers)
    checked = _share(~accepted, writers).value
    of_checks = 1000 * checked * check_cost
    value, low, high = (1000 * share * error_cost for share in (through.value, through.low, through.high))
    total = Estimate(value + of_checks, low + of_checks, high + of_checks, through.n, through.method)
    return Cost(float(threshold), total, value, of_checks, 1000 * checked * check_seconds)


def _share(of: BoolArray, writers: npt.ArrayLike | None) -> Estimate:
    """Return the share of all fields (F,), or the mean over the shares of all writers."""
    if writers is None:
        return proportion(int(of.sum()), len(of), method="clopper-pearson")
    place = np.unique(np.asarray(writers), return_inverse=True)[1]
    return betting_interval(np.bincount(place, weights=of) / np.bincount(place))


def cheapest(
    confidences: npt.ArrayLike,
    wrong: npt.ArrayLike,
    *,
    error_cost: float,
    check_cost: float,
    check_seconds: float = 0.0,
) -> Cost:
    """Return the threshold at which these fields cost least, accepting all and none included.

    Choose it on calibration fields and tell its cost on test fields (:func:`cost_at`).

    Examples
    --------
    >>> cost = cheapest([0.9, 0.8, 0.7, 0.2], [False, False, True, True], error_cost=2.0, check_cost=0.1)
    >>> cost.threshold, cost.total.value
    (0.8, 50.0)
    """
    _check_costs(error_cost=error_cost, check_cost=check_cost, check_seconds=check_seconds)
    curve = risk_coverage(confidences, wrong)
    totals = curve.coverage * curve.risk * error_cost + (1 - curve.coverage) * check_cost
    if not len(totals) or totals.min() >= check_cost:
        threshold = ACCEPT_NONE
    elif int(np.argmin(totals)) == len(totals) - 1:
        threshold = ACCEPT_ALL  # the loosest: nothing is gained by rejecting what is less sure still
    else:
        threshold = float(curve.thresholds[int(np.argmin(totals))])
    return cost_at(
        threshold,
        confidences,
        wrong,
        error_cost=error_cost,
        check_cost=check_cost,
        check_seconds=check_seconds,
    )


def _check_costs(**costs: float) -> None:
    for name, value in costs.items():
        if not 0 <= value < float("inf"):
            raise ArgumentError(f"{name} must be 0 or more and finite. Received: {name}={value}")
