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

from pellucid.errors import PellucidError
from pellucid.examiner.questions import ExamQuestion

Array: TypeAlias = NDArray[Any]
KnownAnswers: TypeAlias = dict[tuple[int, int], "Array | None"]  # by the ids of an approach and a case


@dataclass(frozen=True)
class Case:
    """One input. ``axes`` gives each array's axes as letters, so that arrays shrink together."""

    criterion: str
    kind: str
    arrays: Mapping[str, Array]
    axes: Mapping[str, str]
    options: Mapping[str, Any] = field(default_factory=dict)
    whole: tuple[str, ...] = ()  # the arrays given as whole numbers
    single: tuple[str, ...] = ()  # the arrays given in float32
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


Own: TypeAlias = Callable[[Case], "Array | None"]  # what the function itself gives
Relation: TypeAlias = Callable[[Case, Array, Own], bool]  # a case, its answer, the function's other answers


def extras(names: str, *values: Any) -> dict[str, tuple[Any, ...]]:
    """Return the values to try for a parameter of each of several names.

    Examples
    --------
    >>> extras("thr cutoff", 0)
    {'thr': (0,), 'cutoff': (0,)}
    """
    return dict.fromkeys(names.split(), values)


def part(case: Case, letter: str, index: int, kind: str, *, drop: bool = False) -> Case:
    """Return one element of an axis as a case of its own; ``drop`` takes the axis away.

    Examples
    --------
    >>> stack = Case("stacks", "stack", {"maps": np.ones((4, 5, 3))}, {"maps": "HWC"})
    >>> part(stack, "C", 1, "map", drop=True).arrays["maps"].shape
    (4, 5)
    """
    arrays, axes = dict(case.arrays), dict(case.axes)
    for name, letters in case.axes.items():
        if letter in letters:
            axis = letters.index(letter)
            arrays[name] = np.take(arrays[name], index if drop else [index], axis=axis)
            axes[name] = letters.replace(letter, "") if drop else letters
    return replace(case, kind=kind, arrays=arrays, axes=axes)


def by_parts(letter: str, kind: str, *, drop: bool = False, axis: int = -1) -> Relation:
    """Return the relation that each part along an axis is answered as it is answered alone."""

    def holds(case: Case, answer: Array, own: Own) -> bool:
        parts = [part(case, letter, i, kind, drop=drop) for i in range(case.extent(letter))]
        alone = [one for one in map(own, parts) if one is not None]
        if len(alone) < len(parts) or len({one.shape for one in alone}) > 1:
            return False
        joined = (np.stack if drop else np.concatenate)(alone, axis=axis)
        return alike(answer, joined)

    return holds


@dataclass(frozen=True)
class ArgumentForm:
    """How a case is passed to a function, and how its answer is read."""

    name: str
    give: Callable[[Case], dict[str, Any]]
    take: Callable[[Any, Case], Array]

    def axes(self, case: Case) -> list[int]:
        """Return how many axes each argument has in this form."""
        return [int(np.ndim(value)) for value in self.give(case).values()]


@dataclass(frozen=True)
class Approach:
    """A way to compute the answer; ``costs`` names the criteria that a mistake loses (a convention none)."""

    name: str
    compute: Callable[[Case], Array]
    says: str = ""
    costs: tuple[str, ...] = ()
    like: str = ""  # the convention that a mistake keeps to


@dataclass(frozen=True)
class Suspect:
    """A possible cause of wrong values: it gives the message, while marks follow from the values alone.

    ``compute`` takes a case and what gives the right answer to any case, in the student's own convention.
    """

    name: str
    compute: Callable[[Case, Callable[[Case], Array]], Array]
    says: str


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
    large_output: Callable[[int], Case] | None = None  # a case with more and more elements of the output
    advice: Callable[[Approach], str] = lambda approach: approach.name
    hints: Mapping[tuple[str, str], tuple[str, str]] = field(
        default_factory=dict
    )  # criterion, cause -> cause, words
    tried: Mapping[str, str] = field(default_factory=dict)  # criterion -> the forms that were tried, in words
    relations: Mapping[str, Relation] = field(default_factory=dict)  # criterion -> what still shows it
    optional: int = 0  # how many of the last roles a function may omit
    suspects: Sequence[Suspect] = ()  # asked in turn where no mistake among the approaches explains it
    known: dict[int, tuple[list[Case], KnownAnswers]] = field(default_factory=dict, compare=False)  # by seed
    explain: Callable[[Any, Case], tuple[str, str] | None] | None = None  # words and cause for a wrong call
    suspicions: Callable[[str], Mapping[str, tuple[str, str]]] | None = (
        None  # source -> criterion -> cause, words
    )

    def shared(self, seed: int) -> tuple[list[Case], KnownAnswers]:
        """Return a seed's cases, and what the approaches answer to them as far as it was computed yet.

        No student's function has a part in it, so that every file can use it again.
        """
        if seed not in self.known:
            self.known[seed] = self.cases(seed), {}
        return self.known[seed]


def alike(one: Array | None, other: Array | None) -> bool:
    """Return whether two answers of one function agree, up to what rounding in float16 makes of them."""
    if one is None or other is None or one.shape != other.shape:
        return False
    scale = float(np.abs(other).max(initial=0))
    return bool(np.allclose(one, other, rtol=0, atol=5e-3 * scale + 1e-12))


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


def computed(approach: Approach, case: Case) -> Array | None:
    """Return an approach's answer to a case; None where it cannot compute one."""
    try:
        with np.errstate(all="ignore"):
            return np.asarray(approach.compute(case))
    except (PellucidError, ValueError, IndexError):
        return None


def argument(case: Case, role: str) -> Any:
    """Return one argument of a case, as whole numbers where the case says so."""
    if role in case.options:
        return case.options[role]
    array = case.arrays[role]
    kind = int if role in case.whole else np.float32 if role in case.single else array.dtype
    return array.astype(kind)
