"""What an exam consists of: cases, forms in which a student's function may take them, and approaches.

A *case* holds arrays in one canonical form. An *argument form* says how a student's function may take them
(kernels in a list, channels first, …) and converts the answer back to the canonical form. An *approach* is
one way to compute the answer: the accepted ones are conventions that the lab leaves open; the others are
typical mistakes, computed on purpose. A mistake is recognised when it predicts the student's answer in every
case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pellucid.examiner.questions import ExamQuestion

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True)
class Case:
    """One input. ``axes`` gives each array's axes as letters, so that arrays shrink together."""

    criterion: str
    kind: str
    arrays: Mapping[str, Array]
    axes: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)
    whole: tuple[str, ...] = ()  # the arrays given as whole numbers
    needs: str = ""  # graded only where this criterion is met: a mistake costs points once

    def extent(self, letter: str) -> int:
        """Return how long an axis is."""
        for name, letters in self.axes.items():
            if letter in letters:
                return int(self.arrays[name].shape[letters.index(letter)])
        raise KeyError(letter)

    def with_arrays(self, arrays: Mapping[str, Array]) -> Case:
        """Return the case with other arrays."""
        return replace(self, arrays=dict(arrays))


@dataclass(frozen=True)
class ArgumentForm:
    """How a case is passed to a function, and how its answer is read."""

    name: str
    give: Callable[[Case], dict[str, Any]]
    take: Callable[[Any, Case], Array]

    @property
    def is_batch(self) -> bool:
        """Whether inputs are given as a batch of one, which no question asks for."""
        return "batch of one" in self.name


@dataclass(frozen=True)
class Approach:
    """A way to compute the answer; ``costs`` names the criteria that a mistake loses (a convention none)."""

    name: str
    compute: Callable[[Case], Array]
    says: str = ""
    costs: tuple[str, ...] = ()
    like: str = ""  # the convention that a mistake keeps to


@dataclass(frozen=True)
class Exam:
    """How one question is examined. ``large(factor)`` is a case whose size grows with the factor."""

    question: ExamQuestion
    roles: Mapping[str, tuple[str, ...]]  # each role with the parameter names that mean it
    extras: Mapping[str, Sequence[Any]]  # other parameters by name, and values to try for them
    cases: Callable[[int], list[Case]]
    forms: Mapping[str, Sequence[ArgumentForm]]  # for each kind of case
    approaches: Sequence[Approach]
    large: Callable[[int], Case]
    large_letters: str  # the axes that grow, whose elements no loop should visit one by one
    large_stack: Callable[[int], Case] | None = None  # used instead where the function takes stacks
    advice: Callable[[Approach], str] = lambda approach: approach.name
    hints: Mapping[tuple[str, str], tuple[str, str]] = field(
        default_factory=dict
    )  # criterion, cause -> cause, words
    tried: Mapping[str, str] = field(default_factory=dict)  # criterion -> the forms that were tried, in words
    optional: int = 0  # how many of the last roles a function may omit
    explain: Callable[[Any, Case], tuple[str, str] | None] | None = None  # words and cause for a wrong call
    suspicions: Callable[[str], Mapping[str, tuple[str, str]]] | None = (
        None  # source -> criterion -> cause, words
    )


def same(got: Array | None, expected: Array | None) -> bool:
    """Return whether two answers agree, as closely as float32 allows."""
    if got is None or expected is None or got.shape != expected.shape:
        return False
    if got.dtype.kind not in "biuf" or (got.dtype.kind == "b") != (expected.dtype.kind == "b"):
        return False
    finite = np.isfinite(expected)
    if np.isnan(expected).any() or not np.array_equal(got[~finite], expected[~finite]):
        return False
    got, expected = got[finite], expected[finite]
    scale = float(np.abs(expected).max(initial=0))
    return bool(np.allclose(got, expected, rtol=1e-4, atol=1e-5 * scale + 1e-12))
