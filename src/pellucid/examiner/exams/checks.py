"""Results criterion by criterion, for questions that are examined by properties instead of values."""

from __future__ import annotations

from pellucid.examiner.marks import CriterionResult, QuestionResult
from pellucid.examiner.questions import Criterion, ExamQuestion


class Checks:
    """The results of a question, one after another; criteria that are not reached get no points."""

    def __init__(self, question: ExamQuestion) -> None:
        self.question, self.outcomes = question, dict[str, CriterionResult]()

    def met(self, name: str) -> None:
        """Give a criterion's points."""
        c = self._criterion(name)
        self.outcomes[name] = CriterionResult(name, c.points, c.points, c.text)

    def lost(self, name: str, message: str, cause: str, **more: str) -> None:
        """Take a criterion's points, and say why."""
        c = self._criterion(name)
        self.outcomes[name] = CriterionResult(name, 0, c.points, c.text, message, cause=cause, **more)

    def check(self, name: str, fine: bool, message: str, cause: str) -> None:
        """Give or take a criterion's points."""
        if fine:
            self.met(name)
        else:
            self.lost(name, message, cause)

    def done(self, function: str, notes: tuple[str, ...] = ()) -> QuestionResult:
        """Return the result; criteria that were not reached are not graded."""
        for criterion in self.question.criteria:
            if criterion.name not in self.outcomes:
                self.lost(criterion.name, "Not judged: the step before did not work.", "not judged")
        outcomes = tuple(self.outcomes[criterion.name] for criterion in self.question.criteria)
        return QuestionResult(self.question.number, "examined", function, outcomes, notes=notes)

    def next(self) -> str:
        """Return the first criterion that has no outcome yet."""
        return next(c.name for c in self.question.criteria if c.name not in self.outcomes)

    def _criterion(self, name: str) -> Criterion:
        return next(c for c in self.question.criteria if c.name == name)
