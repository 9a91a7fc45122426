"""Question 26: backpropagation to the convolution kernels, examined by the gradient checker."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from pellucid.core.randomness import stream
from pellucid.examiner.calling import Call
from pellucid.examiner.cases import Approach, ArgumentForm, Array, Case, Exam, Own, argument, by_parts
from pellucid.examiner.exams.convolution import PADDINGS, ROLES, pad_image
from pellucid.examiner.exams.kernels import IMAGE_FORMS, KERNEL_FORMS
from pellucid.examiner.exams.suspects.backward import SUSPECTS
from pellucid.examiner.questions import find_question
from pellucid.functions import check_gradients, convolve, convolve_backward

AXES = {"gradient": "..K", "image": "HWC", "kernels": "RSCK"}  # an axis "." is as long as it needs to be
GRADIENT_NAMES = (
    "gradient",
    "grad",
    "grads",
    "dout",
    "dl",
    "dloss",
    "dy",
    "dz",
    "delta",
    "error",
    "gradoutput",
    "doutput",
    "dmaps",
    "dmap",
    "outputgradient",
    "upstream",
    "g",
    "dldout",
    "dldoutput",
    "dldy",
    "gradout",
    "lossgradient",
    "derror",
)


def cases(seed: int) -> list[Case]:
    """Return random images, kernels and gradients."""
    draw = stream(seed, "examiner", 26)

    def case(
        criterion: str, kind: str, image: tuple[int, ...], kernels: tuple[int, ...], needs: str = ""
    ) -> Case:
        arrays = {
            "gradient": draw.normal(size=(16, 16, kernels[3])).round(2),
            "image": draw.normal(size=image).round(2),
            "kernels": draw.normal(size=kernels).round(2),
        }
        return Case(criterion, kind, arrays, AXES, needs=needs)

    return [
        case("values", "2d1", (6, 7, 1), (3, 3, 1, 1)),
        case("values", "2d1", (7, 5, 1), (2, 3, 1, 1)),
        case("channels", "3d1", (6, 6, 2), (3, 3, 2, 1)),
        case("set", "2dK", (7, 7, 1), (3, 3, 1, 4)),
        case("set", "3dK", (6, 7, 2), (3, 3, 2, 5), "channels"),
    ]


def large(factor: int) -> Case:
    """Return a square grey image with one kernel."""
    draw, side = stream(0, "examiner: large", 26), 16 * factor
    arrays = {
        "gradient": draw.normal(size=(side + 4, side + 4, 1)),
        "image": draw.normal(size=(side, side, 1)),
        "kernels": draw.normal(size=(3, 3, 1, 1)),
    }
    return Case("efficient", "2d1", arrays, AXES)


PAIRS = {
    "2d1": [
        "(H, W) × (R, S)",
        "(H, W) × (R, S, C, K)",
        "(H, W, C) × (R, S, C, K)",
        "(H, W) × a list of (R, S)",
        "(H, W) × (K, R, S)",
        "(C, H, W) × (K, C, R, S)",
        "(N, H, W, C) × (R, S, C, K)",
    ],
    "2dK": [
        "(H, W) × (R, S, C, K)",
        "(H, W, C) × (R, S, C, K)",
        "(H, W) × a list of (R, S)",
        "(H, W) × (K, R, S)",
        "(H, W) × (R, S, K)",
        "(C, H, W) × (K, C, R, S)",
        "(N, H, W, C) × (R, S, C, K)",
    ],
    "3d1": [
        "(H, W, C) × (R, S, C)",
        "(H, W, C) × (R, S, C, K)",
        "(H, W, C) × a list of (R, S, C)",
        "(C, H, W) × (C, R, S)",
        "(C, H, W) × (K, C, R, S)",
        "(N, H, W, C) × (R, S, C, K)",
    ],
    "3dK": [
        "(H, W, C) × (R, S, C, K)",
        "(H, W, C) × a list of (R, S, C)",
        "(H, W, C) × (K, R, S, C)",
        "(C, H, W) × (K, C, R, S)",
        "(N, H, W, C) × (R, S, C, K)",
    ],
}
_BACK: dict[str, Callable[[Any], Array]] = {
    "(R, S)": lambda g: g[..., None, None],
    "(R, S, C)": lambda g: g[..., None],
    "(C, R, S)": lambda g: np.moveaxis(g, 0, -1)[..., None],
    "(R, S, C, K)": lambda g: g,
    "(R, S, K)": lambda g: g[:, :, None],
    "(K, R, S)": lambda g: np.moveaxis(g, 0, -1)[:, :, None],
    "a list of (R, S)": lambda g: np.stack(list(g), axis=-1)[:, :, None],
    "a list of (R, S, C)": lambda g: np.stack(list(g), axis=-1),
    "(K, R, S, C)": lambda g: np.moveaxis(g, 0, -1),
    "(K, C, R, S)": lambda g: g.transpose(2, 3, 1, 0),
}
_GRADIENTS: dict[str, Callable[[Array], Array]] = {
    "(H', W')": lambda g: g[..., 0],
    "(H', W', K)": lambda g: g,
    "(K, H', W')": lambda g: np.moveaxis(g, -1, 0),
    "(N, H', W', K)": lambda g: g[None],
}


def _forms(kind: str, gradient_of: Callable[[Case], Array]) -> Iterator[ArgumentForm]:
    for pair in PAIRS[kind]:
        image, kernels = pair.split(" × ")
        if image.startswith("(N"):
            ways = ["(N, H', W', K)"]
        else:
            ways = ["(H', W')"] * kind.endswith("1") + ["(H', W', K)", "(K, H', W')"]
        for way in ways:

            def give(
                case: Case, image: str = image, kernels: str = kernels, way: str = way
            ) -> dict[str, Any]:
                return {
                    "gradient": _GRADIENTS[way](gradient_of(case)),
                    "image": IMAGE_FORMS[image](argument(case, "image")),
                    "kernels": KERNEL_FORMS[kernels](argument(case, "kernels")),
                }

            def take(raw: Any, case: Case, kernels: str = kernels) -> Array:
                return _BACK[kernels](_of_kernels(raw, KERNEL_FORMS[kernels](case.arrays["kernels"])))

            yield ArgumentForm(f"{way} × {pair}", give, take)


def _of_kernels(raw: Any, like: Any) -> Any:
    """Pick the gradient of the kernels out of what may be several."""
    if isinstance(like, list):
        if isinstance(raw, tuple):
            return next((part for part in raw if isinstance(part, list)), raw)
        return raw
    if not isinstance(raw, tuple | list):
        return np.asarray(raw)
    fitting = [part for part in raw if np.shape(part) == like.shape]
    return np.asarray(fitting[len(fitting) > 1] if fitting else raw)


def _for_each_kernel(case: Case, answer: Array, own: Own) -> bool:
    """Return whether the gradient of each kernel of a set is what it is for that kernel alone."""
    return by_parts("K", "2d1" if case.kind == "2dK" else "3d1", axis=3)(case, answer, own)


@functools.cache
def make_exam(padding: str = "'valid' (no padding)", flipped: bool = False) -> Exam:
    """Return the exam for a student whose own convolution pads, and perhaps flips, in this way."""
    turn = -1 if flipped else 1

    def forward(case: Case) -> Array:
        return convolve(pad_image(case, padding), case.arrays["kernels"][::turn, ::turn])

    def gradient_of(case: Case) -> Array:
        H_out, W_out, _ = forward(case).shape
        return case.arrays["gradient"][:H_out, :W_out]

    def right(case: Case) -> Array:
        padded, kernels = pad_image(case, padding), np.ascontiguousarray(case.arrays["kernels"])
        return np.asarray(convolve_backward(gradient_of(case), padded, kernels)[1])[::turn, ::turn]

    def windows(case: Case) -> int:
        return int(np.prod(gradient_of(case).shape[:2]))

    def explain(call: Call, case: Case) -> tuple[str, str] | None:
        """Let the gradient checker say what is wrong."""

        def at(kernels: Array, upstream: Array | None = None) -> Case:
            arrays = {**case.arrays, "kernels": kernels}
            return replace(case, arrays=arrays if upstream is None else {**arrays, "gradient": upstream})

        report = check_gradients(
            lambda kernels: forward(at(kernels)),
            lambda gradient, kernels: call(at(kernels, gradient)).array,
            case.arrays["kernels"],
            names=["kernels"],
            batch_axis=None,
        )
        diagnosis = report.arguments[0].diagnosis if report.arguments else None
        return None if diagnosis is None else (diagnosis.kind, f"The gradient checker: {diagnosis.text}.")

    mistakes: list[tuple[str, Callable[[Case], Array]]] = [
        ("flipped", lambda c: right(c)[::-1, ::-1]),
        ("sign", lambda c: -right(c)),
        ("factor", lambda c: right(c) / windows(c)),
        ("factor", lambda c: 2 * right(c)),
    ]
    return Exam(
        find_question(26),
        {"gradient": GRADIENT_NAMES, **ROLES},
        {
            "strid": [1],
            "pad": ["valid", 0],
            "learning": [1.0],
            "lr": [1.0],
            "bias": [0.0],
            "=s": [1],
            "=b": [0.0],
        },
        cases,
        {kind: list(_forms(kind, gradient_of)) for kind in PAIRS},
        [Approach(padding, right), *[Approach(name, compute, "", ("values",)) for name, compute in mistakes]],
        large,
        "HW",
        optional=1,
        relations={"channels": by_parts("C", "2d1", axis=2), "set": _for_each_kernel},
        suspects=SUSPECTS,
        explain=explain,
    )


def make_exam_like(approach: Approach | None) -> Exam:
    """Return the exam that goes with the convention, or the flip, recognised in a student's convolution."""
    if approach is not None and approach.name in PADDINGS:
        return make_exam(approach.name)
    return make_exam(flipped=approach is not None and approach.name == "true convolution")
