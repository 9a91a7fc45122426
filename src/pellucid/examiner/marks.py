"""The results of an examination: by criterion, by question, and the marks of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from pellucid.examiner.questions import QUESTIONS, ExamQuestion, find_question
from pellucid.examiner.written.answers import Written


@dataclass(frozen=True)
class CriterionResult:
    """Whether a criterion is met, and what a student can learn from it."""

    criterion: str
    points: float
    out_of: float
    text: str
    message: str = ""  # what is wrong and the likely cause
    example: str = ""  # the smallest input that shows it
    got: str = ""
    expected: str = ""
    cause: str = ""  # a short name of the mistake, for programs


@dataclass(frozen=True)
class QuestionResult:
    """The result of one question of one file."""

    number: int
    status: Literal["examined", "missing", "empty", "failed"]
    function: str = ""
    outcomes: tuple[CriterionResult, ...] = ()
    message: str = ""
    notes: tuple[str, ...] = ()

    @property
    def question(self) -> ExamQuestion:
        """The question itself."""
        return find_question(self.number)

    @property
    def points(self) -> float:
        """The points given."""
        return sum(outcome.points for outcome in self.outcomes)

    @property
    def lost(self) -> tuple[CriterionResult, ...]:
        """The outcomes that cost points or carry advice."""
        return tuple(outcome for outcome in self.outcomes if outcome.message)


@dataclass(frozen=True)
class Marks:
    """The results of one file."""

    file: str
    seed: int
    answers: tuple[QuestionResult, ...] = ()
    message: str = ""  # why nothing could be examined
    notes: tuple[str, ...] = field(default=())
    status: Literal["examined", "not read"] = "examined"
    left_open: tuple[str, ...] = ()  # what this machine cannot keep a student's code from
    written: Written | None = None  # what was read of questions 1 to 19: proposals, in no sum of points

    @property
    def is_read(self) -> bool:
        """Whether the file could be read: one that could not has no points, rather than 0."""
        return self.status == "examined"

    @property
    def points(self) -> float | None:
        """Points without the bonus questions; None where the file was not read."""
        return self._sum(bonus=False)

    @property
    def bonus(self) -> float | None:
        """Points of the bonus questions; None where the file was not read."""
        return self._sum(bonus=True)

    @property
    def total(self) -> float | None:
        """Points and bonus; None where the file was not read."""
        return sum(answer.points for answer in self.answers) if self.is_read else None

    def _sum(self, *, bonus: bool) -> float | None:
        if not self.is_read:
            return None
        return sum(answer.points for answer in self.answers if answer.question.bonus == bonus)

    def of(self, number: int) -> QuestionResult:
        """Return the answer to a question."""
        return next(answer for answer in self.answers if answer.number == number)

    def to_json(self) -> dict[str, Any]:
        """Return everything as JSON-able data."""
        asked = [find_question(answer.number) for answer in self.answers]
        return {
            "format": "pellucid-marks",
            "version": 1,
            "file": self.file,
            "status": self.status,
            "seed": self.seed,
            "points": self.points,
            "out_of": sum(question.points for question in asked if not question.bonus),
            "bonus": self.bonus,
            "bonus_out_of": sum(question.points for question in asked if question.bonus),
            "message": self.message,
            "notes": list(self.notes),
            "not_enforced": list(self.left_open),
            "written": None if self.written is None else self.written.to_json(),
            "questions": [
                {
                    **asdict(answer),
                    "points": answer.points,
                    "out_of": answer.question.points,
                    "title": answer.question.title,
                }
                for answer in self.answers
            ],
        }


def nothing(
    number: int, status: Literal["missing", "empty", "failed"], message: str, **more: Any
) -> QuestionResult:
    """Return a result without points, and why.

    Examples
    --------
    >>> nothing(21, "missing", "no such function").points
    0
    """
    return QuestionResult(number, status, message=message, **more)


def is_possible(number: int, outcomes: Sequence[CriterionResult]) -> bool:
    """Return whether outcomes are the question's criteria, each with points from 0 to its own.

    Examples
    --------
    >>> is_possible(21, [CriterionResult("values", 100, 0.75, "")])
    False
    """
    criteria = {criterion.name: criterion.points for criterion in find_question(number).criteria}
    names = [outcome.criterion for outcome in outcomes]
    return (not names or names == list(criteria)) and all(
        outcome.out_of == criteria[outcome.criterion] and 0 <= outcome.points <= outcome.out_of
        for outcome in outcomes
    )


def without_points(file: str, seed: int, message: str, numbers: tuple[int, ...] = ()) -> Marks:
    """Return the marks of a file that was read, and in which nothing could be examined."""
    asked = numbers or tuple(question.number for question in QUESTIONS)
    return Marks(file, seed, tuple(nothing(number, "failed", message) for number in asked), message)


def not_read(file: str, seed: int, reason: str) -> Marks:
    """Return the marks of a file that could not be read: none at all, which is not the same as 0.

    Examples
    --------
    >>> print(not_read("a.py", 0, "a.py is a PNG image.").points)
    None
    """
    return Marks(file, seed, message=reason, status="not read")
