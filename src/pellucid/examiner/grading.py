"""Grading one function: how it takes its arguments, what it gets right, and why it gets the rest wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from pellucid.errors import ArgumentError, PellucidError
from pellucid.examiner.calling import Call, CallResult, calls, show
from pellucid.examiner.cases import Approach, Array, Case, Exam, same
from pellucid.examiner.differences import describe
from pellucid.examiner.efficiency import measure
from pellucid.examiner.marks import CriterionResult, QuestionResult, nothing
from pellucid.examiner.questions import Criterion
from pellucid.examiner.shrinking import shrink

LAST = ("untouched", "efficient")  # graded on the calls made for the other criteria


class Grader:
    """One function under examination."""

    def __init__(
        self,
        exam: Exam,
        function: Callable[..., Any],
        source: str,
        seed: int,
        order: Sequence[str] | None = None,
    ) -> None:
        self.exam, self.function, self.source = exam, function, source
        self.cases = exam.cases(seed)
        self.order = order
        self.call_of: dict[str, Call] = {}
        self.changed: list[tuple[Call, Case, str]] = []
        self.conventions = [approach for approach in exam.approaches if not approach.costs]
        self.mistakes = [approach for approach in exam.approaches if approach.costs]
        self.notes: list[str] = []
        self.pervasive: Approach | None = None  # a mistake that explains every answer, or all the main ones
        self.base_of: dict[str, Approach] = {}  # the convention for each kind of case
        self.forgiven: list[Approach] = []  # mistakes that were charged, and are not charged again
        self._known: dict[tuple[int, int], Array | None] = {}

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
            return nothing(question.number, "empty", "It returns nothing yet.")
        main = question.criteria[0].name
        self._settle_convention([(c, a) for c, a in self.answers if c.criterion == main])
        outcomes: dict[str, CriterionResult] = {}
        for criterion in question.criteria:
            if criterion.name not in LAST:
                outcomes[criterion.name] = self._outcome(criterion, outcomes)
        usable = self.pervasive is not None or any(
            self._is_right(case, answer) for case, answer in self.answers if case.criterion == main
        )
        for criterion in question.criteria:
            if criterion.name in LAST:
                outcomes[criterion.name] = self._last(criterion, usable, outcomes)
        if len(self.conventions) > 1 and usable:
            self.notes += [note] if (note := self.exam.advice(self.base)) else []
        return QuestionResult(
            question.number,
            "examined",
            getattr(self.function, "__name__", question.function),
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

    def _choose(self, kind: str) -> Call:
        """Return the way to call the function for this kind of case that gets the most right."""
        cases = [case for case in self.cases if case.kind == kind]
        best: tuple[tuple[bool, int, int], Call] | None = None
        taken = False  # an input that is no batch gives an output of the right shape
        for call in calls(self.exam, self.function, kind, self.order):
            if taken and call.form.is_batch:
                continue  # being right on a batch does not repair what is wrong on what the question asks
            answers = [(case, call(case)) for case in cases]
            right = self._most(self.conventions, answers)
            if right == len(cases):
                return call
            recognised = self._most(self.mistakes, answers)
            shaped = sum(self._has_right_shape(case, answer) for case, answer in answers)
            taken |= shaped == len(cases) and not call.form.is_batch
            score = (recognised == len(cases), right, shaped)
            if best is None or score > best[0]:
                best = score, call
        if best is None:
            raise ArgumentError("there is no way to call it")
        return best[1]

    def _has_right_shape(self, case: Case, answer: CallResult) -> bool:
        if answer.array is None:
            return False
        shapes = [found.shape for v in self.conventions if (found := self._known_answer(v, case)) is not None]
        return answer.array.shape in shapes

    def _most(self, approaches: Iterable[Approach], answers: list[tuple[Case, CallResult]]) -> int:
        return max((self._count(approach, answers) for approach in approaches), default=0)

    def _ask(self, case: Case) -> CallResult:
        call = self.call_of[case.kind]
        answer = call(case)
        if answer.changed:
            self.changed.append((call, case, answer.changed[0]))
        return answer

    # --- What is right, and why the rest is wrong ---------------------------------------------------------

    def _agrees(self, approach: Approach, case: Case, answer: CallResult) -> bool:
        if answer.array is None:
            return False
        return same(answer.array, self._known_answer(approach, case))

    def _known_answer(self, approach: Approach, case: Case) -> Array | None:
        """Return an approach's answer; for the cases of the exam it is computed once."""
        if not any(case is one for one in self.cases):
            return computed(approach, case)
        key = id(approach), id(case)
        if key not in self._known:
            self._known[key] = computed(approach, case)
        return self._known[key]

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

    def _count(self, approach: Approach, answers: list[tuple[Case, CallResult]]) -> int:
        return sum(self._agrees(approach, case, answer) for case, answer in answers)

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
        if not failing:
            return self._met(criterion)
        every = [(case, answer) for case, answer in self.answers if case.criterion == criterion.name]
        mistake = next(
            (m for some in (every, failing) for m in self.mistakes if self._explains(m, criterion, some)),
            None,
        )
        mistake = charged or mistake
        if mistake is not None:
            self.forgiven.append(mistake)
        found = self._explained(criterion, failing[0][0], mistake)
        before = next(
            (name for name, one in earlier.items() if one.message and one.message == found.message), ""
        )
        if mistake is None and before:
            words = f"For the same reason as “{before}”."
            return CriterionResult(
                criterion.name, 0, criterion.points, criterion.text, words, cause=found.cause
            )
        return found

    def _passes(self, criterion: Criterion, case: Case, answer: CallResult) -> bool:
        """Return whether an answer is right, or wrong only by a mistake that was charged elsewhere."""
        names = {mistake.name for mistake in self.forgiven if criterion.name not in mistake.costs}
        return self._is_right(case, answer) or any(
            self._agrees(mistake, case, answer) for mistake in self.mistakes if mistake.name in names
        )

    def _is_right(self, case: Case, answer: CallResult) -> bool:
        return self._agrees(self.base_of[case.kind], case, answer)

    def _explains(
        self, mistake: Approach, criterion: Criterion, failing: list[tuple[Case, CallResult]]
    ) -> bool:
        return criterion.name in mistake.costs and all(self._agrees(mistake, c, a) for c, a in failing)

    def _met(self, criterion: Criterion) -> CriterionResult:
        return CriterionResult(criterion.name, criterion.points, criterion.points, criterion.text)

    def _explained(self, criterion: Criterion, case: Case, mistake: Approach | None) -> CriterionResult:
        """Return the lost criterion with the smallest input that shows why."""
        call = self.call_of[case.kind]
        kind_of_failure = _failure(call(case))

        def fails(candidate: Case) -> bool:
            expected = computed(self.base_of[case.kind], candidate)
            if expected is None or expected.size == 0:
                return False
            answer = call(candidate)
            if mistake is not None and not self._agrees(mistake, candidate, answer):
                return False
            return not same(answer.array, expected) and _failure(answer) == kind_of_failure

        small = shrink(case, fails) if fails(case) else case
        answer, expected = call(small), computed(self.base_of[case.kind], small)
        if mistake is not None and mistake.says:
            message, cause = mistake.says, mistake.name
        else:
            cause, message = self._likely(criterion, call, small, answer, expected)
        return CriterionResult(
            criterion.name,
            0,
            criterion.points,
            criterion.text,
            message,
            call.text(small),
            "" if answer.error else show(answer.array),
            show(expected),
            cause,
        )

    def _likely(
        self, criterion: Criterion, call: Call, case: Case, answer: CallResult, expected: Array | None
    ) -> tuple[str, str]:
        """Return the likely cause of a failure that no known mistake explains, in short and in words."""
        if self.exam.explain is not None and not answer.error:
            explained = self.exam.explain(call, case)
            if explained is not None:
                return explained
        message, cause = describe(answer, expected)
        if self.exam.suspicions is not None:
            suspected = self.exam.suspicions(self.source).get(criterion.name)
            if suspected is not None:
                return suspected[0], f"{suspected[1]} {message}"
        if (criterion.name, cause) in self.exam.hints:
            return self.exam.hints[criterion.name, cause]
        tried = self.exam.tried.get(criterion.name, "")
        return cause, f"{message} {tried}".strip()

    def _last(
        self, criterion: Criterion, usable: bool, earlier: dict[str, CriterionResult]
    ) -> CriterionResult:
        if not usable:
            message = "Not judged, as nothing it gives is right yet."
            return CriterionResult(
                criterion.name, 0, criterion.points, criterion.text, message, cause="not judged"
            )
        return (
            self._untouched(criterion)
            if criterion.name == "untouched"
            else self._efficient(criterion, earlier)
        )

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
        found = measure(call, self.base_of[small.kind].compute, small, large, letters, self.source)
        if found.ok:
            return self._met(criterion)
        cause = "loops" if found.loops else "slow"
        return CriterionResult(criterion.name, 0, criterion.points, criterion.text, found.says, cause=cause)


def computed(approach: Approach, case: Case) -> Array | None:
    """Return an approach's answer to a case; None where it cannot compute one."""
    try:
        with np.errstate(all="ignore"):
            return np.asarray(approach.compute(case))
    except (PellucidError, ValueError, IndexError):
        return None


def _failure(answer: CallResult) -> str:
    """Return the kind of failure, so that shrinking a case keeps to the same one."""
    if answer.error:
        return answer.error.partition(":")[0]
    if answer.array is None or answer.array.dtype.kind not in "biuf":
        return "unreadable"
    return "array" if np.isfinite(answer.array.astype(float)).all() else "nan"


def argument(case: Case, role: str) -> Any:
    """Return one argument of a case, as whole numbers where the case says so."""
    if role in case.options:
        return case.options[role]
    array = case.arrays[role]
    return array.astype(int) if role in case.whole else array
