"""Question 25: softmax of a one-dimensional array."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.core.randomness import stream
from pellucid.examiner.cases import Approach, ArgumentForm, Array, Case, Exam, argument, by_parts, extras
from pellucid.examiner.exams import maps
from pellucid.examiner.exams.suspects.softmax import SUSPECTS
from pellucid.examiner.questions import find_question
from pellucid.functions import softmax


def _case(criterion: str, values: Array, **more: Any) -> Case:
    kind, axes = ("one", "U") if values.ndim == 1 else ("rows", "NU")
    return Case(criterion, kind, {"scores": values}, {"scores": axes}, **more)


def cases(seed: int) -> list[Case]:
    """Return the lab's hand cases, large scores, whole numbers, and a batch."""
    draw = stream(seed, "examiner", 25)
    return [
        _case("values", np.array([2.48737338, 0.62093306, 2.10904643])),
        _case("values", np.array([14.0, 32.0])),
        _case("values", draw.normal(size=10).round(2)),
        _case("large", np.array([1000.0, 1001.0, 999.0])),
        _case("large", np.array([-1000.0, -1002.0])),
        _case("types", np.array([3.0, 1.0, 0.0, 2.0]), whole=("scores",)),
        _case("types", np.array([0.5, -1.25, 2.0, 0.75, 1.5]), single=("scores",)),
        _case("rows", draw.normal(size=(3, 4)).round(2)),
        _case("rows", np.array([[1000.0, 1000.0], [0.0, 1.0]]), needs="large"),
    ]


def large(factor: int) -> Case:
    """Return many scores."""
    return _case("efficient", stream(0, "examiner: large", 25).normal(size=1000 * factor))


def _x(case: Case) -> Array:
    return case.arrays["scores"]


def _sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


APPROACHES = [
    Approach("softmax", lambda c: softmax(_x(c))),
    Approach(
        "no exponential",
        lambda c: _x(c) / _x(c).sum(),
        "The scores are divided by their sum without exponential: softmax is exp(z) / Σ exp(z), which also "
        "makes negative scores into probabilities.",
        ("values",),
    ),
    Approach(
        "no exponential",
        lambda c: (_x(c) - _x(c).min()) / (_x(c) - _x(c).min()).sum(),
        "The scores are shifted and divided by their sum without exponential: softmax is exp(z) / Σ exp(z).",
        ("values",),
    ),
    Approach(
        "not divided",
        lambda c: np.exp(_x(c) - _x(c).max(axis=-1, keepdims=True)),
        "The exponentials are not divided by their sum, so that the probabilities do not sum to 1.",
        ("values",),
    ),
    Approach(
        "not divided",
        lambda c: np.exp(_x(c)),
        "The exponentials are not divided by their sum, so that the probabilities do not sum to 1.",
        ("values", "large"),
    ),
    Approach(
        "maximum",
        lambda c: np.exp(_x(c) - _x(c).max()) / np.exp(_x(c) - _x(c).max()).max(),
        "The exponentials are divided by the largest, not by their sum.",
        ("values",),
    ),
    Approach(
        "logarithm",
        lambda c: np.log(softmax(_x(c))),
        "This is the logarithm of softmax: return the probabilities themselves.",
        ("values",),
    ),
    Approach(
        "sigmoid",
        lambda c: _sigmoid(_x(c)),
        "This is the sigmoid of each score: softmax divides by the sum over all scores.",
        ("values",),
    ),
    Approach(
        "base 2",
        lambda c: np.exp2(_x(c) - _x(c).max()) / np.exp2(_x(c) - _x(c).max()).sum(),
        "Powers of 2 are taken: softmax takes powers of e, np.exp.",
        ("values",),
    ),
    Approach(
        "sign",
        lambda c: softmax(-_x(c)),
        "The largest score gets the smallest probability: it should be exp(z), not exp(-z).",
        ("values",),
    ),
    Approach(
        "whole array",
        lambda c: softmax(_x(c).ravel()).reshape(_x(c).shape),
        "A batch is normalised as a whole: for rows use axis=-1 and keepdims=True. (The lab asks for one "
        "row only.)",
        ("rows",),
    ),
    Approach(
        "columns",
        lambda c: softmax(_x(c).T).T,
        "A batch is normalised down its columns (axis 0): for rows use axis=-1. (The lab asks for one row "
        "only.)",
        ("rows",),
    ),
]

OVERFLOW = (
    "overflow",
    "exp of a large score overflows (exp(710) is infinite, and infinity / infinity is NaN); with very "
    "negative scores the sum becomes 0. Subtract the largest score first: softmax(z) = softmax(z - max(z)).",
)
WHOLE_MAXIMUM = (
    "maximum of the whole array",
    "In a batch the maximum of the whole array is subtracted, so that a row of small scores underflows to 0 "
    "/ 0: subtract each row's own maximum, max(axis=-1, keepdims=True). (The lab asks for one row only.)",
)


def _form(name: str) -> ArgumentForm:
    if name == "a row":
        return ArgumentForm(
            name, lambda c: {"scores": argument(c, "scores")[None]}, lambda raw, _: np.asarray(raw)[0]
        )
    if name == "a column":
        return ArgumentForm(
            name, lambda c: {"scores": argument(c, "scores")[:, None]}, lambda raw, _: np.asarray(raw)[:, 0]
        )
    return ArgumentForm(name, lambda c: {"scores": argument(c, "scores")}, lambda raw, _: np.asarray(raw))


EXAM = Exam(
    find_question(25),
    {"scores": (*maps.NAMES, "scores", "logits", "vector", "v", "values")},
    {
        "axis": [-1],
        "dim": [-1],
        "temp": [1.0],
        "=t": [1.0],
        **extras("nclass numclass class nout =n size length", lambda c: c.extent("U")),
        **extras("deriv grad log verbose", False),
    },
    cases,
    {"one": [_form("as they are"), _form("a row"), _form("a column")], "rows": [_form("as they are")]},
    APPROACHES,
    large,
    "U",
    suspects=SUSPECTS,
    relations={"rows": by_parts("N", "one", drop=True, axis=0)},
    hints={
        ("large", "nan"): OVERFLOW,
        ("large", "overflows"): OVERFLOW,
        ("large", "divides by 0"): OVERFLOW,
        ("rows", "nan"): WHOLE_MAXIMUM,
    },
)
