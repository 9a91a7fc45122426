"""The questions of the lab in its order, in groups, and choosing among them."""

from __future__ import annotations

import re

from pellucid.errors import ArgumentError
from pellucid.lab.questions import (
    backpropagation,
    by_hand,
    cifar10,
    convolutional,
    digits,
    functions,
    individual,
    mnist,
)
from pellucid.lab.questions.question import Question
from pellucid.lab.questions.sufficiency import questions as sufficiency_questions

_Q6, _Q13 = sufficiency_questions(mnist.LINEAR, convolutional.CNN)

GROUPS: tuple[tuple[str, tuple[Question, ...]], ...] = (
    (
        "Exercise 1: MNIST",
        (
            *mnist.QUESTIONS, _Q6, *mnist.AFTER_SUFFICIENCY,
            *convolutional.QUESTIONS, _Q13, *convolutional.AFTER_SUFFICIENCY,
        ),
    ),
    ("Exercise 2: CIFAR-10", cifar10.QUESTIONS),
    ("Exercise 3: low-level functions", (*functions.QUESTIONS, *by_hand.QUESTIONS)),
    ("Sister exercise: small digits", digits.QUESTIONS),
    (
        "Individual questions",
        (
            *individual.BEFORE_BACKPROPAGATION,
            *backpropagation.QUESTIONS,
            *individual.AFTER_BACKPROPAGATION,
        ),
    ),
)  # fmt: skip
QUESTIONS: dict[str, Question] = {one.key: one for _, group in GROUPS for one in group}
PART = re.compile(r"(?P<first>[A-Z]\d*)(?:\s*-\s*(?P<last>[A-Z]?\d+))?")


def chosen(only: str | None) -> list[str]:
    """Return the keys of the questions that ``only`` asks for, in the lab's order; all where it is None.

    Raises :class:`~pellucid.errors.ArgumentError` for what is no question.

    >>> chosen("Q26-28, I5, Q1"), len(chosen("D")) == 11
    (['Q1', 'Q26', 'Q27', 'Q28', 'I5'], True)
    """
    keys = list(QUESTIONS)
    if only is None:
        return keys
    found: set[str] = set()
    for part in only.split(","):
        match = PART.fullmatch(part.strip().upper())
        first = match["first"] if match else ""
        if len(first) == 1 and match and match["last"] is None:
            some = {key for key in keys if key[0] == first}
        else:
            last = (match and match["last"]) or first
            ends = [first, last if not last[:1].isdigit() else first[:1] + last]
            if any(end not in QUESTIONS for end in ends) or keys.index(ends[0]) > keys.index(ends[1]):
                some = set()
            else:
                some = set(keys[keys.index(ends[0]) : keys.index(ends[1]) + 1])
        if not some:
            raise ArgumentError(
                f"There are no questions {part.strip()!r}. The lab has Q1 to Q28, D1 to D11 (digits) and "
                "I1 to I6 (individual questions); ask for some as in --only Q10-Q15,D7,I5"
            )
        found |= some
    return [key for key in keys if key in found]


__all__ = ["GROUPS", "QUESTIONS", "Question", "chosen"]
