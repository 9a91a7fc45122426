"""Whether a function computes anything of what is asked: a stub gets no points for being fast or pure.

The rule: one wrong value costs the points for values only, and every other criterion is judged by itself. But
a function gets nothing at all while it computes nothing: while it gives no result, one of quite another form,
its input as it is (or a fixed multiple of it, or shifted), zeros, numbers that do not depend on what it is
given, or other numbers at each call, none of them ever right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pellucid.examiner.calling import Call, CallResult
from pellucid.examiner.cases import Array, Case, same

Answers = Sequence[tuple[Case, CallResult]]


@dataclass(frozen=True)
class Blank:
    """Why a function computes nothing of what is asked."""

    cause: str
    says: str


NO_RESULT = Blank("stops", "It gives no result yet.")
OTHER_FORM = Blank("another form", "Nothing that it gives has the form of an answer.")
ZEROS = Blank("zeros", "Every element is 0, whatever it is given: is the result computed, kept and returned?")
ERRATIC = Blank("random", "It gives other numbers at each call with the same arguments, and none is right.")


def is_array(answer: CallResult) -> bool:
    """Return whether an answer is an array of numbers."""
    return answer.array is not None and answer.array.dtype.kind in "biuf"


def nothing_computed(
    call: Call, answers: Answers, expected: Callable[[Case], Sequence[Array]], *, compared: bool
) -> Blank | None:
    """Return why a function of which nothing is right computes nothing; None where it does compute something.

    ``expected`` gives the right answers to a case; ``compared`` says that the source has a comparison
    standing alone, a slip because of which an input may come back as it is.
    """
    given = [(case, answer) for case, answer in answers if is_array(answer)]
    if not given:
        return NO_RESULT
    formed = [(case, answer) for case, answer in given if _has_a_form(_array(answer), expected(case))]
    if not formed:
        return OTHER_FORM
    if not any(_array(answer).any() for _, answer in given):
        return ZEROS
    returned = next((role for role in formed[0][0].arrays if _is_returned(role, given)), None)
    if returned is not None and not compared:
        return Blank("input", f"It gives back {returned} as it is given, or a fixed multiple of it.")
    case, answer = formed[0]
    if not same(call(case).array, call(case).array):
        return ERRATIC
    return _ignored(call, case, answer, expected)


def likeness(pairs: Sequence[tuple[CallResult, Sequence[Array]]]) -> float:
    """Return how strongly answers go with right ones of their shapes: 0 not at all, 1 perfectly."""
    xs, ys = [], []
    for answer, expected in pairs:
        right = next(
            (one for one in expected if is_array(answer) and one.shape == _array(answer).shape), None
        )
        if right is None or not np.isfinite(_array(answer).astype(float)).all():
            return 0.0
        xs.append(_array(answer).astype(float).ravel())
        ys.append(right.astype(float).ravel())
    x, y = np.concatenate(xs), np.concatenate(ys)
    return abs(float(np.corrcoef(x, y)[0, 1])) if x.std() > 0 and y.std() > 0 else 0.0


def moved(case: Case, roles: Sequence[str] = ()) -> Case:
    """Return the case with other values of the same shapes in the arrays of ``roles`` (all of them)."""
    arrays = dict(case.arrays)
    for role in roles or arrays:
        kept = arrays[role]
        arrays[role] = np.round(1.3 * kept.ravel()[::-1].reshape(kept.shape) + 0.7 + 0.1 * _ramp(kept), 2)
    return case.with_arrays(arrays)


def _ignored(
    call: Call, case: Case, answer: CallResult, expected: Callable[[Case], Sequence[Array]]
) -> Blank | None:
    """Return that no value of an array matters, though it matters to the right answer."""
    for role, values in case.arrays.items():
        right, other_right = expected(case), expected(moved(case, [role]))
        if not values.size or (right and other_right and same(right[0], other_right[0])):
            continue
        spoiled = values.copy()
        spoiled.flat[0] = np.nan
        for other in (moved(case, [role]), case.with_arrays({**case.arrays, role: spoiled})):
            again = call(other)
            if again.array is None or not same(again.array, answer.array):
                break
        else:
            return Blank("ignores", f"What it gives does not depend on the values of {role}.")
    return None


def _has_a_form(got: Array, right: Sequence[Array]) -> bool:
    return any(got.ndim == one.ndim or got.size == one.size for one in right)


def _is_returned(role: str, given: Answers) -> bool:
    """Return whether one line a·x + b leads from an array of every case to the answer."""
    points = [(case.arrays[role].ravel(), _array(answer).ravel()) for case, answer in given]
    if any(x.shape != y.shape or not np.isfinite(y).all() for x, y in points):
        return False
    x, y = (np.concatenate(side).astype(float) for side in zip(*points, strict=True))
    if len(set(x)) < 3:
        return False
    slope, shift = np.polyfit(x, y, 1)
    return bool(abs(slope) > 1e-9 and np.allclose(y, slope * x + shift, rtol=1e-6, atol=1e-8))


def _array(answer: CallResult) -> Array:
    return np.asarray(answer.array)


def _ramp(values: Array) -> Array:
    return np.arange(values.size).reshape(values.shape)
