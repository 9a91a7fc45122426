"""The examiner: what is right in a student's low-level functions, what is not, and why.

Begin reading in ``examining.py``; what an exam is made of is said in ``cases.py``, one exam in
``exams/softmax.py``.
"""

from pellucid.examiner.examining import examine, examine_all
from pellucid.examiner.marks import Answered, Marks, Outcome
from pellucid.examiner.questions import QUESTIONS, Question, find_question
from pellucid.examiner.workbook import write_workbook

__all__ = [
    "QUESTIONS",
    "Answered",
    "Marks",
    "Outcome",
    "Question",
    "examine",
    "examine_all",
    "find_question",
    "write_workbook",
]
