"""How a function takes its arguments, and what it answers to the cases of an exam."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pellucid.errors import ArgumentError
from pellucid.examiner import repeating
from pellucid.examiner.attempts import Blank, likeness
from pellucid.examiner.calling import Call, CallResult, calls
from pellucid.examiner.cases import Approach, Array, Case, Exam, computed, same

LIKE = 0.9  # the correlation at which a wrong answer tells how the function wants its arguments
MOST_RETURNED = 5  # elements of a tuple that are looked at one by one


class Evidence:
    """One function under examination, the way to call it, and what is known of its answers."""

    def __init__(
        self,
        exam: Exam,
        function: Callable[..., Any],
        source: str,
        seed: int,
        order: Sequence[str] | None = None,
    ) -> None:
        self.exam, self.function, self.source = exam, function, source
        self.cases, self._known = exam.shared(seed)
        self.order = order
        self.answers: list[tuple[Case, CallResult]] = []
        self.call_of: dict[str, Call] = {}
        self.changed: list[tuple[Call, Case, str]] = []
        self.conventions = [approach for approach in exam.approaches if not approach.costs]
        self.mistakes = [approach for approach in exam.approaches if approach.costs]
        self.notes: list[str] = []
        self.pervasive: Approach | None = None  # a mistake that explains every answer, or all the main ones
        self.base_of: dict[str, Approach] = {}  # the convention for each kind of case
        self.forgiven: list[Approach] = []  # mistakes that were charged, and are not charged again
        self.blank: Blank | None = None  # why it computes nothing of what is asked
        self.memory: repeating.Memory | None = None  # shows that it remembers earlier calls
        self._right_once = False
        self._returned = 0  # elements of a tuple that it returns
        self.excused: list[Approach] = []  # suspects that explain why a criterion was lost, found so far

    def _choose(self, kind: str) -> Call:
        """Return the way to call the function for this kind of case that gets the most right."""
        cases = [case for case in self.cases if case.kind == kind]
        best: tuple[tuple[bool, int, int, bool], Call] | None = None
        taken: list[int] = []  # the axes of the first arguments for which the output has the right shape
        for call in self._ways(kind):
            axes = call.form.axes(cases[0])
            if any(more > first for more, first in zip(axes, taken, strict=False)):
                continue  # being right on a batch does not repair what is wrong on what the question asks
            answers = [(case, call(case)) for case in cases]
            raw = answers[0][1].raw
            self._returned = (
                len(raw) if isinstance(raw, tuple) and len(raw) < MOST_RETURNED else self._returned
            )
            right = self._most(self.conventions, answers)
            self._right_once |= right > 0
            if right == len(cases):
                return call
            recognised = self._most(self.mistakes, answers) == len(cases)
            shaped = sum(self._has_right_shape(case, answer) for case, answer in answers)
            taken = taken or axes * (shaped == len(cases))
            close = likeness([(answer, self._right_answers(case)) for case, answer in answers]) > LIKE
            score = (recognised, right, shaped, close and not recognised)
            if best is None or score > best[0]:
                best = score, call
        if best is None:
            raise ArgumentError("there is no way to call it")
        return best[1]

    def _ways(self, kind: str) -> Iterator[Call]:
        """Yield the ways to call the function; of a returned tuple, each element may be the answer."""
        self._returned = 0
        for call in calls(self.exam, self.function, kind, self.order):
            yield call
        for call in calls(self.exam, self.function, kind, self.order) if self._returned > 1 else ():
            yield from (replace(call, pick=place) for place in range(self._returned))

    def _has_right_shape(self, case: Case, answer: CallResult) -> bool:
        return answer.array is not None and any(
            answer.array.shape == right.shape for right in self._right_answers(case)
        )

    def _right_answers(self, case: Case) -> list[Array]:
        return [found for v in self.conventions if (found := self._known_answer(v, case)) is not None]

    def _most(self, approaches: Iterable[Approach], answers: list[tuple[Case, CallResult]]) -> int:
        return max((self._count(approach, answers) for approach in approaches), default=0)

    def _ask(self, case: Case) -> CallResult:
        call = self.call_of[case.kind]
        answer = call(case)
        if answer.changed:
            self.changed.append((call, case, answer.changed[0]))
        return answer

    @property
    def _name(self) -> str:
        return str(getattr(self.function, "__name__", self.exam.question.function))

    def _agrees(self, approach: Approach, case: Case, answer: CallResult) -> bool:
        if answer.array is None:
            return False
        return same(answer.array, self._known_answer(approach, case))

    def _known_answer(self, approach: Approach, case: Case) -> Array | None:
        """Return an approach's answer; for the cases of the exam it is computed once."""
        own = any(approach is one for one in self.excused)  # made for this function, so not to be shared
        if own or not any(case is one for one in self.cases):
            return computed(approach, case)
        key = id(approach), id(case)
        if key not in self._known:
            self._known[key] = computed(approach, case)
        return self._known[key]

    def _count(self, approach: Approach, answers: list[tuple[Case, CallResult]]) -> int:
        return sum(self._agrees(approach, case, answer) for case, answer in answers)

    def _is_right(self, case: Case, answer: CallResult) -> bool:
        return self._agrees(self.base_of[case.kind], case, answer)
