"""Is it enough? For each use: sufficient alone, with a person checking the doubtful part, or not.

The threshold is chosen on calibration predictions (validation data) and checked on test predictions, on two
kinds of fields. Independent: digits drawn at random. By one writer: digits that one person wrote, as on
forms, one field a writer, so that the guarantee (:mod:`pellucid.evaluation.reject`) holds for the field of
the next person. Where the writers are known the verdict rests on fields by one writer. The choice uses only
the confidences of the test set, to lay out the thresholds, and never a label.

A guarantee for new writers needs calibration writers whom the network was not trained on. Validation images
drawn by chance from MNIST's training images share their writers with them;
:func:`pellucid.evaluation.fields.split_by_writer` parts the test images for that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pellucid.errors import ArgumentError
from pellucid.evaluation.calibration import apply_temperature, check_classes_present
from pellucid.evaluation.check_digits import UndetectedErrors, undetected_errors
from pellucid.evaluation.confusion import confusion_matrix
from pellucid.evaluation.cost import Cost, cheapest, cost_at
from pellucid.evaluation.fields import (
    FieldAccuracy,
    draw_fields,
    field_accuracy,
    field_confidence,
    field_wrong,
    needed_accuracy,
)
from pellucid.evaluation.intervals import Estimate, proportion
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

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from pellucid.evaluation.checked_arrays import BoolArray, FloatArray
    from pellucid.evaluation.predictions import Predictions
    from pellucid.evaluation.uses import Use

Verdict = Literal[
    "alone",
    "with a person",
    "with a person if errors are independent",
    "not sufficient",
    "cannot be guaranteed",
]
Kind = Literal["independent", "one hand"]

REJECTED_BY_CHECK = -1.0  # the confidence of a field that fails its check: it always goes to a person


@dataclass(frozen=True, eq=False)
class FieldAssessment:
    """How fields of one ``kind`` are read for a use.

    ``outcome`` is what the guaranteed threshold does to the test fields, None where there is none. ``curve``,
    ``cost`` and ``cheapest`` are means over all fields that the test images make (by one writer: several of a
    writer as well): the risk-coverage curve, and the cost of 1,000 fields at the guaranteed threshold and at
    the one that cost least on calibration fields; None where the use has no costs.
    """

    kind: Kind
    guarantee: Guarantee
    outcome: ThresholdOutcome | None
    curve: RiskCoverage
    cost: Cost | None
    cheapest: Cost | None

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


@dataclass(frozen=True, eq=False)
class Assessment:
    """Whether predictions suffice for ``use``.

    ``accuracy`` is that of a character, ``field`` that of a field, ``needed_accuracy`` what a character's
    would have to be for the machine alone if errors were independent, ``undetected`` the errors that pass
    the use's check (None without a check). ``by_writer`` is None where the writers are not known, or have too
    few images.
    """

    use: Use
    accuracy: Estimate
    field: FieldAccuracy
    needed_accuracy: float
    undetected: UndetectedErrors | None
    independent: FieldAssessment
    by_writer: FieldAssessment | None

    @property
    def decisive(self) -> FieldAssessment:
        """The fields that the verdict rests on: those by one writer where the writers are known."""
        return self.by_writer or self.independent

    @property
    def verdict(self) -> Verdict:
        """What follows from the guarantees and, where there is none, from the fields that are read wrong.

        A machine that certainly misreads too many fields does not suffice, however little data there is: that
        needs no guarantee. Where only independent fields have one, the verdict names that condition.
        """
        decisive = self.decisive
        if decisive.outcome is None:
            if self._suffices_if_independent:
                return "with a person if errors are independent"
            right = self.field.measured or self.field.independent
            too_many = right.high < 1 - self.use.target
            return (
                "not sufficient"
                if too_many or decisive.guarantee.fields_needed is None
                else "cannot be guaranteed"
            )
        if not decisive.outcome.kept or decisive.outcome.read.value < LEAST_READ:
            return "not sufficient"
        alone = decisive.guarantee.threshold == ACCEPT_ALL and self.use.check is None
        return "alone" if alone else "with a person"

    @property
    def _suffices_if_independent(self) -> bool:
        result = self.independent.outcome
        return result is not None and result.kept and result.read.value >= LEAST_READ

    def as_dict(self) -> dict[str, Any]:
        """Return everything but the curves for JSON."""
        return {
            "use": self.use.name,
            "title": self.use.title,
            "digits": self.use.digits,
            "target": self.use.target,
            "accuracy": self.accuracy.as_dict(),
            "field": self.field.as_dict(),
            "needed_accuracy": self.needed_accuracy,
            "slip": None if self.undetected is None else self.undetected.as_dict(),
            "independent": self.independent.as_dict(),
            "by_writer": None if self.by_writer is None else self.by_writer.as_dict(),
            "verdict": self.verdict,
        }


def assess(
    use: Use,
    calibration: Predictions,
    test: Predictions,
    *,
    calibration_writers: npt.ArrayLike | None = None,
    test_writers: npt.ArrayLike | None = None,
    confidence: float = 0.95,
    temperature: float = 1.0,
    seed: int = 0,
) -> Assessment:
    """Judge whether predictions suffice for a use.

    Parameters
    ----------
    use
        From :mod:`pellucid.evaluation.uses`.
    calibration, test
        Predictions for validation images and for test images.
    calibration_writers, test_writers
        Who wrote each of these images, (N,).
    confidence
        Of the guarantee.
    temperature
        Applied to both probabilities first (:func:`~pellucid.evaluation.calibration.fit_temperature`).

    Raises
    ------
    DataError
        Calibration data without a class, or too few images for a single field.
    ArgumentError
        A use with a check digit for classes that are not ten digits.

    Examples
    --------
    >>> from pellucid.evaluation.predictions import predictions_of
    >>> from pellucid.evaluation.uses import own_use
    >>> generator = np.random.default_rng(0)
    >>> def predictions(name, n):                     # 2 % of the answers doubtful, half of these wrong
    ...     labels, doubtful = generator.integers(0, 2, n), generator.random(n) < 0.02
    ...     right = ~doubtful | (generator.random(n) < 0.5)
    ...     sure = np.where(doubtful, 0.6, 0.999)
    ...     top = np.where(right, labels, 1 - labels)
    ...     sure = sure[:, None]
    ...     return predictions_of(name, labels, np.where(top[:, None] == [0, 1], sure, 1 - sure))
    >>> validation, test = predictions("validation", 8000), predictions("test", 8000)
    >>> assess(own_use(4, 0.01), validation, test).verdict
    'with a person'
    """
    check_classes_present(calibration.labels, calibration.probabilities.shape[1])
    if use.check is not None and test.probabilities.shape[1] != 10:
        raise ArgumentError(
            f"The check of {use.title!r} is for the ten digits; these predictions are of "
            f"{test.probabilities.shape[1]} classes."
        )
    if temperature != 1.0:
        calibration, test = (
            replace(one, probabilities=apply_temperature(one.probabilities, temperature))
            for one in (calibration, test)
        )
    by_writer = _enough(use, calibration_writers) and _enough(use, test_writers)
    independent = _assess_fields("independent", use, (calibration, None), (test, None), confidence, seed)
    single_writer = None
    if by_writer:
        known = (calibration, calibration_writers), (test, test_writers)
        single_writer = _assess_fields("one hand", use, *known, confidence, seed)
    counts = confusion_matrix(test.labels, test.probabilities.argmax(axis=1), test.probabilities.shape[1])
    return Assessment(
        use=use,
        accuracy=proportion(int(test.correct.sum()), len(test.labels)),
        field=field_accuracy(test.correct, use.digits, test_writers if by_writer else None),
        needed_accuracy=needed_accuracy(use.target, use.digits),
        undetected=None if use.check is None else undetected_errors(counts, use.check),
        independent=independent,
        by_writer=single_writer,
    )


def assess_all(
    uses: Iterable[Use], calibration: Predictions, test: Predictions, **options: Any
) -> list[Assessment]:
    """Judge each use with the same predictions; ``options`` as for :func:`assess`.

    Examples
    --------
    >>> from pellucid.evaluation.predictions import predictions_of
    >>> from pellucid.evaluation.uses import own_use
    >>> run = predictions_of("digits", [0, 1] * 50, [[0.9, 0.1], [0.2, 0.8]] * 50)
    >>> [one.verdict for one in assess_all([own_use(1, 0.5), own_use(1, 0.001)], run, run)]
    ['alone', 'cannot be guaranteed']
    """
    return [assess(use, calibration, test, **options) for use in uses]


def _enough(use: Use, writers: npt.ArrayLike | None) -> bool:
    """Return whether any writer has the images for one field."""
    return writers is not None and np.unique(writers, return_counts=True)[1].max() >= use.digits


def _assess_fields(
    kind: Kind,
    use: Use,
    calibration: tuple[Predictions, npt.ArrayLike | None],
    test: tuple[Predictions, npt.ArrayLike | None],
    confidence: float,
    seed: int,
) -> FieldAssessment:
    sure, wrong = _fields(use, *calibration, seed=seed)
    test_sure, test_wrong = _fields(use, *test, seed=seed)
    found = find_guarantee(sure, wrong, target=use.target, confidence=confidence, layout=test_sure)
    result = cost = least = None
    if found.threshold is not None:
        result = outcome_of(test_sure, test_wrong, found.threshold, target=use.target)
    every, every_test = (_fields(use, *one, one_each=False, seed=seed) for one in (calibration, test))
    if use.error_cost is not None and use.check_cost is not None:
        costs = {
            "error_cost": use.error_cost,
            "check_cost": use.check_cost,
            "check_seconds": use.check_seconds,
        }
        least = cost_at(cheapest(*every, **costs).threshold, *every_test, **costs)
        if found.threshold is not None:
            cost = cost_at(found.threshold, *every_test, **costs)
    return FieldAssessment(kind, found, result, risk_coverage(*every_test), cost, least)


def _fields(
    use: Use,
    predictions: Predictions,
    writers: npt.ArrayLike | None,
    *,
    one_each: bool = True,
    seed: int = 0,
) -> tuple[FloatArray, BoolArray]:
    """Return confidence and wrongness of fields, (F,) each; those that fail the use's check are rejected."""
    fields = draw_fields(len(predictions.labels), use.digits, writers, one_each=one_each, seed=seed)
    sure, wrong = field_confidence(predictions.probabilities, fields), field_wrong(predictions, fields)
    if use.check is not None:
        read = predictions.probabilities.argmax(axis=1)
        sure = np.where(use.check.passes(predictions.labels[fields], read[fields]), sure, REJECTED_BY_CHECK)
    return sure, wrong
