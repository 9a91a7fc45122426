"""The lab's questions in order and in groups, and choosing some of them."""

from __future__ import annotations

import re

from pellucid.errors import ArgumentError
from pellucid.lab.questions import (
    backpropagation,
    by_hand,
    cifar10,
    convolutional,
    digit_results,
    digits,
    filters,
    functions,
    individual,
    mnist,
    sufficiency,
)
from pellucid.lab.questions.question import Question

_Q6, _Q13 = sufficiency.QUESTIONS

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
    ("Sister exercise: small digits", (*digits.QUESTIONS, *digit_results.QUESTIONS, *filters.QUESTIONS)),
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
RANGE = re.compile(r"(?P<first>[A-Z]\d*)(?:\s*-\s*(?P<last>[A-Z]?\d+))?")


def chosen(only: str | None) -> list[str]:
    """Return the keys of the questions that ``only`` names, in the lab's order; all of them for None.

    Raises
    ------
    ArgumentError
        When a part of ``only`` names no question.

    Examples
    --------
    >>> chosen("Q26-28, I5, Q1"), len(chosen("D")) == 11
    (['Q1', 'Q26', 'Q27', 'Q28', 'I5'], True)
    """
    if only is None:
        return list(QUESTIONS)
    found = {key for part in only.split(",") for key in _keys_in(part.strip(), only)}
    return [key for key in QUESTIONS if key in found]


def _keys_in(part: str, only: str) -> list[str]:
    """Return the keys that a letter, a key or a range of keys names."""
    keys = list(QUESTIONS)
    match = RANGE.fullmatch(part.upper())
    first, last = (match["first"], match["last"]) if match else ("", None)
    if len(first) == 1 and last is None:
        named = [key for key in keys if key[0] == first]
    else:
        ends = [first, first[:1] + last if last and last.isdigit() else last or first]
        known = all(end in QUESTIONS for end in ends)
        named = keys[keys.index(ends[0]) : keys.index(ends[1]) + 1] if known else []
    if not named:
        raise ArgumentError(
            f"There are no questions {part!r}. The lab has {ranges()}; choose some as in --only "
            f"Q10-Q15,D7,I5. Received: only={only!r}"
        )
    return named


def ranges() -> str:
    """Return which questions there are, by letter.

    Examples
    --------
    >>> ranges()
    'Q1 to Q28, D1 to D11 and I1 to I6'
    """
    letters = list(dict.fromkeys(key[0] for key in QUESTIONS))
    letters.sort(key=lambda letter: (letter != "Q", letter))
    ends = []
    for letter in letters:
        keys = sorted((key for key in QUESTIONS if key[0] == letter), key=lambda key: int(key[1:]))
        ends.append(f"{keys[0]} to {keys[-1]}")
    return " and ".join([", ".join(ends[:-1]), ends[-1]] if len(ends) > 1 else ends)


__all__ = ["GROUPS", "QUESTIONS", "Question", "chosen"]
