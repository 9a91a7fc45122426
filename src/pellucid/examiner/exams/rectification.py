"""Question 21: rectification over a whole feature map, threshold zero."""

from __future__ import annotations

import numpy as np

from pellucid.core.randomness import stream
from pellucid.examiner.cases import Approach, Array, Case, Exam, Own, by_parts, extras
from pellucid.examiner.exams import maps
from pellucid.examiner.exams.suspects.rectification import SUSPECTS
from pellucid.examiner.questions import find_question
from pellucid.functions import relu

AXES = {"map": "HW", "stack": "HWC"}


def cases(seed: int) -> list[Case]:
    """Return maps and stacks with negative, zero and positive values."""
    draw = stream(seed, "examiner", 21)
    hand = np.array([[-1.5, 2.0], [0.0, -3.0]])
    return [
        Case("values", "map", {"maps": hand}, {"maps": "HW"}),
        Case("values", "map", {"maps": draw.normal(size=(5, 4)).round(2)}, {"maps": "HW"}),
        Case("values", "map", {"maps": draw.normal(0, 6, size=(4, 5)).round(2)}, {"maps": "HW"}),
        Case("shapes", "map", {"maps": draw.normal(size=(1, 7)).round(2)}, {"maps": "HW"}),
        Case("shapes", "stack", {"maps": draw.normal(size=(4, 5, 3)).round(2)}, {"maps": "HWC"}),
        Case(
            "types", "map", {"maps": np.round(4 * draw.normal(size=(4, 4)))}, {"maps": "HW"}, whole=("maps",)
        ),
        Case("types", "map", {"maps": draw.normal(size=(4, 3)).round(2)}, {"maps": "HW"}, single=("maps",)),
    ]


def large(factor: int) -> Case:
    """Return a square map."""
    draw = stream(0, "examiner: large", 21)
    return Case("efficient", "map", {"maps": draw.normal(size=(24 * factor, 24 * factor))}, {"maps": "HW"})


APPROACHES = [
    Approach("max(x, 0)", lambda c: relu(c.arrays["maps"])),
    Approach(
        "absolute value",
        lambda c: np.abs(c.arrays["maps"]),
        "Negative values are made positive: rectification sets them to 0.",
        ("values",),
    ),
    Approach(
        "negative part",
        lambda c: np.minimum(c.arrays["maps"], 0),
        "It keeps the negative values and drops the positive ones: take the maximum with 0, not the minimum.",
        ("values",),
    ),
    Approach(
        "step",
        lambda c: (c.arrays["maps"] > 0).astype(float),
        "It returns 1 or 0: values above zero must stay as they are.",
        ("values",),
    ),
    Approach(
        "mask",
        lambda c: c.arrays["maps"] > 0,
        "It returns True or False: multiply by the mask, or use np.maximum(maps, 0).",
        ("values",),
    ),
    Approach(
        "leaky",
        lambda c: np.where(c.arrays["maps"] > 0, c.arrays["maps"], 0.01 * c.arrays["maps"]),
        "Negative values are made small (a leaky rectifier): the lab's threshold makes them 0.",
        ("values",),
    ),
    Approach(
        "threshold 1",
        lambda c: np.where(c.arrays["maps"] > 1, c.arrays["maps"], 0),
        "The threshold is 1: it should be 0.",
        ("values",),
    ),
    Approach(
        "sigmoid",
        lambda c: 1 / (1 + np.exp(-c.arrays["maps"])),
        "This is the sigmoid, another activation: rectification is max(x, 0).",
        ("values",),
    ),
]


def _keeps_the_shape(case: Case, answer: Array, own: Own) -> bool:
    if case.kind == "stack":
        return by_parts("C", "map", drop=True)(case, answer, own)
    return answer.shape == case.arrays["maps"].shape


EXAM = Exam(
    find_question(21),
    {"maps": maps.NAMES},
    {
        **extras("thr alpha slope leak negative cutoff =t", 0),
        **extras("deriv grad inplace verbose", False),
    },
    cases,
    {"map": maps.forms("map"), "stack": maps.forms("stack")},
    APPROACHES,
    large,
    "HW",
    suspects=SUSPECTS,
    relations={"shapes": _keeps_the_shape},
)
