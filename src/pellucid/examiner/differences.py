"""Describes an answer that no known mistake explains."""

from __future__ import annotations

import numpy as np

from pellucid.examiner.calling import CallResult
from pellucid.examiner.cases import Array


def describe(answer: CallResult, expected: Array | None) -> tuple[str, str]:
    """Return a sentence on how an answer differs from the expected one, and a short name for it.

    Examples
    --------
    >>> describe(CallResult(np.array([2.0, 4.0])), np.array([1.0, 2.0]))
    ('Every element is 2 × what it should be.', 'factor')
    """
    if answer.error:
        causes = {"OverflowError": "overflows", "ZeroDivisionError": "divides by 0", "stops": "stops"}
        cause = next((cause for sign, cause in causes.items() if sign in answer.error), "error")
        return f"{answer.error[0].upper()}{answer.error[1:]}.", cause
    got = answer.array
    if got is None or expected is None or got.dtype.kind not in "biuf":
        return "What it returns is not an array of numbers.", "not numbers"
    got = got.astype(float)
    if got.shape != expected.shape:
        if got.ndim == 2 and got.T.shape == expected.shape and np.allclose(got.T, expected):
            return f"The result is transposed: its shape is {got.shape}, not {expected.shape}.", "transposed"
        hint = _shape_hint(got.shape, expected.shape)
        return f"The shape of the result is {got.shape} where {expected.shape} is right{hint}.", "shape"
    if not np.isfinite(got).all():
        return "The result holds NaN or infinity: look for a division by 0 or an overflow.", "nan"
    if not got.any():
        return "Every element is 0: is the result computed and returned?", "zeros"
    if got.ndim == 2 and got.shape[0] == got.shape[1] and np.allclose(got.T, expected):
        return "The result is transposed: rows and columns are swapped.", "transposed"
    norm = float((expected * expected).sum())
    factor = float((got * expected).sum()) / norm if norm else 0.0
    if factor and got.size > 1 and np.allclose(got, factor * expected, rtol=1e-3):
        return f"Every element is {factor:.4g} × what it should be.", "factor"
    shift = float((got - expected).mean())
    if got.size > 1 and np.allclose(got - shift, expected, rtol=1e-3, atol=1e-5):
        return f"Every element is too {'large' if shift > 0 else 'small'} by {abs(shift):.4g}.", "shift"
    if np.allclose(got, np.round(got)) and np.allclose(got, np.trunc(expected)):
        return "The fractions are cut off: make the result array one of floats.", "whole numbers"
    wrong = ~np.isclose(got, expected, rtol=1e-4, atol=1e-6)
    first = [int(i) for i in np.argwhere(wrong)[0]] if wrong.any() else []
    return f"{wrong.sum()} of {wrong.size} elements are wrong, the first at {first}.", "values"


def _shape_hint(got: tuple[int, ...], expected: tuple[int, ...]) -> str:
    if len(got) == len(expected):
        more = [a - b for a, b in zip(got, expected, strict=True)]
        if all(difference in (0, 1) for difference in more):
            return ": it has a row or column too many"
        if all(difference in (0, -1) for difference in more):
            return ": it has a row or column too few"
    return ""
