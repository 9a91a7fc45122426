"""Evaluation in the report: findings, the curves, each class, calibration, applications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pellucid.core.wording.percents import exact_percent, percent
from pellucid.core.wording.plurals import counted
from pellucid.evaluation.wording.calibration import calibration_distance
from pellucid.report.words import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pellucid.evaluation import Finding, ReliabilityBin
    from pellucid.report.rundata import RunData
    from pellucid.runs.record.results import CalibrationRecord
    from pellucid.runs.record.uses import UseRecord


LEAST_FOR_CURVE = 200  # images of a reliability diagram


@dataclass(frozen=True)
class ClassRow:
    """A class with its estimates as texts, and the numbers of images missed and of images wrongly found."""

    name: str
    images: str
    recall: str
    precision: str
    f1: str
    missed: int
    wrong: int


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
    matrix = data.matrix
    if found is None or matrix is None:
        return []
    right, of_class, as_class = matrix.diagonal(), matrix.sum(axis=1), matrix.sum(axis=0)
    return [
        ClassRow(
            name=one.name,
            images=count(one.support),
            recall=one.recall.percent(),
            precision=one.precision.percent(),
            f1=one.f1.percent(),
            missed=int(of_class[i] - right[i]),
            wrong=int(as_class[i] - right[i]),
        )
        for i, one in enumerate(found.classes)
    ]


def top_k(data: RunData) -> str:
    """Return in how many images the true class is among the most probable ones."""
    found = None if data.results is None else data.results.evaluation
    if found is None or not found.top_k:
        return ""
    shares = [f"in {one.percent()} among the {k} most probable" for k, one in found.top_k.items()]
    return f"The true class is {', '.join(shares)}."


def reliability(data: RunData) -> tuple[list[ReliabilityBin], list[ReliabilityBin] | None] | None:
    """Return the reliability curves before and after temperature scaling.

    None if there are none, or too few images for a curve: the bins would differ by chance alone.
    """
    found = None if data.results is None else data.results.calibration
    if found is None or found.before.error.n < LEAST_FOR_CURVE:
        return None
    return list(found.before.curve), None if found.after is None else list(found.after.curve)


def calibration(data: RunData) -> list[str]:
    """Return the calibration in words: before temperature scaling, and what that changes."""
    found = None if data.results is None else data.results.calibration
    if found is None:
        return []
    return [calibration_summary(found), *_few(found)]


def calibration_summary(found: CalibrationRecord) -> str:
    """Return one sentence on how far confidence and accuracy are apart, and one on temperature scaling."""
    distance = calibration_distance(found.before)
    if found.temperature is None or found.after is None:
        return f"{distance}.{'' if found.reason is None else f' No temperature was fitted. {found.reason}'}"
    before, after = (100 * one.error.value for one in (found.before, found.after))
    scaling = (
        f"With the temperature that fits the validation images best, {found.temperature:.2f}, they are "
        f"{after:.1f} points apart on the test images"
    )
    if after < before and found.before.error.value > found.before.by_chance:
        kept = (
            "It changes no prediction; the model file contains it, the probabilities in this report do not."
        )
        return f"{distance}. {scaling}: temperature scaling helps. {kept}"
    gain = "no gain" if after >= before else "no gain beyond chance"
    return f"{distance}. {scaling}: {gain} from temperature scaling."


def _few(found: CalibrationRecord) -> list[str]:
    n = found.before.error.n
    if n >= LEAST_FOR_CURVE:
        return []
    return [f"With {counted(n, 'test image')} a reliability diagram would show mostly chance."]


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
