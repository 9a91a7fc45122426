"""Evaluation in the report: findings, the curves, each class, calibration, applications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pellucid.core.wording.percents import exact_percent, percent
from pellucid.core.wording.plurals import counted
from pellucid.evaluation import sentence
from pellucid.report.words import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pellucid.evaluation import Finding, ReliabilityBin
    from pellucid.report.rundata import RunData
    from pellucid.runs.record.uses import UseRecord


@dataclass(frozen=True)
class ClassRow:
    """A class with its estimates as texts."""

    name: str
    images: str
    recall: str
    precision: str
    f1: str


@dataclass(frozen=True)
class UseRow:
    """An application with its requirements, the run's results, and the verdict: heading and explanation."""

    title: str
    digits: str
    target: str
    independent: str
    by_writer: str
    to_person: str
    verdict: str
    why: str
    details: tuple[str, ...]


def findings(data: RunData) -> tuple[Finding, ...]:
    """Return the findings: message, evidence and fix of each."""
    return () if data.results is None else data.results.findings


def generalisation(data: RunData) -> tuple[str, ...]:
    """Return the generalisation by the curves, sentence by sentence."""
    found = None if data.results is None else data.results.generalisation
    return () if found is None else found.sentences


def classes(data: RunData) -> list[ClassRow]:
    """Return each class with recall, precision and F1 and their intervals."""
    found = None if data.results is None else data.results.evaluation
    return [
        ClassRow(
            name=one.name,
            images=count(one.support),
            recall=one.recall.percent(),
            precision=one.precision.percent(),
            f1=one.f1.percent(),
        )
        for one in (() if found is None else found.classes)
    ]


def top_k(data: RunData) -> str:
    """Return in how many images the true class is among the most probable ones."""
    found = None if data.results is None else data.results.evaluation
    if found is None or not found.top_k:
        return ""
    shares = [f"in {one.percent()} among the {k} most probable" for k, one in found.top_k.items()]
    return f"The true class is {', '.join(shares)}."


def reliability(data: RunData) -> tuple[list[ReliabilityBin], list[ReliabilityBin] | None] | None:
    """Return the reliability curves before and after temperature scaling; None if there are none."""
    found = None if data.results is None else data.results.calibration
    if found is None:
        return None
    return list(found.before.curve), None if found.after is None else list(found.after.curve)


def calibration(data: RunData) -> list[str]:
    """Return the calibration in words, before and after temperature scaling."""
    found = None if data.results is None else data.results.calibration
    if found is None:
        return []
    before, temperature = sentence(found.before), found.temperature
    if temperature is None or found.after is None:
        return [before, *([] if found.reason is None else [f"No temperature was fitted. {found.reason}"])]
    meaning = "the network was overconfident" if temperature > 1 else "the network was underconfident"
    error = found.after.error
    return [
        before,
        f"The temperature that fits the validation images best is {temperature:.2f}: on these {meaning}. "
        f"With it, confidence and accuracy on the test images are {100 * error.value:.1f} points apart "
        f"({100 * error.low:.1f} to {100 * error.high:.1f}). It changes no prediction; the model "
        "file contains it. The probabilities in this report do not include it.",
    ]


def uses(data: RunData) -> list[UseRow]:
    """Return the applications with their verdicts."""
    return [] if data.uses is None else [_use(one) for one in data.uses.uses]


def basis(data: RunData) -> tuple[str, ...]:
    """Return the data on which the verdicts are based, in words."""
    return () if data.uses is None else data.uses.basis


def risk_curves(data: RunData) -> dict[str, tuple[Sequence[float], Sequence[float]]]:
    """Return coverage and risk for each length of field."""
    curves = () if data.uses is None else data.uses.curves
    return {counted(one.digits, "digit"): (one.coverage, one.risk) for one in curves}


def _use(one: UseRecord) -> UseRow:
    measured, outcome = one.field.measured, one.independent.outcome
    return UseRow(
        title=one.title,
        digits=counted(one.digits, "digit"),
        target=exact_percent(one.target),
        independent=percent(one.field.independent.value),
        by_writer="–" if measured is None else percent(measured.value),
        to_person="–" if outcome is None else percent(outcome.to_person.value, 1),
        verdict=_as_sentence(one.conclusion),
        why=_as_sentence(one.reason) if one.reason else "",
        details=one.details,
    )


def _as_sentence(text: str) -> str:
    """Return a clause as a sentence.

    >>> _as_sentence("not sufficient")
    'Not sufficient.'
    """
    return f"{text[:1].upper()}{text[1:]}."
