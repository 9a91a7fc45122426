"""The examiner: which of a student's low-level functions are right, which are not, and why.

Start reading in ``examining.py``; ``cases.py`` describes what an exam consists of, and ``exams/softmax.py``
is a short one.
"""

from pellucid.examiner.examining import examine, examine_all
from pellucid.examiner.marks import CriterionResult, Marks, QuestionResult
from pellucid.examiner.questions import QUESTIONS, ExamQuestion, find_question
from pellucid.examiner.workbook import write_workbook

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
