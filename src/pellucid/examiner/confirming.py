"""Confirms the criteria that rest on what the student's process says of itself: see :mod:`.trust`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from pellucid.examiner.marks import CriterionResult, QuestionResult
from pellucid.examiner.parts import Part, part_of
from pellucid.examiner.student import StudentGone
from pellucid.examiner.submission import Submission
from pellucid.examiner.trust import doubt

ON_TRUST = ("untouched", "efficient")


def confirm(
    result: QuestionResult,
    submission: Submission,
    modules: Mapping[str, str],
    needed: Collection[str],
    examine_alone: Callable[[Submission], QuestionResult],
) -> QuestionResult:
    """Return the result without what cannot be believed.

    Parameters
    ----------
    result
        What came of the whole file.
    submission
        The file.
    modules
        The source of the modules beside it, by name.
    needed
        The functions that the question needs.
    examine_alone
        Examines a part of the file in a new process.
    """
    won = [one for one in result.outcomes if one.criterion in ON_TRUST and one.points]
    if not won or doubt(ast.parse(submission.source).body, modules) is None:
        return result
    part = part_of(submission.source, needed)
    reason = _reason(part, modules)
    if reason:
        return _replaced(result, {one.criterion: _lost(one, reason) for one in won})
    try:
        alone = examine_alone(replace(submission, source=part.source))
    except StudentGone as gone:
        return _replaced(result, {one.criterion: _lost(one, f"Run alone, {gone}") for one in won})
    found = {one.criterion: one for one in alone.outcomes}
    reason = f"Run without the rest of the file, it cannot be examined. {alone.message}".strip()
    return _replaced(result, {one.criterion: found.get(one.criterion, _lost(one, reason)) for one in won})


def _reason(part: Part, modules: Mapping[str, str]) -> str:
    """Say why a part cannot be believed; nothing where it can."""
    found = doubt(part.statements, modules)
    if found is None and not part.unknown:
        return ""
    what = f"line {found[0]} uses {found[1]}" if found else f"{part.unknown[0]} is set out of sight"
    return (
        f"Not given, as it cannot be found out: {what}, with which code could change how it is examined. "
        "Write the function without it."
    )


def _lost(won: CriterionResult, message: str) -> CriterionResult:
    return CriterionResult(won.criterion, 0, won.out_of, won.text, message, cause="not to be believed")


def _replaced(result: QuestionResult, outcomes: Mapping[str, CriterionResult]) -> QuestionResult:
    return replace(result, outcomes=tuple(outcomes.get(one.criterion, one) for one in result.outcomes))
