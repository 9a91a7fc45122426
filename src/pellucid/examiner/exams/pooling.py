"""Question 22: max pooling with a chosen extent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pellucid.core.randomness import stream
from pellucid.examiner.cases import Approach, ArgumentForm, Array, Case, Exam, Own, by_parts, extras
from pellucid.examiner.exams import maps
from pellucid.examiner.exams.suspects.pooling import SUSPECTS
from pellucid.examiner.questions import find_question
from pellucid.functions import average_pool, max_pool

ROLES = {
    "maps": maps.NAMES,
    "window": (
        "window",
        "windowsize",
        "size",
        "poolsize",
        "pool",
        "extent",
        "k",
        "n",
        "kernelsize",
        "f",
        "w",
        "spatialextent",
        "poolingsize",
        "kernel",
        "s",
        "win",
        "filtersize",
        "e",
        "ksize",
        "poolh",
        "poolheight",
        "windowheight",
        "kernelheight",
        "height",
        "kh",
        "ph",
    ),
}


def _case(criterion: str, values: Array, window: int, **more: Any) -> Case:
    kind, axes = ("map", "HW") if values.ndim == 2 else ("stack", "HWC")
    return Case(criterion, kind, {"maps": values}, {"maps": axes}, {"window": window}, **more)


def cases(seed: int) -> list[Case]:
    """Return maps with plain, negative and equal values, extents that divide and that do not, and a stack."""
    draw = stream(seed, "examiner", 22)

    def values(*shape: int) -> Array:
        return draw.normal(size=shape).round(2)

    return [
        _case("values", np.arange(16.0).reshape(4, 4)[::-1] - 5, 2),
        _case("values", values(4, 6), 2),
        _case("values", -np.abs(values(4, 4)) - 1, 2),
        _case("values", np.round(values(6, 4)), 2),
        _case("extent", values(6, 9), 3),
        _case("extent", values(8, 4), 4),
        _case("sizes", values(5, 5), 2),
        _case("sizes", values(7, 5) - 3, 3),
        _case("sizes", values(4, 5), 2),
        _case("stacks", values(4, 6, 3), 2),
        _case("stacks", values(6, 6, 2), 3, needs="extent"),
    ]


def large(factor: int) -> Case:
    """Return a square map, with windows of 2×2."""
    return _case("efficient", stream(0, "examiner: large", 22).normal(size=(24 * factor, 24 * factor)), 2)


def _pool(case: Case, padding: str = "valid") -> Array:
    return max_pool(case.arrays["maps"], case.options["window"], padding=padding)


def _padded(case: Case, mode: str, *, always: bool, value: float = 0.0) -> Array:
    """Pool after padding to whole windows; ``always`` adds a window where the sizes divide already."""
    x, n = case.arrays["maps"], case.options["window"]
    widths = [(0, n - s % n if always else -s % n) for s in x.shape[:2]] + [(0, 0)] * (x.ndim - 2)
    more: dict[str, Any] = {"constant_values": value} if mode == "constant" else {}
    return max_pool(np.pad(x, widths, mode=mode, **more), n)  # type: ignore[call-overload]  # a mode in a variable, which NumPy's stubs do not know


def _empty_window(case: Case) -> Array:
    """Always one window more than fits; what no pixel falls into stays 0, as np.zeros made it."""
    pooled = _padded(case, "constant", always=True, value=-np.inf)
    return np.where(np.isfinite(pooled), pooled, 0)


def _per_axis_extra(mode: str, value: float = 0.0) -> Callable[[Case], Array]:
    """Return a common mistake: once one axis does not divide, the other gets an extra window too."""

    def compute(case: Case) -> Array:
        x, n = case.arrays["maps"], case.options["window"]
        return _padded(case, mode, always=any(s % n for s in x.shape[:2]), value=value)

    return compute


EXTRA = (
    "An extra window is added on an axis that the extent already divides evenly: it takes H // extent "
    "windows, and one more only if H % extent is not 0."
)
APPROACHES = [
    Approach("leftover rows and columns are not looked at ('valid')", _pool),
    Approach(
        "the last windows hang over the bottom and the right",
        lambda c: _padded(c, "constant", always=False, value=-np.inf),
    ),
    Approach("windows hang over the border on all sides (Keras's 'same')", lambda c: _pool(c, "same")),
    Approach(
        "average",
        lambda c: average_pool(c.arrays["maps"], c.options["window"]),
        "It takes the mean of each window: max pooling takes the largest value.",
        ("values",),
    ),
    Approach(
        "minimum",
        lambda c: -max_pool(-c.arrays["maps"], c.options["window"]),
        "It takes the smallest value of each window: max pooling takes the largest.",
        ("values",),
    ),
    Approach(
        "starts from 0",
        lambda c: np.maximum(_pool(c), 0),
        "A window of negative values gives 0: the search for the maximum starts from 0. Start from "
        "-infinity, or from the window's first value.",
        ("values",),
    ),
    Approach(
        "starts from 0",
        lambda c: np.maximum(_pool(c, "same"), 0),
        "A window of negative values gives 0: the search for the maximum starts from 0. Start from "
        "-infinity, or from the window's first value.",
        ("values",),
    ),
    Approach(
        "absolute value",
        lambda c: max_pool(np.abs(c.arrays["maps"]), c.options["window"]),
        "It compares absolute values: -5 is smaller than 1.",
        ("values",),
    ),
    Approach(
        "extent ignored",
        lambda c: max_pool(c.arrays["maps"], 2),
        "The extent is always 2, whatever is asked: use the argument.",
        ("extent",),
    ),
    Approach(
        "overlapping windows",
        lambda c: max_pool(c.arrays["maps"], c.options["window"], strides=1),
        "The windows move by one pixel and overlap: move by the extent, so that the output shrinks by it.",
        ("values", "extent"),
    ),
    Approach(
        "stride always 2",
        lambda c: max_pool(c.arrays["maps"], c.options["window"], strides=2),
        "The windows move by 2, whatever the extent: move by the extent.",
        ("extent",),
    ),
    *[
        Approach("extra window", compute, EXTRA, ("sizes",))
        for mode, value in (("constant", 0.0), ("constant", -np.inf), ("edge", 0.0))
        for compute in (
            lambda c, m=mode, v=value: _padded(c, m, always=True, value=v),
            _per_axis_extra(mode, value),
        )
    ],
    Approach("extra window", _empty_window, EXTRA, ("sizes",)),
    Approach(
        "padded with zeros",
        lambda c: _padded(c, "constant", always=False),
        "The border is padded with zeros, which beat negative values: a window of negative values at the "
        "border gives 0. Pad with -np.inf, or with the border's own values.",
        ("sizes",),
    ),
    Approach(
        "over all maps",
        lambda c: _pool(c).max(axis=-1) if c.kind == "stack" else _pool(c),
        "The maximum is taken over the maps of the stack too: each map is pooled by itself.",
        ("stacks",),
    ),
    Approach(
        "first map only",
        lambda c: _pool(c)[..., 0] if c.kind == "stack" else _pool(c),
        "Only the first map of the stack is pooled.",
        ("stacks",),
    ),
]


def _forms(kind: str) -> list[ArgumentForm]:
    whole = maps.forms(kind, lambda case: {"window": case.options["window"]})
    pairs = maps.forms(kind, lambda case: {"window": (case.options["window"],) * 2})
    return [*whole, *pairs]


def _follows_the_extent(case: Case, answer: Array, _: Own) -> bool:
    """Return whether the output shrinks by the extent, give or take a window at the border."""
    sizes, n = case.arrays["maps"].shape[:2], case.options["window"]
    return all(abs(length - size // n) <= 1 for length, size in zip(answer.shape[:2], sizes, strict=True))


EXAM = Exam(
    find_question(22),
    ROLES,
    {
        **extras("strid step =s poolw windoww kernelw width =kw =pw", lambda case: case.options["window"]),
        "pad": [0, "valid", False],
        "mode": ["max"],
        "method": ["max"],
        "verbose": [False],
    },
    cases,
    {"map": _forms("map"), "stack": _forms("stack")},
    APPROACHES,
    large,
    "HW",
    tried={"stacks": "(A stack (H, W, C) and one (C, H, W) were tried.)"},
    suspects=SUSPECTS,
    relations={
        "extent": _follows_the_extent,
        "sizes": _follows_the_extent,
        "stacks": by_parts("C", "map", drop=True),
    },
    advice=lambda approach: f"Where sizes do not divide: {approach.name}.",
)
