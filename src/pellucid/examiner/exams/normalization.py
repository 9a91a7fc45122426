"""Question 23: normalisation within each feature map, to mean 0 and standard deviation 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pellucid.core.randomness import stream
from pellucid.examiner.cases import Approach, Array, Case, Exam, by_parts, extras
from pellucid.examiner.exams import maps
from pellucid.examiner.exams.suspects.normalization import SUSPECTS
from pellucid.examiner.questions import find_question
from pellucid.functions import normalize_maps

LAB = np.array([[4.0, 4], [0, 3]])


def _case(criterion: str, values: Array, **more: Any) -> Case:
    kind, axes = ("map", "HW") if values.ndim == 2 else ("stack", "HWC")
    return Case(criterion, kind, {"maps": values}, {"maps": axes}, **more)


def cases(seed: int) -> list[Case]:
    """Return the lab's hand cases, random maps and stacks, constant maps and whole numbers."""
    draw = stream(seed, "examiner", 23)
    return [
        _case("values", LAB),
        _case("values", np.array([[6.0, 11], [11, 6]])),
        _case("values", draw.normal(3, 2, (5, 4)).round(2)),
        _case("stacks", draw.normal([3, -1, 0], [2, 1, 5], (4, 5, 3)).round(2)),
        _case("stacks", draw.normal([7, 70], [1, 9], (3, 5, 2)).round(2)),
        _case("constant", np.full((3, 4), 2.0)),
        _case("constant", np.zeros((2, 2))),
        _case("types", np.round(draw.normal(5, 4, (4, 3))), whole=("maps",)),
        _case("types", draw.normal(5, 4, (3, 4)).round(2), single=("maps",)),
    ]


def large(factor: int) -> Case:
    """Return a square map."""
    return _case("efficient", stream(0, "examiner: large", 23).normal(size=(24 * factor, 24 * factor)))


def _scaled(deviation: Callable[[Array, tuple[int, ...]], Array]) -> Callable[[Case], Array]:
    """Return a normalisation with another measure of spread; constant maps are left out of the account."""

    def compute(case: Case) -> Array:
        x = case.arrays["maps"]
        centred = x - x.mean(axis=(0, 1), keepdims=True)
        spread = deviation(x, (0, 1))
        return np.asarray(np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0))

    return compute


def _over(*axes: int | None) -> Callable[[Case], Array]:
    """Return a normalisation over other axes."""

    def compute(case: Case) -> Array:
        x = case.arrays["maps"]
        where = None if None in axes else tuple(a for a in axes if a is not None)
        centred = x - x.mean(axis=where, keepdims=True)
        spread = x.std(axis=where, keepdims=True)
        return np.asarray(np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0))

    return compute


def _sample(case: Case, axes: None) -> Array:
    """Return the normalisation of the whole stack by its sample deviation: two mistakes in one."""
    x = case.arrays["maps"]
    return np.asarray((x - x.mean(axis=axes)) / x.std(axis=axes, ddof=1))


def _min_max(case: Case) -> Array:
    x = case.arrays["maps"]
    low, high = x.min(axis=(0, 1), keepdims=True), x.max(axis=(0, 1), keepdims=True)
    return np.asarray((x - low) / np.where(high > low, high - low, 1))


def _cut_off(case: Case) -> Array:
    y = normalize_maps(case.arrays["maps"])
    return np.trunc(y) if case.whole else y


def _epsilon(epsilon: float, *, inside: bool) -> Approach:
    def spread(x: Array, axes: tuple[int, ...]) -> Array:
        if inside:
            return np.asarray(np.sqrt(x.var(axis=axes, keepdims=True) + epsilon))
        return np.asarray(x.std(axis=axes, keepdims=True) + epsilon)

    where = "variance" if inside else "deviation"
    return Approach(f"{epsilon:g} is added to the {where}, so that nothing is divided by 0", _scaled(spread))


APPROACHES = [
    Approach("a constant map becomes zeros", lambda c: normalize_maps(c.arrays["maps"])),
    *[_epsilon(e, inside=inside) for e in (1e-5, 1e-4, 1e-3, 1e-2) for inside in (True, False)],
    Approach(
        "sample deviation",
        _scaled(lambda x, axes: x.std(axis=axes, ddof=1, keepdims=True)),
        "It divides by the sample standard deviation (ddof=1, n - 1 in the denominator): a feature map is "
        "the whole population. np.std(map) is right as it is.",
        ("values",),
    ),
    Approach(
        "variance",
        _scaled(lambda x, axes: x.var(axis=axes, keepdims=True)),
        "It divides by the variance: the standard deviation is its square root.",
        ("values",),
    ),
    Approach(
        "mean only",
        _scaled(lambda x, _: np.ones_like(x[:1, :1])),
        "The mean is taken off but nothing is divided by the standard deviation.",
        ("values",),
    ),
    Approach(
        "deviation only",
        lambda c: c.arrays["maps"] / c.arrays["maps"].std(axis=(0, 1), keepdims=True),
        "The mean is not taken off before the division.",
        ("values",),
    ),
    Approach(
        "minimum to maximum",
        _min_max,
        "It stretches the map to 0 … 1: the lab asks for mean 0 and standard deviation 1.",
        ("values",),
    ),
    Approach(
        "wrong axis",
        _over(0),
        "Each column is normalised by itself (axis=0): take mean and deviation over the whole map, axis=(0, "
        "1).",
        ("values",),
    ),
    Approach(
        "wrong axis",
        _over(1),
        "Each row is normalised by itself (axis=1): take mean and deviation over the whole map, axis=(0, 1).",
        ("values",),
    ),
    Approach(
        "whole stack",
        _over(None),
        "The stack is normalised as a whole: each map has a mean and a deviation of its own. Use axis=(0, "
        "1) with keepdims=True.",
        ("stacks",),
    ),
    Approach(
        "whole stack",
        lambda c: _sample(c, None),
        "The stack is normalised as a whole: each map has a mean and a deviation of its own. Use axis=(0, "
        "1) with keepdims=True.",
        ("stacks",),
    ),
    Approach(
        "across maps",
        lambda c: _over(-1)(c) if c.kind == "stack" else normalize_maps(c.arrays["maps"]),
        "The stack is normalised across its maps (axis=-1): the axes of the pixels are 0 and 1.",
        ("stacks",),
    ),
    Approach(
        "fractions cut off",
        _cut_off,
        "For a map of whole numbers the fractions are cut off: make the result an array of floats.",
        ("types",),
    ),
]

ZERO = (
    "zero deviation",
    "A constant map has standard deviation 0, and dividing by it gives NaN. Return zeros there, or add a "
    "tiny number to the deviation.",
)

EXAM = Exam(
    find_question(23),
    {"maps": maps.NAMES},
    {
        "eps": [1e-8],
        "axis": [(0, 1)],
        **extras("gamma scale std sigma sd targetstd", 1.0),
        **extras("beta shift mean mu targetmean", 0.0),
    },
    cases,
    {"map": maps.forms("map"), "stack": maps.forms("stack")},
    APPROACHES,
    large,
    "HW",
    suspects=SUSPECTS,
    relations={"stacks": by_parts("C", "map", drop=True)},
    tried={"stacks": "(A stack (H, W, C) and one (C, H, W) were tried.)"},
    advice=lambda approach: f"Convention: {approach.name}." if "added" in approach.name else "",
    hints={("constant", "nan"): ZERO, ("constant", "divides by 0"): ZERO},
)
