"""Question 24 for a function that is told the number of output nodes and draws the weights itself.

Its values are random, so what is examined is what must hold whatever the weights: it is linear, every input
reaches every node, and there are as many nodes as were asked for.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from pellucid.core.randomness import stream
from pellucid.errors import ArgumentError
from pellucid.examiner.calling import Call, bindings, invoke, reseed, show
from pellucid.examiner.cases import ArgumentForm, Array, Case
from pellucid.examiner.efficiency import measure
from pellucid.examiner.exams import fully_connected, maps
from pellucid.examiner.exams.checks import Checks
from pellucid.examiner.marks import QuestionResult, nothing
from pellucid.examiner.questions import find_question
from pellucid.examiner.student_errors import describe_exception
from pellucid.examiner.submission import plain_name

NODES = (
    *(
        "nodes",
        "n",
        "nnodes",
        "numnodes",
        "outputnodes",
        "noutputs",
        "noutput",
        "nout",
        "numoutputs",
        "outputs",
        "units",
    ),
    *("outputsize", "outsize", "size", "numberofnodes", "k", "noutputnodes", "numoutputnodes", "neurons"),
)


EXTRAS: dict[str, list[Any]] = {
    "bias": [lambda case: np.zeros(case.options["nodes"])],
    "seed": [0],
    "activation": [None, "linear"],
    "=b": [lambda case: np.zeros(case.options["nodes"])],
}


def _counts_nodes(name: str) -> bool:
    """Return whether a parameter is the number of nodes."""
    return name in NODES or any(word in name for word in ("node", "neuron", "unit", "noutput", "outputs"))


def draws_its_weights(function: Callable[..., Any]) -> bool:
    """Return whether a function takes inputs and a number of nodes, and no weights.

    Examples
    --------
    >>> draws_its_weights(lambda maps, n_nodes: None), draws_its_weights(lambda x, w: None)
    (True, False)
    """
    try:
        names = [plain_name(name) for name in inspect.signature(function).parameters]
    except (TypeError, ValueError):
        return False
    return any(map(_counts_nodes, names)) and not any(
        name in fully_connected.ROLES["weights"] for name in names
    )


def examine(function: Callable[..., Any], source: str, seed: int) -> QuestionResult:
    """Examine such a function against the criteria of question 24."""
    draw, checks = stream(seed, "examiner", 24), Checks(find_question(24))
    counting = tuple(
        name for name in map(plain_name, inspect.signature(function).parameters) if _counts_nodes(name)
    )
    try:
        parameters = next(bindings({"inputs": maps.NAMES, "nodes": counting}, EXTRAS, function))
    except ArgumentError as error:
        return nothing(24, "failed", f"It cannot be called: {error}.")
    form = ArgumentForm(
        "inputs and a number of nodes",
        lambda case: {"inputs": case.arrays["inputs"], "nodes": case.options["nodes"]},
        lambda raw, _: _sums(raw),
    )
    call = Call(function, parameters, form)
    touched = False

    def at(inputs: Array, nodes: int) -> Array:
        nonlocal touched
        reseed(function, seed)  # the same weights again
        raw, changed = invoke(function, *call.split(call.values(_case(inputs, nodes))))
        touched |= bool(changed)
        return _sums(raw)

    try:
        x, z = draw.normal(size=6), draw.normal(size=6)
        linear = np.allclose(at(x + z, 4) + at(0 * x, 4), at(x, 4) + at(z, 4)) and bool(at(x, 4).any())
        again = np.array_equal(at(x, 4), at(x, 4))
        fine = linear if again else _is_linear_on_average(at, x)
        checks.check("values", fine, _not_linear(again), "not linear")
        sizes = {nodes: at(x, nodes).size for nodes in (1, 4, 7)}
        wrong = next((nodes for nodes, size in sizes.items() if size != nodes), 0)
        checks.check(
            "nodes",
            not wrong,
            f"Asked for {wrong} nodes, it returns {sizes.get(wrong)} numbers.",
            "number of nodes",
        )
        stack = draw.normal(size=(3, 4, 2))
        unlinked = (_unlinked if again else _never_linked)(lambda inputs: at(inputs, 3), stack)
        checks.check(
            "stacks",
            unlinked is None,
            f"The value at {unlinked} of a stack {stack.shape} can change without every node changing.",
            "not linked",
        )
        whole = at(np.array([3, 1, 2, 5]), 4)
        fractions = np.abs(at(np.array([3.0, 1, 2, 5]), 4) - whole).max() < 1e-6 if again else whole % 1
        checks.check(
            "types",
            bool(np.any(fractions)),
            f"For whole numbers it gives something else: {show(whole)}.",
            "types",
        )
    except (Exception, SystemExit) as error:
        words = describe_exception(error)
        checks.lost(checks.next(), f"{words[0].upper()}{words[1:]}.", "stops")
        return checks.done(getattr(function, "__name__", "fully_connected"))
    checks.check(
        "untouched", not touched, "It changes its input in place: work on a copy or a new array.", "in place"
    )
    small, large = (_case(draw.normal(size=(20 * factor, 20, 2)), 5) for factor in (1, 2))
    found = measure(call, _reference, small, large, "HWC", source)
    if found.ok:
        few, many = (_case(draw.normal(size=(3, 2, 1)), 40 * factor) for factor in (1, 2))
        found = measure(call, _reference, few, many, "U", source, "output nodes")
    checks.check("efficient", found.ok, found.says, "loops" if found.loops else "slow")
    return checks.done(
        getattr(function, "__name__", "fully_connected"),
        (
            "It draws its weights itself, so that values were examined by linearity. New weights at every "
            "call cannot be learned: take them as an argument.",
        ),
    )


def _case(inputs: Array, nodes: int) -> Case:
    arrays = {"inputs": inputs, "nodes": np.zeros(nodes)}  # the second gives the axis of nodes its length
    return Case("values", "", arrays, {"inputs": "HWC"[: inputs.ndim], "nodes": "U"}, {"nodes": nodes})


def _reference(case: Case) -> Array:
    flat = case.arrays["inputs"].ravel()
    return np.asarray(flat @ np.ones((flat.size, case.options["nodes"])))


def _not_linear(again: bool) -> str:
    if not again:
        return (
            "New weights are drawn at every call, and the sums do not grow with the inputs, as weighted "
            "sums do. "
            "Take the weights as an argument, fully_connected(inputs, weights), so that they can be learned."
        )
    return (
        "It is not linear: f(x + z) + f(0) is not f(x) + f(z), as it is for every sum of weighted inputs "
        "(plus a bias). Rectification and softmax are steps of their own."
    )


def _is_linear_on_average(at: Callable[[Array, int], Array], x: Array) -> bool:
    """Return whether a layer with new weights at every call grows with its input, up to a bias."""
    zero = at(0 * x, 400)
    plain, tripled = (at(factor * x, 400) - zero for factor in (1, 3))
    both_signs = bool((plain > 0).any() and (plain < 0).any())
    return both_signs and bool(2.2 < tripled.std() / plain.std() < 4) if plain.any() else False


def _never_linked(run: Callable[[Array], Array], stack: Array) -> list[int] | None:
    """Return the place of a value that leaves some node at 0 when it is the only one that is not 0."""
    for place in np.ndindex(stack.shape):
        alone = np.zeros(stack.shape)
        alone[place] = 1
        if (run(alone) == run(0 * stack)).any():
            return list(place)
    return None


def _sums(raw: Any) -> Array:
    """Return the nodes' sums; where weights are returned as well, the first is taken."""
    first = raw[0] if isinstance(raw, tuple) and raw and np.ndim(raw[0]) else raw
    return np.asarray(first, dtype=float).reshape(-1)


def _unlinked(run: Callable[[Array], Array], stack: Array) -> list[int] | None:
    """Return the place of a value that some node does not depend on."""
    here = run(stack)
    for place in np.ndindex(stack.shape):
        moved = stack.copy()
        moved[place] += 1
        if (run(moved) == here).any():
            return list(place)
    return None
