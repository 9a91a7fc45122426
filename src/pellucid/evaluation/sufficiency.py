"""Is it enough? For each use: sufficient alone, with a person checking the doubtful part, or not.

A verdict is about fields from the source of the calibration and test images, prepared as these are. Each
holds by itself: of many verdicts at 95 % one in twenty may fail.

The threshold is chosen on calibration predictions (validation data) and checked on test predictions, on two
kinds of fields. Independent: digits drawn at random. By one writer: digits that one person wrote, as on
forms; there writers count, not fields, so that the guarantee (:mod:`pellucid.evaluation.writer_guarantee`)
holds for the fields of the next person. Only fields by one writer make a verdict without a condition; on
independent fields it holds if errors are independent. The choice uses only the confidences of the test set,
to lay out the thresholds, and never a label.

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
from pellucid.evaluation.check_digits import UndetectedErrors, needed_with_check, undetected_errors
from pellucid.evaluation.confusion import confusion_matrix
from pellucid.evaluation.field_assessment import FieldAssessment, assess_fields
from pellucid.evaluation.fields import FieldAccuracy, field_accuracy, needed_accuracy
from pellucid.evaluation.intervals import Estimate, proportion

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from pellucid.evaluation.predictions import Predictions
    from pellucid.evaluation.uses import Use

Verdict = Literal[
    "alone",
    "with a person",
    "alone if errors are independent",
    "with a person if errors are independent",
    "by arithmetic if errors are independent",
    "cannot be guaranteed",
    "not sufficient",
]


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
        """What follows from the guarantees; the less is known, the weaker.

        "not sufficient" takes a test that rejects every threshold at which enough is read: few data are no
        evidence of it. Without a guarantee for fields by one writer, because the writers are not known or too
        few, a verdict names its condition, that errors are independent. A check digit counts by arithmetic
        where no threshold can be guaranteed by counting.
        """
        if self.decisive.guarantee.exceeded:
            return "not sufficient"
        if self.by_writer is not None and self.by_writer.suffices:
            return "alone" if self._reads_all(self.by_writer) else "with a person"
        if self.by_writer is not None and self.by_writer.contradicted:
            return "cannot be guaranteed"
        if self.independent.suffices:
            alone = self._reads_all(self.independent)
            return "alone if errors are independent" if alone else "with a person if errors are independent"
        return "by arithmetic if errors are independent" if self._check_keeps else "cannot be guaranteed"

    @property
    def alone_refuted(self) -> bool:
        """Whether the machine that reads every field certainly misreads more of them than the target."""
        right = self.field.measured or self.field.independent
        return self.use.check is None and right.high < 1 - self.use.target

    def _reads_all(self, fields: FieldAssessment) -> bool:
        return fields.reads_all and self.use.check is None

    @property
    def _check_keeps(self) -> bool:
        """Whether the check lets few enough errors pass, by arithmetic, to its upper bound."""
        contradicted = self.independent.contradicted
        return self.undetected is not None and not contradicted and self.undetected.bound <= self.use.target

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
    'with a person if errors are independent'
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
    independent = assess_fields("independent", use, (calibration, None), (test, None), confidence, seed)
    single_writer = None
    if by_writer:
        known = (calibration, calibration_writers), (test, test_writers)
        single_writer = assess_fields("one hand", use, *known, confidence, seed)
    counts = confusion_matrix(test.labels, test.probabilities.argmax(axis=1), test.probabilities.shape[1])
    return Assessment(
        use=use,
        accuracy=proportion(int(test.correct.sum()), len(test.labels)),
        field=field_accuracy(test.correct, use.digits, test_writers if by_writer else None),
        needed_accuracy=(
            needed_accuracy(use.target, use.digits)
            if use.check is None
            else needed_with_check(counts, use.check, use.target)
        ),
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
    ['alone if errors are independent', 'cannot be guaranteed']
    """
    return [assess(use, calibration, test, **options) for use in uses]


def _enough(use: Use, writers: npt.ArrayLike | None) -> bool:
    """Return whether any writer has the images for one field."""
    return writers is not None and np.unique(writers, return_counts=True)[1].max() >= use.digits
