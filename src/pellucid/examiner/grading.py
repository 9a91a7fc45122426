"""Grading one function: how it takes its arguments, what it gets right, and why it gets the rest wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pellucid.errors import ArgumentError
from pellucid.examiner import repeating
from pellucid.examiner.attempts import (
    NO_RESULT,
    OTHER_FORM,
    Answers,
    Blank,
    is_array,
    likeness,
    nothing_computed,
)
from pellucid.examiner.calling import CallResult
from pellucid.examiner.cases import Approach, Array, Case, Own, alike
from pellucid.examiner.efficiency import measure
from pellucid.examiner.explaining import Explaining
from pellucid.examiner.marks import CriterionResult, QuestionResult, nothing
from pellucid.examiner.questions import Criterion
from pellucid.examiner.shrinking import generality, shrink
from pellucid.examiner.slips import lone_comparison, printed

MORE_THAN_CHANCE = 0.6  # a correlation that noise does not reach
LAST = ("untouched", "efficient")  # graded on the calls made for the other criteria


class Grader(Explaining):
    """One function under examination."""

    def grade(self) -> QuestionResult:
        """Examine the function against every criterion."""
        question = self.exam.question
        try:
            for kind in dict.fromkeys(case.kind for case in self.cases):
                self.call_of[kind] = self._choose(kind)
        except ArgumentError as error:
            return nothing(question.number, "failed", f"It cannot be called: {error}.")
        self.answers = [(case, self._ask(case)) for case in self.cases]
        if all(answer.error.startswith("it returns None") for _, answer in self.answers):
            words = f"It returns nothing yet. {printed(self.source, self._name)}".strip()
            return nothing(question.number, "empty", words)
        main = question.criteria[0].name
        self._settle_convention([(c, a) for c, a in self.answers if c.criterion == main])
        self.memory = self._remembered(main)
        self.blank = self._computes_nothing(main)
        outcomes: dict[str, CriterionResult] = {}
        for criterion in question.criteria:
            if criterion.name not in LAST:
                outcomes[criterion.name] = self._outcome(criterion, outcomes)
        for criterion in question.criteria:
            if criterion.name in LAST:
                outcomes[criterion.name] = self._last(criterion, outcomes)
        picked = next((call.pick for call in self.call_of.values() if call.pick is not None), None)
        if picked is not None:
            self.notes.append(
                f"It returns several things; number {picked + 1} of them is taken for the answer."
            )
        if len(self.conventions) > 1 and self.blank is None:
            self.notes += [note] if (note := self.exam.advice(self.base)) else []
        return QuestionResult(
            question.number,
            "examined",
            self._name,
            tuple(outcomes[criterion.name] for criterion in question.criteria),
            notes=tuple(self.notes),
        )

    def recognised(self) -> Approach | None:
        """Return the convention or mistake that explains every answer of a plain kind, or None."""
        kind = self.cases[0].kind
        self.call_of[kind] = self._choose(kind)
        answers = [(case, self._ask(case)) for case in self.cases if case.kind == kind and not case.whole]
        for approach in (*self.conventions, *self.mistakes):
            if all(self._agrees(approach, case, answer) for case, answer in answers):
                return approach
        return None

    # --- Finding the way to call it ---------------------------------------------------------------------

    # --- What is right, and why the rest is wrong ---------------------------------------------------------

    def _remembered(self, main: str) -> repeating.Memory | None:
        case = next(case for case in self.cases if case.criterion == main)
        return repeating.remembered(self.call_of[case.kind], case, self._is_right)

    def _computes_nothing(self, main: str) -> Blank | None:
        """Return why the function computes nothing; None where anything is right, or a mistake is known."""
        mains = [(case, answer) for case, answer in self.answers if case.criterion == main]
        if self.pervasive is not None or any(self._is_right(*one) and telling(*one) for one in mains):
            return None
        like = likeness([(answer, self._right_answers(case)) for case, answer in mains])
        if self.memory is not None and (self._right_once or like > MORE_THAN_CHANCE):
            return None
        compared = bool(lone_comparison(self.source, self._name))
        call = self.call_of[mains[0][0].kind]
        blank = nothing_computed(call, mains, self._right_answers, compared=compared)
        if blank is not None and blank.cause == "ignores" and self._is_suspected(mains):
            return None
        else_right = any(self._is_right(*one) for one in self.answers)
        return None if blank in (NO_RESULT, OTHER_FORM) and else_right else blank

    def _is_suspected(self, mains: Answers) -> bool:
        """Return whether a mistake that teachers know explains answers that are more than one number."""
        case, answer = mains[-1]
        failing = [one for one in mains if not self._is_right(*one)]
        found = telling(case, answer) and self._suspected(self.call_of[case.kind], case, answer, failing)
        self.excused.clear()  # nothing is charged yet
        return bool(found)

    def _settle_convention(self, main: list[tuple[Case, CallResult]]) -> None:
        """Choose the convention to grade by, and find a mistake that explains all answers."""
        self.base = max(self.conventions, key=lambda v: self._count(v, self.answers))
        self.pervasive = self._mistake_everywhere()
        if self.pervasive is None and self._count(self.base, main) < len(main):
            explaining = [m for m in self.mistakes if self._count(m, main) == len(main)]
            self.pervasive = max(explaining, key=lambda m: self._count(m, self.answers), default=None)
        if self.pervasive is not None:
            like = self.pervasive.like
            self.base = next((v for v in self.conventions if v.name == like), self.base)
            self.forgiven = [self.pervasive]
        for kind in self.call_of:  # a function may pad grey images in one way and others in another
            own = [(case, answer) for case, answer in self.answers if case.kind == kind]
            full = [v for v in self.conventions if self._count(v, own) == len(own)]
            self.base_of[kind] = self.base if self.base in full or not full else full[0]

    def _mistake_everywhere(self) -> Approach | None:
        """Return the one mistake that explains every answer; None where all are right, or none does."""
        worth = {c.name for c in self.exam.question.criteria if c.points > 0}
        judged = [(case, answer) for case, answer in self.answers if case.criterion in worth]
        if any(self._count(v, judged) == len(judged) for v in self.conventions):
            return None
        for mistake in self.mistakes:
            counting = [(case, answer) for case, answer in judged if case.needs not in mistake.costs]
            if self._count(mistake, counting) == len(counting):
                return mistake
        return None

    def _outcome(self, criterion: Criterion, earlier: dict[str, CriterionResult]) -> CriterionResult:
        failing = [
            (case, answer)
            for case, answer in self.answers
            if case.criterion == criterion.name
            and not (case.needs and earlier[case.needs].message)
            and not self._passes(criterion, case, answer)
        ]
        charged = self.pervasive if self.pervasive and criterion.name in self.pervasive.costs else None
        if charged is not None:
            failing = failing or [(c, a) for c, a in self.answers if not self._is_right(c, a)]
        main = self.exam.question.criteria[0].name
        if self.memory is not None and self.blank is None and criterion.name == main:
            return self._remembers(criterion, self.memory)
        if not failing:
            return self._met(criterion) if self.blank is None else self._not_judged(criterion, self.blank)
        apart = charged is None and self.blank is None and criterion.name != main and earlier[main].message
        if apart and all(self._stands(criterion, case, answer) for case, answer in failing):
            return self._met(criterion)
        every = [(case, answer) for case, answer in self.answers if case.criterion == criterion.name]
        mistake = next(
            (m for some in (every, failing) for m in self.mistakes if self._explains(m, criterion, some)),
            None,
        )
        mistake = charged or mistake
        if mistake is not None:
            self.forgiven.append(mistake)
        telling = max((case for case, _ in failing), key=generality)
        found = self._explained(criterion, telling, mistake, failing)
        before = next(
            (name for name, one in earlier.items() if one.message and one.message == found.message), ""
        )
        if mistake is None and before:
            words = f"For the same reason as “{before}”."
            return CriterionResult(
                criterion.name, 0, criterion.points, criterion.text, words, cause=found.cause
            )
        return found

    def _stands(self, criterion: Criterion, case: Case, answer: CallResult) -> bool:
        """Return whether a criterion is met though the values are wrong, which was charged already.

        The function's other answers tell: whole numbers give what the same numbers give as floats, each map
        of a stack what it gives alone, and so on.
        """
        array = answer.array
        if array is None or not is_array(answer) or not np.isfinite(array.astype(float)).all():
            return False
        if self.memory is not None:
            return self._has_right_shape(case, answer)
        relation = as_floats if criterion.name == "types" else self.exam.relations.get(criterion.name)
        if relation is None:
            return self._has_right_shape(case, answer)
        return relation(case, array, lambda other: self.call_of[other.kind](other).array)

    def _not_judged(self, criterion: Criterion, blank: Blank) -> CriterionResult:
        message = f"Not judged, as nothing it gives is right yet. {blank.says}"
        return CriterionResult(
            criterion.name, 0, criterion.points, criterion.text, message, cause="not judged"
        )

    def _passes(self, criterion: Criterion, case: Case, answer: CallResult) -> bool:
        """Return whether an answer is right, or wrong only by a mistake that was charged elsewhere."""
        names = {mistake.name for mistake in self.forgiven if criterion.name not in mistake.costs}
        return self._is_right(case, answer) or any(
            self._agrees(mistake, case, answer)
            for mistake in [*self.excused, *(m for m in self.mistakes if m.name in names)]
        )

    def _explains(
        self, mistake: Approach, criterion: Criterion, failing: list[tuple[Case, CallResult]]
    ) -> bool:
        return criterion.name in mistake.costs and all(self._agrees(mistake, c, a) for c, a in failing)

    def _met(self, criterion: Criterion) -> CriterionResult:
        return CriterionResult(criterion.name, criterion.points, criterion.points, criterion.text)

    def _last(self, criterion: Criterion, earlier: dict[str, CriterionResult]) -> CriterionResult:
        if self.blank is not None:
            return self._not_judged(criterion, self.blank)
        if criterion.name == "untouched":
            return self._untouched(criterion)
        return self._efficient(criterion, earlier)

    def _untouched(self, criterion: Criterion) -> CriterionResult:
        if not self.changed:
            return self._met(criterion)
        call, case, parameter = self.changed[0]
        small = shrink(case, lambda candidate: parameter in call(candidate).changed)
        message = (
            f"It changes its argument {parameter} in place, so that the caller's array is no longer what it "
            f"was. Work on a copy ({parameter}.copy()) or on a new array; img.shape = …, += and x[mask] = … "
            "change in place."
        )
        example = call.text(small)
        return CriterionResult(
            criterion.name, 0, criterion.points, criterion.text, message, example, cause="in place"
        )

    def _efficient(self, criterion: Criterion, earlier: dict[str, CriterionResult]) -> CriterionResult:
        stack = self.exam.large_stack
        make = stack if stack is not None and not earlier["stacks"].message else self.exam.large
        small, large = make(1), make(2)
        call = self.call_of[large.kind]
        letters = self.exam.large_letters if make is self.exam.large else "HWC"
        compute = self.base_of[small.kind].compute
        right = all(self._is_right(case, answer) for case, answer in self.answers if case.kind == large.kind)
        found = measure(call, compute, small, large, letters, self.source, must_be_right=right)
        if found.ok and self.exam.large_output is not None:
            small, large = self.exam.large_output(1), self.exam.large_output(2)
            call = self.call_of[large.kind]
            found = measure(
                call, compute, small, large, "U", self.source, "output nodes", must_be_right=right
            )
        if found.ok:
            return self._met(criterion)
        cause = "loops" if found.loops else "slow"
        return CriterionResult(criterion.name, 0, criterion.points, criterion.text, found.says, cause=cause)


def as_floats(case: Case, answer: Array, own: Own) -> bool:
    """Return whether whole numbers, or those of float32, are answered as the same numbers in float64."""
    return alike(answer, own(replace(case, whole=(), single=())))


def telling(_: Case, answer: CallResult) -> bool:
    """Return whether an answer holds several values: zeros may be right by chance."""
    return answer.array is not None and bool(np.ptp(answer.array.astype(float)) > 0)
