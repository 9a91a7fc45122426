"""What the report says of how good the run is: what to watch, the curves, each class, confidence, uses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pellucid.core.wording.percents import exact_percent, percent
from pellucid.core.wording.plurals import counted
from pellucid.evaluation import Estimate, ReliabilityBin
from pellucid.report.words import count

if TYPE_CHECKING:
    from pellucid.report.rundata import RunData


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
    """A use with what it asks, what the run gives, and the verdict: its head and what follows."""

    title: str
    digits: str
    target: str
    independent: str
    one_hand: str
    to_person: str
    verdict: str
    why: str
    details: list[str]


def findings(data: RunData) -> list[dict[str, str]]:
    """Return what to watch: message, evidence and fix of each finding."""
    found: list[dict[str, str]] = (data.results or {}).get("findings", [])
    return found


def warnings(data: RunData) -> list[str]:
    """Return the warnings of a run that has kept no findings."""
    results = data.results or {}
    texts: list[str] = results.get("warnings", [])
    return [] if results.get("findings") else texts


def generalisation(data: RunData) -> list[str]:
    """Return what the curves say, sentence by sentence."""
    sentences: list[str] = (data.results or {}).get("generalisation", {}).get("sentences", [])
    return sentences


def classes(data: RunData) -> list[ClassRow]:
    """Return each class with recall, precision and F1 and their intervals."""
    found = (data.results or {}).get("evaluation", {}).get("classes", [])
    return [
        ClassRow(
            name=one["name"],
            images=count(one["support"]),
            **{key: estimate(one[key]).percent() for key in ("recall", "precision", "f1")},
        )
        for one in found
    ]


def top_k(data: RunData) -> str:
    """Return in how many images the true class is among the most probable."""
    found = (data.results or {}).get("evaluation", {}).get("top_k", {})
    shares = [f"in {estimate(one).percent()} among the {k} most probable" for k, one in found.items()]
    return f"The true class is {', '.join(shares)}." if shares else ""


def reliability(data: RunData) -> tuple[list[ReliabilityBin], list[ReliabilityBin] | None] | None:
    """Return the reliability curves before and after temperature scaling; None where there are none."""
    found = (data.results or {}).get("calibration")
    if not found:
        return None
    after = found.get("after")
    return _bins(found["before"]), None if after is None else _bins(after)


def calibration(data: RunData) -> list[str]:
    """Return what the calibration says, before and after temperature scaling."""
    found = (data.results or {}).get("calibration")
    if not found:
        return []
    told = [found["before"]["sentence"]]
    temperature = found.get("temperature")
    if temperature is None:
        return [*told, *([f"No temperature was fitted. {found['reason']}"] if "reason" in found else [])]
    meaning = "the network was too sure" if temperature > 1 else "the network was not sure enough"
    error = estimate(found["after"]["error"])
    return [
        *told,
        f"The temperature that fits the validation images best is {temperature:.2f}: on these {meaning}. "
        f"With it, confidence and accuracy on the test images are {100 * error.value:.1f} points apart "
        f"({100 * error.low:.1f} to {100 * error.high:.1f}). It changes no answer; the model file keeps it. "
        "The probabilities in this report are without it.",
    ]


def uses(data: RunData) -> list[UseRow]:
    """Return the uses with their verdicts."""
    return [_use(one) for one in (data.uses or {}).get("uses", [])]


def basis(data: RunData) -> list[str]:
    """Return what the verdicts rest on."""
    sentences: list[str] = (data.uses or {}).get("basis", [])
    return sentences


def risk_curves(data: RunData) -> dict[str, tuple[list[float], list[float]]]:
    """Return coverage and risk for each length of field."""
    curves = (data.uses or {}).get("curves", [])
    return {counted(one["digits"], "digit"): (one["coverage"], one["risk"]) for one in curves}


def estimate(kept: dict[str, Any]) -> Estimate:
    """Return an estimate as the run folder keeps it.

    >>> kept = {"value": None, "low": None, "high": None, "n": 0, "method": "Wilson", "level": 0.95}
    >>> estimate(kept).percent()
    'not defined'
    """
    numbers = {
        name: math.nan if kept[name] is None else float(kept[name]) for name in ("value", "low", "high")
    }
    return Estimate(**numbers, n=int(kept["n"]), method=str(kept["method"]), level=float(kept["level"]))


def _bins(kept: dict[str, Any]) -> list[ReliabilityBin]:
    return [ReliabilityBin(**{**one, "accuracy": estimate(one["accuracy"])}) for one in kept["bins"]]


def _use(one: dict[str, Any]) -> UseRow:
    measured, outcome = one["field"]["measured"], one["independent"]["outcome"]
    return UseRow(
        title=one["title"],
        digits=counted(one["digits"], "digit"),
        target=exact_percent(one["target"]),
        independent=percent(one["field"]["independent"]["value"]),
        one_hand="–" if measured is None else percent(measured["value"]),
        to_person="–" if outcome is None else percent(outcome["to_person"]["value"], 1),
        verdict=_as_sentence(one.get("conclusion", one["verdict"])),
        why=_as_sentence(one["reason"]) if "reason" in one else one["sentence"],
        details=one["details"],
    )


def _as_sentence(text: str) -> str:
    """Return a clause as a sentence.

    >>> _as_sentence("not sufficient")
    'Not sufficient.'
    """
    return f"{text[:1].upper()}{text[1:]}."
