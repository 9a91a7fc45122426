"""``uses.json``: whether the predictions suffice for each application."""

from __future__ import annotations

from dataclasses import dataclass

from pellucid.evaluation.check_digits import UndetectedErrors
from pellucid.evaluation.cost import Cost
from pellucid.evaluation.field_assessment import FieldAssessment, Kind
from pellucid.evaluation.fields import FieldAccuracy
from pellucid.evaluation.intervals import Estimate
from pellucid.evaluation.reject import Guarantee, ThresholdOutcome
from pellucid.evaluation.sufficiency import Assessment, Verdict
from pellucid.evaluation.wording.sufficiency import conclusion, detail_sentences, reason

# 1: without a condition where writers were unknown. 2: only fields by one writer have no condition.
# 3: all fields of a writer count, not one of each.
RULES = 3


@dataclass(frozen=True, kw_only=True)
class FieldRecord:
    """How well fields of one ``kind`` are read: the ``FieldAssessment`` of evaluation without its curve."""

    kind: Kind
    guarantee: Guarantee
    outcome: ThresholdOutcome | None
    cost: Cost | None
    cheapest: Cost | None

    @classmethod
    def of(cls, fields: FieldAssessment) -> FieldRecord:
        """Return the record of an assessment."""
        return cls(
            kind=fields.kind,
            guarantee=fields.guarantee,
            outcome=fields.outcome,
            cost=fields.cost,
            cheapest=fields.cheapest,
        )


@dataclass(frozen=True, kw_only=True)
class UseRecord:
    """Whether the predictions suffice for one application.

    Attributes
    ----------
    use, title, digits, target
        The application: its name, its title, its number of digits, and the acceptable share of errors.
    accuracy, field
        Accuracy of one character, and of a whole field.
    needed_accuracy
        Character accuracy needed without human help, if errors were independent.
    undetected
        Errors that pass the application's check; None without a check.
    independent, by_writer
        Fields of randomly drawn digits, and fields by one writer, if the writers are known.
    verdict
        The verdict in a few words, for programs.
    conclusion, reason
        The verdict for people in a few words, and its reason: a clause each.
    details
        The evidence at length, in sentences.
    """

    use: str
    title: str
    digits: int
    target: float
    accuracy: Estimate
    field: FieldAccuracy
    needed_accuracy: float
    undetected: UndetectedErrors | None
    independent: FieldRecord
    by_writer: FieldRecord | None
    verdict: Verdict
    conclusion: str
    reason: str
    details: tuple[str, ...]

    @classmethod
    def of(cls, one: Assessment) -> UseRecord:
        """Return the record of an assessment."""
        return cls(
            use=one.use.name,
            title=one.use.title,
            digits=one.use.digits,
            target=one.use.target,
            accuracy=one.accuracy,
            field=one.field,
            needed_accuracy=one.needed_accuracy,
            undetected=one.undetected,
            independent=FieldRecord.of(one.independent),
            by_writer=None if one.by_writer is None else FieldRecord.of(one.by_writer),
            verdict=one.verdict,
            conclusion=conclusion(one),
            reason=reason(one),
            details=tuple(detail_sentences(one)),
        )


@dataclass(frozen=True, kw_only=True)
class RiskCurve:
    """For independent fields of ``digits`` digits: the shares accepted, and the error rate at each."""

    digits: int
    coverage: tuple[float, ...]
    risk: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Uses:
    """What the predictions suffice for.

    Attributes
    ----------
    basis
        Which data it was measured on, in sentences.
    uses, curves
        The verdicts, and the risk-coverage curves.
    rules
        By which rules the verdicts were given; they are given anew where this is not ``RULES``.
    """

    basis: tuple[str, ...]
    uses: tuple[UseRecord, ...]
    curves: tuple[RiskCurve, ...] = ()
    rules: int = 1

    @property
    def by_writer(self) -> bool:
        """Whether any verdict rests on fields by one writer."""
        return any(one.by_writer is not None for one in self.uses)
