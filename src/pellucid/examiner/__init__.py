"""The examiner: which of a student's low-level functions are right, which are not, and why.

Start reading in ``examining.py``; ``cases.py`` describes what an exam consists of, and ``exams/softmax.py``
is a short one.

Names are imported when they are first asked for: a student's process imports modules of this package, and
must not hold, with them, what knows what is right.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pellucid.examiner.examining import examine, examine_all
    from pellucid.examiner.marks import CriterionResult, Marks, QuestionResult
    from pellucid.examiner.questions import QUESTIONS, ExamQuestion, find_question
    from pellucid.examiner.workbook import write_workbook

_PLACES = {
    "examining": ("examine", "examine_all"),
    "marks": ("CriterionResult", "Marks", "QuestionResult"),
    "questions": ("QUESTIONS", "ExamQuestion", "find_question"),
    "workbook": ("write_workbook",),
}

__all__ = [
    "QUESTIONS",
    "CriterionResult",
    "ExamQuestion",
    "Marks",
    "QuestionResult",
    "examine",
    "examine_all",
    "find_question",
    "write_workbook",
]


def __getattr__(name: str) -> Any:
    for place, names in _PLACES.items():
        if name in names:
            return getattr(importlib.import_module(f"pellucid.examiner.{place}"), name)
    raise AttributeError(f"module 'pellucid.examiner' has no attribute {name!r}")
