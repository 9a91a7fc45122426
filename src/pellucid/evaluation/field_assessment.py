"""How fields of one kind are read for a use: the threshold that is guaranteed, and what it does.

The threshold is chosen on calibration fields and checked on test fields. The confidences of the test fields
lay out the thresholds that are tried; their labels do not. Fields by one writer are not independent: there
writers count, each with all the fields that its images make.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pellucid.evaluation.cost import Cost, cheapest, cost_at
from pellucid.evaluation.fields import draw_fields, field_confidence, field_wrong
from pellucid.evaluation.reject import (
    ACCEPT_ALL,
    LEAST_READ,
    Guarantee,
    RiskCoverage,
    ThresholdOutcome,
    risk_coverage,
)
from pellucid.evaluation.reject import guarantee as find_guarantee
from pellucid.evaluation.reject import outcome as outcome_of
from pellucid.evaluation.writer_guarantee import guarantee_for_writers, outcome_for_writers

if TYPE_CHECKING:
    import numpy.typing as npt

    from pellucid.evaluation.checked_arrays import BoolArray, FloatArray, IntArray
    from pellucid.evaluation.predictions import Predictions
    from pellucid.evaluation.uses import Use

Kind = Literal["independent", "one hand"]

REJECTED_BY_CHECK = -1.0  # the confidence of a field that fails its check: it always goes to a person


@dataclass(frozen=True, eq=False)
class FieldAssessment:
    """How fields of one ``kind`` are read for a use.

    ``outcome`` is what the guaranteed threshold does to the test fields, None where there is none. ``curve``
    is their risk-coverage curve, ``cost`` and ``cheapest`` the cost of 1,000 of them at the guaranteed
    threshold and at the one that cost least on calibration fields; None where the use has no costs.
    """

    kind: Kind
    guarantee: Guarantee
    outcome: ThresholdOutcome | None
    curve: RiskCoverage
    cost: Cost | None
    cheapest: Cost | None

    @property
    def suffices(self) -> bool:
        """Whether a threshold is guaranteed that the test fields agree with and that reads enough of them."""
        return self.outcome is not None and self.outcome.kept and self.outcome.read.value >= LEAST_READ

    @property
    def contradicted(self) -> bool:
        """Whether the test fields have more errors than the guaranteed threshold allows."""
        return self.outcome is not None and not self.outcome.kept

    @property
    def reads_all(self) -> bool:
        """Whether the guaranteed threshold accepts every field."""
        return self.guarantee.threshold == ACCEPT_ALL

    def as_dict(self) -> dict[str, Any]:
        """Return everything but the curve for JSON."""
        return {
            "kind": self.kind,
            "guarantee": self.guarantee.as_dict(),
            **{
                name: None if value is None else value.as_dict()
                for name, value in (
                    ("outcome", self.outcome),
                    ("cost", self.cost),
                    ("cheapest", self.cheapest),
                )
            },
        }


def assess_fields(
    kind: Kind,
    use: Use,
    calibration: tuple[Predictions, npt.ArrayLike | None],
    test: tuple[Predictions, npt.ArrayLike | None],
    confidence: float,
    seed: int,
) -> FieldAssessment:
    """Return how fields are read; ``calibration`` and ``test`` are predictions with their writers or None.

    Examples
    --------
    >>> from pellucid.evaluation.predictions import predictions_of
    >>> from pellucid.evaluation.uses import own_use
    >>> run = predictions_of("digits", [0, 1] * 50, [[0.9, 0.1], [0.2, 0.8]] * 50)
    >>> assess_fields("independent", own_use(1, 0.1), (run, None), (run, None), 0.95, 0).suffices
    True
    """
    sure, wrong, writers = _fields(use, *calibration, seed=seed)
    test_sure, test_wrong, test_writers = _fields(use, *test, seed=seed)
    options: dict[str, Any] = {"target": use.target, "confidence": confidence, "layout": test_sure}
    if writers is None or test_writers is None:
        found = find_guarantee(sure, wrong, **options)
    else:
        found = guarantee_for_writers(sure, wrong, writers, **options)
    result = cost = least = None
    if found.threshold is not None:
        result = _outcome(test_sure, test_wrong, test_writers, found.threshold, use.target)
    if use.error_cost is not None and use.check_cost is not None:
        costs: dict[str, Any] = {
            "error_cost": use.error_cost,
            "check_cost": use.check_cost,
            "check_seconds": use.check_seconds,
        }
        best = cheapest(sure, wrong, **costs).threshold
        least = cost_at(best, test_sure, test_wrong, **costs, writers=test_writers)
        if found.threshold is not None:
            cost = cost_at(found.threshold, test_sure, test_wrong, **costs, writers=test_writers)
    return FieldAssessment(kind, found, result, risk_coverage(test_sure, test_wrong), cost, least)


def _outcome(
    sure: FloatArray, wrong: BoolArray, writers: IntArray | None, threshold: float, target: float
) -> ThresholdOutcome:
    if writers is None:
        return outcome_of(sure, wrong, threshold, target=target)
    return outcome_for_writers(sure, wrong, writers, threshold, target=target)


def _fields(
    use: Use, predictions: Predictions, writers: npt.ArrayLike | None, *, seed: int = 0
) -> tuple[FloatArray, BoolArray, IntArray | None]:
    """Return confidence, wrongness and writer of fields, (F,) each; those that fail the check are rejected.

    With writers, each makes as many fields as there are images for.
    """
    fields = draw_fields(len(predictions.labels), use.digits, writers, one_each=False, seed=seed)
    sure, wrong = field_confidence(predictions.probabilities, fields), field_wrong(predictions, fields)
    if use.check is not None:
        read = predictions.probabilities.argmax(axis=1)
        sure = np.where(use.check.passes(predictions.labels[fields], read[fields]), sure, REJECTED_BY_CHECK)
    return sure, wrong, None if writers is None else np.asarray(writers)[fields[:, 0]]
