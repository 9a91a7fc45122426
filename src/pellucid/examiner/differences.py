"""Describes an answer that no known mistake explains."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pellucid.core.wording.plurals import counted
from pellucid.examiner.calling import CallResult
from pellucid.examiner.cases import Array

Finding = tuple[str, str]  # a sentence, and a short name for it
FUNCTIONS: dict[str, tuple[Callable[[Array], Array], str]] = {
    "absolute value": (np.abs, "Every element is the absolute value of what it should be."),
    "square": (np.square, "Every element is the square of what it should be."),
    "square root": (np.sqrt, "Every element is the square root of what it should be."),
    "reciprocal": (np.reciprocal, "Every element is 1 / what it should be: is a division upside down?"),
    "exponential": (np.exp, "Every element is exp of what it should be."),
    "logarithm": (np.log, "Every element is the logarithm of what it should be."),
    "rectified": (
        lambda x: np.maximum(x, 0),
        "Negative values are cut off: rectification is a step of its own (question 21).",
    ),
    "cut to 0 … 1": (
        lambda x: np.clip(x, 0, 1),
        "Values are cut off at 0 and at 1: a clip, where the right values go further.",
    ),
    "rounded": (np.round, "The values are rounded: leave the fractions as they are."),
    "opposite order": (
        lambda x: x[::-1],
        "The rows stand in the opposite order: from the last to the first.",
    ),
    "mirrored": (lambda x: x[..., ::-1], "The last axis stands in the opposite order."),
}


def describe(answer: CallResult, expected: Array | None) -> Finding:
    """Return a sentence on how an answer differs from the expected one, and a short name for it.

    Examples
    --------
    >>> describe(CallResult(np.array([2.0, 4.0])), np.array([1.0, 2.0]))
    ('Every element is 2 × what it should be.', 'factor')
    """
    if answer.error:
        causes = {
            "OverflowError": "overflows",
            "ZeroDivisionError": "divides by 0",
            "stops": "stops",
            "generator": "generator",
        }
        cause = next((cause for sign, cause in causes.items() if sign in answer.error), "error")
        return f"{answer.error[0].upper()}{answer.error[1:]}.", cause
    got = answer.array
    if got is not None and got.dtype.kind == "c":
        return "It gives complex numbers: take the real part (.real) in the end.", "complex"
    if got is None or expected is None or got.dtype.kind not in "biuf":
        return "What it returns is not an array of numbers.", "not numbers"
    half, got = got.dtype == np.float16, got.astype(float)
    if got.shape != expected.shape:
        return _other_shape(got, expected)
    if not np.isfinite(got).all():
        return "The result holds NaN or infinity: look for a division by 0 or an overflow.", "nan"
    return _rounding(got, expected, half=half) or _whole(got, expected) or _some(got, expected)


def _other_shape(got: Array, expected: Array) -> Finding:
    if got.ndim == 2 and got.T.shape == expected.shape and np.allclose(got.T, expected):
        return f"The result is transposed: its shape is {got.shape}, not {expected.shape}.", "transposed"
    if got.size == expected.size and np.allclose(got.ravel(), expected.ravel()):
        return (
            f"The numbers are right, but in the shape {got.shape} where {expected.shape} is right: give them "
            "the shape back (reshape).",
            "shape",
        )
    if not got.ndim and expected.ndim:
        return f"It gives a single number where an array of shape {expected.shape} is right.", "shape"
    hint = _shape_hint(got.shape, expected.shape)
    return f"The shape of the result is {got.shape} where {expected.shape} is right{hint}", "shape"


def _shape_hint(got: tuple[int, ...], expected: tuple[int, ...]) -> str:
    if len(got) == len(expected):
        more = [a - b for a, b in zip(got, expected, strict=True)]
        if all(difference in (0, 1) for difference in more):
            return ": it has a row or column too many."
        if all(difference in (0, -1) for difference in more):
            return ": it has a row or column too few."
    if len(got) > len(expected):
        return ": an axis too many is left. Is it to be summed, or its maximum taken?"
    if len(got) < len(expected):
        return ": an axis is missing. Is too much summed, or picked out by a mask?"
    return "."


def _whole(got: Array, expected: Array) -> Finding | None:
    """Return what leads from the right values to all of an answer's."""
    if not got.any():
        return "Every element is 0: is the result computed and returned?", "zeros"
    if got.size > 1 and np.ptp(got) < 1e-9 and np.ptp(expected) > 1e-6:
        hint = ": is something divided by itself?" if np.allclose(got, 1) else "."
        return f"Every element is the same number, {got.flat[0]:.4g}{hint}", "constant"
    if got.ndim == 2 and got.shape[0] == got.shape[1] and np.allclose(got.T, expected):
        return "The result is transposed: rows and columns are swapped.", "transposed"
    norm = float((expected * expected).sum())
    factor = float((got * expected).sum()) / norm if norm else 0.0
    if factor and got.size > 1 and np.allclose(got, factor * expected, rtol=1e-3):
        if np.isclose(factor, -1):
            return "Every element has the opposite sign.", "sign"
        return f"Every element is {factor:.4g} × what it should be.", "factor"
    shift = float((got - expected).mean())
    if got.size > 1 and np.allclose(got - shift, expected, rtol=1e-3, atol=1e-5):
        return f"Every element is too {'large' if shift > 0 else 'small'} by {abs(shift):.4g}.", "shift"
    if np.allclose(got, np.round(got)) and np.allclose(got, np.trunc(expected)):
        return "The fractions are cut off: make the result array one of floats.", "whole numbers"
    with np.errstate(all="ignore"):
        for cause, (function, words) in FUNCTIONS.items():
            if got.size > 1 and np.allclose(got, function(expected), rtol=1e-4, atol=1e-6):
                return words, cause
    if got.size > 2 and np.allclose(np.sort(got, axis=None), np.sort(expected, axis=None)):
        return "The numbers are right, but they stand in another order: is an axis swapped?", "order"
    return None


def _rounding(got: Array, expected: Array, *, half: bool) -> Finding | None:
    for decimals in (1, 2, 3, 4):
        if np.allclose(got, np.round(expected, decimals), rtol=0, atol=1e-9) and (got % 1).any():
            return (
                f"The values are rounded to {counted(decimals, 'decimal')}: leave them as they are.",
                "rounding",
            )
    scale = float(np.abs(expected).max(initial=0))
    if not np.allclose(got, expected, rtol=0, atol=4e-3 * scale):
        return None
    error = float(np.abs(got - expected).max())
    digits = max(1, int(-np.log10(error / scale))) if error else 1
    kind = "float16 holds 3 digits" if half else "float16 holds 3 digits, np.round(x, 3) leaves 3 decimals"
    return (
        f"The values are right to {digits} digits only: it is rounding ({kind}). Compute in float64, "
        "NumPy's own "
        "type of fractions.",
        "rounding",
    )


def _some(got: Array, expected: Array) -> Finding:
    """Say which of the elements are wrong."""
    wrong = ~np.isclose(got, expected, rtol=1e-4, atol=1e-6)
    if not wrong.any():
        return "The values are a little off.", "values"
    if wrong.size == 1:
        return "The value is wrong.", "values"
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    place = f"the first at {list(first)}: {got[first]:.4g} where {expected[first]:.4g} is right"
    if wrong.all():
        return f"Every element is wrong, {place}.", "values"
    some = f"{wrong.sum()} of {wrong.size} elements are wrong, {place}."
    inside = wrong[1:-1, 1:-1] if wrong.ndim > 1 else wrong[1:-1]
    if inside.size and not inside.any():
        return f"{some} All of them stand at the border: look at where windows begin and end.", "border"
    if (expected[wrong] < 0).all() and not (expected[~wrong] < 0).any():
        return f"{some} They are the ones that should be negative.", "negative values"
    if (expected[wrong] > 0).all() and not (expected[~wrong] > 0).any():
        return f"{some} They are the ones that should be positive.", "positive values"
    return some, "values"
