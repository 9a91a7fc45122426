"""Question 24: a fully connected layer, each output node linked to every value of a stack of feature maps."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from pellucid.core.randomness import stream
from pellucid.examiner.cases import Approach, ArgumentForm, Array, Case, Exam, Own, alike, argument
from pellucid.examiner.exams import maps
from pellucid.examiner.exams.suspects.fully_connected import SUSPECTS
from pellucid.examiner.questions import find_question

ROLES = {
    "inputs": (*maps.NAMES, "vector", "v", "flat", "values", "nodes", "layer", "inputnodes"),
    "weights": ("weights", "weight", "w", "weightmatrix", "theta", "kernel", "kernels", "ws"),
}


def _flat(criterion: str, inputs: Array, weights: Array, **more: Any) -> Case:
    return Case(
        criterion, "flat", {"inputs": inputs, "weights": weights}, {"inputs": "D", "weights": "DU"}, **more
    )


def cases(seed: int) -> list[Case]:
    """Return the lab's hand case, random ones with other numbers of nodes, and stacks of maps."""
    draw = stream(seed, "examiner", 24)

    def values(*shape: int) -> Array:
        return draw.normal(size=shape).round(2)

    def stack(H: int, W: int, C: int, U: int) -> Case:
        arrays = {"inputs": values(H, W, C), "weights": values(H, W, C, U)}
        return Case("stacks", "stack", arrays, {"inputs": "HWC", "weights": "HWCU"})

    return [
        _flat("values", np.array([1.0, 2, 3]), np.array([[1.0, 4], [2, 5], [3, 6]])),
        _flat("values", values(6), values(6, 4)),
        _flat("nodes", values(4), values(4, 7)),
        _flat("nodes", values(5), values(5, 1)),
        stack(2, 3, 2, 5),
        stack(3, 3, 4, 2),
        _flat("types", np.round(4 * values(5)), draw.normal(size=(5, 3)), whole=("inputs",)),
        _flat("types", values(5), draw.normal(size=(5, 3)), single=("inputs", "weights")),
    ]


def large(factor: int) -> Case:
    """Return many inputs and few nodes."""
    draw = stream(0, "examiner: large", 24)
    return _flat("efficient", draw.normal(size=400 * factor), draw.normal(size=(400 * factor, 5)))


def large_stack(factor: int) -> Case:
    """Return a stack of two maps: a loop over maps, or over rows, is none over elements."""
    draw, shape = stream(0, "examiner: large", 24), (20 * factor, 20, 2)
    arrays = {"inputs": draw.normal(size=shape), "weights": draw.normal(size=(*shape, 5))}
    return Case("efficient", "stack", arrays, {"inputs": "HWC", "weights": "HWCU"})


def large_output(factor: int) -> Case:
    """Return few inputs and many nodes, each of which is an element of the output."""
    draw, nodes = stream(0, "examiner: large", 24), 40 * factor
    return _flat("efficient", draw.normal(size=6), draw.normal(size=(6, nodes)))


_WEIGHTS: dict[str, Callable[[Array], Array]] = {
    "a column for each node": lambda w: w.reshape(-1, w.shape[-1]),
    "a row for each node": lambda w: w.reshape(-1, w.shape[-1]).T,
}


def _form(inputs: str, weights: str) -> ArgumentForm:
    ways: dict[str, Callable[[Array], Array]] = {
        "as they are": lambda x: x,
        "a batch of one": lambda x: x[None],
        "a column": lambda x: x.reshape(-1, 1),
        "channels first": lambda x: np.moveaxis(x, -1, 0),
    }

    def give(case: Case) -> dict[str, Any]:
        w = argument(case, "weights")
        if inputs == "channels first":
            w = np.moveaxis(w, 2, 0)  # (H, W, C, U) -> (C, H, W, U)
        return {"inputs": ways[inputs](argument(case, "inputs")), "weights": _WEIGHTS[weights](w)}

    def take(raw: Any, case: Case) -> Array:
        y = np.asarray(raw)
        return y.reshape(-1) if y.size == case.extent("U") else y

    return ArgumentForm(f"inputs {inputs}, {weights}", give, take)


def _ravelled(order: tuple[int, ...]) -> Callable[[Case], Array]:
    """Return the layer that lays a stack out with its axes in another order: the weights do not mind."""

    def compute(case: Case) -> Array:
        x, w = case.arrays["inputs"], case.arrays["weights"]
        x = x.transpose(order) if case.kind == "stack" else x
        return x.ravel() @ w.reshape(-1, w.shape[-1])

    return compute


def _right(case: Case) -> Array:
    return _ravelled((0, 1, 2))(case)


def _reshaped(case: Case) -> Array:
    w = case.arrays["weights"].reshape(-1, case.extent("U"))
    return case.arrays["inputs"].ravel() @ w.T.reshape(w.shape)


def _reshaped_rows(case: Case) -> Array:
    w = case.arrays["weights"].reshape(-1, case.extent("U"))
    return case.arrays["inputs"].ravel() @ w.reshape(w.shape[::-1]).T


def _of_first_map(case: Case) -> Array:
    x, w = case.arrays["inputs"], case.arrays["weights"]
    return _right(case) if x.ndim == 1 else x[..., 0].ravel() @ w[:, :, 0].reshape(-1, w.shape[-1])


RESHAPED = (
    "The weights are reshaped where they should be transposed: reshape keeps the numbers in reading order "
    "and mixes the nodes up; .T swaps rows and columns."
)
APPROACHES = [
    Approach("laid out row by row, the channels of a pixel side by side", _right),
    *[
        Approach(f"a stack is laid out by its axes in the order {order}", _ravelled(order))
        for order in itertools.permutations(range(3))
        if order != (0, 1, 2)
    ],
    Approach("weights reshaped", _reshaped, RESHAPED, ("values",)),
    Approach("weights reshaped", _reshaped_rows, RESHAPED, ("values",)),
    Approach(
        "rectified",
        lambda c: np.maximum(_right(c), 0),
        "Negative values are cut off: rectification is a step of its own.",
        ("values",),
    ),
    Approach(
        "softmax",
        lambda c: np.exp(_right(c)) / np.exp(_right(c)).sum(),
        "Softmax is taken here already: it is a step of its own (question 25).",
        ("values",),
    ),
    Approach(
        "mean instead of sum",
        lambda c: _right(c) / c.arrays["inputs"].size,
        "Each node takes the mean of its weighted inputs: it should take their sum.",
        ("values",),
    ),
    Approach(
        "no sum",
        lambda c: c.arrays["inputs"].reshape(-1, 1) * c.arrays["weights"].reshape(-1, c.extent("U")),
        "Inputs and weights are multiplied but not summed: each node is ONE number, Σ input × weight (use "
        "@).",
        ("values",),
    ),
    Approach(
        "no sum",
        lambda c: (c.arrays["inputs"].reshape(-1, 1) * c.arrays["weights"].reshape(-1, c.extent("U"))).T,
        "Inputs and weights are multiplied but not summed: each node is ONE number, Σ input × weight (use "
        "@).",
        ("values",),
    ),
    Approach(
        "first map only",
        _of_first_map,
        "Only the first map of the stack is linked to the nodes: lay the whole stack out flat.",
        ("stacks",),
    ),
    Approach(
        "one node",
        lambda c: _right(c).sum(keepdims=True),
        "All nodes are summed into one number: keep one number for each node.",
        ("nodes",),
    ),
    Approach(
        "first node only", lambda c: _right(c)[:1], "Only the first node's value comes back.", ("nodes",)
    ),
    Approach(
        "fractions cut off",
        lambda c: np.trunc(_right(c)) if c.whole else _right(c),
        "For whole numbers the fractions are cut off: make the result an array of floats.",
        ("types",),
    ),
]


def _links_all(case: Case, answer: Array, own: Own) -> bool:
    """Return whether a stack is answered as the same values laid out flat are, in any order."""
    x, w = case.arrays["inputs"], case.arrays["weights"]
    flat = (
        _flat("stacks", x.transpose(order).ravel(), w.transpose(*order, 3).reshape(-1, w.shape[-1]))
        for order in itertools.permutations(range(3))
    )
    return any(alike(answer, own(one)) for one in flat)


_STACKS = ("as they are", "a batch of one", "channels first")
EXAM = Exam(
    find_question(24),
    ROLES,
    {
        "bias": [lambda case: np.zeros(case.extent("U"))],
        "b": [lambda case: np.zeros(case.extent("U"))],
        "n": [lambda case: case.extent("U")],
        "out": [lambda case: case.extent("U")],
        "unit": [lambda case: case.extent("U")],
        "activation": [None, "linear"],
        "seed": [0],
    },
    cases,
    {
        "flat": [_form(i, w) for i in ("as they are", "a batch of one", "a column") for w in _WEIGHTS],
        "stack": [_form(i, w) for i in _STACKS for w in _WEIGHTS],
    },
    APPROACHES,
    large,
    "D",
    large_stack=large_stack,
    large_output=large_output,
    suspects=SUSPECTS,
    relations={"stacks": _links_all},
    advice=lambda approach: f"A stack is flattened thus: {approach.name}.",
)
