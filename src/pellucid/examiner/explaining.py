"""Says why an answer is wrong, on a small case that still shows it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pellucid.examiner import repeating
from pellucid.examiner.attempts import Answers, is_array
from pellucid.examiner.calling import Call, CallResult, show
from pellucid.examiner.cases import Approach, Array, Case, Suspect, computed, same
from pellucid.examiner.differences import describe
from pellucid.examiner.evidence import Evidence
from pellucid.examiner.marks import CriterionResult
from pellucid.examiner.questions import Criterion
from pellucid.examiner.shrinking import shrink
from pellucid.examiner.slips import cut_to_whole, early_return, lone_comparison, thrown_away

FLOAT32 = "With numbers of type float32, of 4 bytes each, it goes wrong."
COUNTED = "as_strided counts in bytes: 8 for each element is right for float64 only. Use image.strides."


class Explaining(Evidence):
    """Finds the likeliest cause of what is wrong."""

    def _explained(
        self, criterion: Criterion, case: Case, mistake: Approach | None, failing: Answers
    ) -> CriterionResult:
        """Return the lost criterion with the smallest input that shows why."""
        call = self.call_of[case.kind]
        first, whole = call(case), computed(self.base_of[case.kind], case)
        shape = () if whole is None else whole.shape
        shows = describe(first, whole)[1]

        def fails(candidate: Case) -> bool:
            expected = computed(self.base_of[case.kind], candidate)
            if expected is None or any(
                length < min(2, was) for length, was in zip(expected.shape, shape, strict=True)
            ):
                return False
            answer = call(candidate)
            if same(answer.array, expected) or _failure(answer) != _failure(first):
                return False
            if mistake is not None:
                return self._agrees(mistake, candidate, answer)
            return describe(answer, expected)[1] == shows  # no smaller case should look like something else

        small = shrink(case, fails) if fails(case) else case
        answer, expected = call(small), computed(self.base_of[case.kind], small)
        if mistake is not None and mistake.says:
            message, cause = mistake.says, mistake.name
        else:
            cause, message = self._likely(criterion, call, (small, answer), expected, failing)
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
        self,
        criterion: Criterion,
        call: Call,
        failed: tuple[Case, CallResult],
        expected: Array | None,
        failing: Answers,
    ) -> tuple[str, str]:
        """Return the likely cause of a failure that no known mistake explains, in short and in words."""
        case, answer = failed
        slip = self._slip(answer)
        if slip is not None:
            return slip
        suspect = self._suspected(call, case, answer, [one for one in failing if one[0].kind == case.kind])
        if suspect is not None:
            return suspect.name, suspect.says
        if self.exam.explain is not None and not answer.error:
            explained = self.exam.explain(call, case)
            if explained is not None:
                return explained
        message, cause = describe(answer, expected)
        if case.single and self._is_right(double := replace(case, single=()), call(double)):
            return "float32", f"{FLOAT32} {message} {COUNTED if 'as_strided' in self.source else ''}".strip()
        if self.exam.suspicions is not None:
            suspected = self.exam.suspicions(self.source).get(criterion.name)
            if suspected is not None:
                return suspected[0], f"{suspected[1]} {message}"
        if (criterion.name, cause) in self.exam.hints:
            return self.exam.hints[criterion.name, cause]
        tried = self.exam.tried.get(criterion.name, "")
        return cause, f"{message} {tried}".strip()

    def _suspected(self, call: Call, case: Case, answer: CallResult, failing: Answers) -> Suspect | None:
        """Return the suspect that explains the failing answers, and the most of all of this kind."""
        if not is_array(answer):
            return None
        right = self.base_of[case.kind].compute
        alike = [(one, given) for one, given in self.answers if one.kind == case.kind and not one.whole]
        found: list[tuple[int, Approach, Suspect]] = []
        for suspect in self.exam.suspects:
            made = Approach(suspect.name, lambda one, s=suspect: s.compute(one, right))  # type: ignore[misc]  # mypy does not see defaults of a lambda
            if all(same(given.array, computed(made, one)) for one, given in ((case, answer), *failing)):
                count = sum(same(given.array, computed(made, one)) for one, given in alike)
                found.append((count, made, suspect))
        if not found:
            return None
        _, made, suspect = max(found, key=lambda one: one[0])
        self.excused.append(made)
        return suspect

    def _slip(self, answer: CallResult) -> tuple[str, str] | None:
        """Return a slip that the source shows and that explains an answer, in short and in words."""
        if words := lone_comparison(self.source, self._name):
            return "comparison", words
        nothing_kept = self.blank is not None and self.blank.cause in ("input", "ignores", "zeros")
        if nothing_kept and (words := thrown_away(self.source, self._name)):
            return "thrown away", words
        zeros = self.blank is not None and self.blank.cause == "zeros"
        if zeros and (words := cut_to_whole(self.source, self._name)):
            return "whole numbers", words
        if (
            self.blank is not None
            and self.blank.cause not in ("stops", "another form")
            and not self.exam.explain
        ):
            return self.blank.cause, self.blank.says
        if is_array(answer) and (words := early_return(self.source, self._name)):
            return "early return", words
        return None

    def _remembers(self, criterion: Criterion, memory: repeating.Memory) -> CriterionResult:
        call = self.call_of[memory.case.kind]
        return CriterionResult(
            criterion.name,
            0,
            criterion.points,
            criterion.text,
            repeating.says(call, self.source),
            call.text(memory.case),
            memory.text(),
            show(computed(self.base_of[memory.case.kind], memory.case)),
            "state",
        )


def _failure(answer: CallResult) -> str:
    """Return the kind of failure, so that shrinking a case keeps to the same one."""
    if answer.error:
        return answer.error.partition(":")[0]
    if answer.array is None or answer.array.dtype.kind not in "biuf":
        return "unreadable"
    return "array" if np.isfinite(answer.array.astype(float)).all() else "nan"
