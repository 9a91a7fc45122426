"""Reads what can be read of questions 1 to 19 in one file, and proposes points; the rest is the teacher's."""

from __future__ import annotations

import re
from pathlib import Path

from pellucid.examiner.submission import HandedIn
from pellucid.examiner.written.answers import NetworkReport, Point, Written, WrittenAnswer
from pellucid.examiner.written.assigning import EXPERIMENTS
from pellucid.examiner.written.comparing import compare
from pellucid.examiner.written.evidence import Evidence, gather
from pellucid.examiner.written.expectations import judge_curves, judge_test, likely_experiments
from pellucid.examiner.written.findings import Finding
from pellucid.examiner.written.histories import SavedHistory, histories_beside
from pellucid.examiner.written.layer_lists import found as layers_of
from pellucid.examiner.written.proposing import points_of, propose
from pellucid.examiner.written.questions import DIGITS, QUESTIONS, WrittenQuestion
from pellucid.examiner.written.testing import wrongly_tested
from pellucid.experiments import find

LAST = 19


def read_written(handed_in: HandedIn, path: Path) -> Written | None:
    """Return what can be read of questions 1 to 19; None where nothing in a file belongs to them.

    Parameters
    ----------
    handed_in
        The file. Nothing of it is run.
    path
        Where it lies: histories that were saved beside it are read too.
    """
    evidence = gather(handed_in)
    histories, notes = histories_beside(path)
    about = [one for one in evidence.sections if any(number <= LAST for number in one.numbers)]
    if not (evidence.reader.networks or evidence.reader.remarks or about):
        return None
    of_the_lab = about or any(name not in DIGITS for name in evidence.networks)
    answers = [_answer(question, evidence) for question in QUESTIONS] if of_the_lab else []
    remarks = points_of(
        [Finding("", one.text, one.line, False) for one in evidence.reader.remarks]
        + wrongly_tested(evidence.reader.networks),
        evidence,
    )
    saved = tuple(judge_history(one) for one in histories)
    others = (*_digits(evidence), *_unassigned(evidence), *saved)
    return Written(tuple(answers), remarks, others, (*evidence.notes, *notes))


def _answer(question: WrittenQuestion, evidence: Evidence) -> WrittenAnswer:
    text, place = evidence.section_of(question.number)
    return WrittenAnswer(question, propose(question, evidence), text, place)


def _digits(evidence: Evidence) -> list[NetworkReport]:
    """Return the networks of the digits exercise, which has no points here."""
    return [
        NetworkReport(
            name, find(name).summary, points_of(compare(evidence.networks[name], find(name)), evidence)
        )
        for name in DIGITS
        if name in evidence.networks
    ]


def _unassigned(evidence: Evidence) -> list[NetworkReport]:
    """Return the networks that no question asks for."""
    assigned = {id(network) for network in evidence.networks.values()}
    reports = []
    for network in evidence.reader.networks:
        if id(network) in assigned or not network.layers:
            continue
        if any(network in evidence.twins(one) for one in evidence.networks.values()):
            continue
        layers = " → ".join(map(str, layers_of(network)))
        point = Point(f"Layers: {layers}.", evidence.place(network.line), None)
        reports.append(NetworkReport(network.name or "a network", "Asked for by no question", (point,)))
    return reports


def judge_history(history: SavedHistory) -> NetworkReport:
    """Return how a saved history compares with what is to be expected of its recipe."""
    name = experiment_of(history)
    if not name:
        words = "It is not known to which question it belongs: name the file after it, such as Q10.json."
        return NetworkReport(history.name, "A saved history", (Point(words, agrees=None),))
    experiment = find(name)
    findings = judge_curves(history.curves, experiment) if history.curves.epochs else []
    judged = judge_test(history.test, experiment) if history.test else None
    findings += [judged] if judged else []
    found = tuple(Point(one.text, "", one.agrees) for one in findings)
    return NetworkReport(history.name, f"A saved history, taken for {name}", found)


def experiment_of(history: SavedHistory) -> str:
    """Return the experiment that a saved history is of: as it says, by its name, or by its epochs.

    Examples
    --------
    >>> from pellucid.examiner.written.console import Curves
    >>> experiment_of(SavedHistory("Q14_history.json", Curves(6)))
    'mnist-cnn-dropout'
    """
    if history.experiment in EXPERIMENTS:
        return history.experiment
    plain = history.name.lower().replace("_", "-")
    named = [name for name in EXPERIMENTS if name in plain]
    if named:
        return max(named, key=len)
    number = re.search(r"(?:^|[^a-z])(?:q|question|vraag)[- ]?(\d{1,2})(?!\d)", plain)
    if number:
        asked = [one.experiment for one in QUESTIONS if one.number == int(number[1])]
        if asked and asked[0]:
            return asked[0]
    likely = likely_experiments(history.curves, EXPERIMENTS)
    return likely[0] if likely else ""
