"""``uses.json``: whether the predictions suffice for each use."""

from __future__ import annotations

from dataclasses import dataclass

from pellucid.evaluation.check_digits import UndetectedErrors
from pellucid.evaluation.cost import Cost
from pellucid.evaluation.fields import FieldAccuracy
from pellucid.evaluation.intervals import Estimate
from pellucid.evaluation.reject import Guarantee, ThresholdOutcome
from pellucid.evaluation.sufficiency import Assessment, FieldAssessment, Kind, Verdict
from pellucid.evaluation.wording.sufficiency import conclusion, detail_sentences, reason


@dataclass(frozen=True, kw_only=True)
class FieldRecord:
    """How fields of one ``kind`` are read: the ``FieldAssessment`` of evaluation without its curve."""

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
    """Whether the predictions suffice for one use.

    Attributes
    ----------
    use, title, digits, target
        Of the use: its name, what it is called, its length, and which share of what is accepted may be wrong.
    accuracy, field
        Of a character, and of a whole field.
    needed_accuracy
        Of a character, for the machine alone, if errors were independent.
    undetected
        The errors that pass the use's check; None without a check.
    independent, by_writer
        Fields of digits drawn by chance, and fields that one person wrote, where the writers are known.
    verdict
        In a few words, for programs.
    conclusion, reason
        The verdict for people in a few words, and why it is so: a clause each.
    details
        What it rests on at length, in sentences.
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
    """For independent fields of so many ``digits``: the shares accepted, and how much of each is wrong."""

    digits: int
    coverage: tuple[float, ...]
    risk: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Uses:
    """What the predictions suffice for; ``basis`` says, in sentences, what was measured on what."""

    basis: tuple[str, ...]
    uses: tuple[UseRecord, ...]
    curves: tuple[RiskCurve, ...] = ()
