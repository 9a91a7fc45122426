"""Possible causes of wrong values in a fully connected layer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pellucid.examiner.cases import Array, Case, Suspect
from pellucid.examiner.exams.suspects.changes import Right, afterwards


def _products(case: Case) -> tuple[Array, Array]:
    """Return inputs (D, 1) and weights (D, U)."""
    return case.arrays["inputs"].reshape(-1, 1), case.arrays["weights"].reshape(-1, case.extent("U"))


def _of_products(compute: Callable[[Array, Array], Array]) -> Callable[[Case, Right], Array]:
    return lambda case, _: np.asarray(compute(*_products(case)))


SUSPECTS = [
    Suspect(
        "last input left out",
        _of_products(lambda x, w: (x[:-1] * w[:-1]).sum(axis=0)),
        "The last input is left out: does a loop or slice end one too early?",
    ),
    Suspect(
        "first input left out",
        _of_products(lambda x, w: (x[1:] * w[1:]).sum(axis=0)),
        "The first input is left out: does a loop or slice begin at 1?",
    ),
    Suspect(
        "opposite order",
        _of_products(lambda x, w: (x[::-1] * w).sum(axis=0)),
        "The inputs are multiplied with the weights in the opposite order, the first input with the last "
        "weight.",
    ),
    Suspect(
        "largest product",
        _of_products(lambda x, w: (x * w).max(axis=0)),
        "Each node takes the largest of its weighted inputs: it should take their sum.",
    ),
    Suspect(
        "added",
        _of_products(lambda x, w: (x + w).sum(axis=0)),
        "Inputs and weights are added: each input is multiplied with its weight, then the products are "
        "summed.",
    ),
    Suspect(
        "weights summed",
        _of_products(lambda x, w: x.sum() * w.sum(axis=0)),
        "The sum of the inputs is multiplied with the sum of the weights: multiply each with its own first.",
    ),
    Suspect(
        "last product",
        _of_products(lambda x, w: x[-1] * w[-1]),
        "Only the last product of each node is kept: add them up (+= in place of =).",
    ),
    Suspect(
        "sigmoid",
        afterwards(lambda y, _: 1 / (1 + np.exp(-y))),
        "A sigmoid is taken here already: the layer gives the plain sums, and an activation is a step of "
        "its own.",
    ),
    Suspect(
        "tanh",
        afterwards(lambda y, _: np.tanh(y)),
        "tanh is taken here already: the layer gives the plain sums, and an activation is a step of its own.",
    ),
    Suspect(
        "squares",
        _of_products(lambda x, w: (x**2 * w).sum(axis=0)),
        "The inputs are squared: each input is multiplied with its weight as it is.",
    ),
    Suspect(
        "sum of all nodes for each",
        afterwards(lambda y, _: np.full_like(y, y.sum())),
        "Every node has the sum of all nodes: sum over the inputs (axis=0 of inputs × weights) only.",
    ),
    Suspect(
        "sum goes on",
        afterwards(lambda y, _: np.cumsum(y)),
        "The sum goes on from one node to the next: begin each node with 0.",
    ),
    Suspect(
        "maps averaged",
        lambda c, _: (
            c.arrays["inputs"].mean(axis=2).ravel()
            @ c.arrays["weights"].mean(axis=2).reshape(-1, c.extent("U"))
        ),
        "The maps of the stack are averaged before the nodes are linked: each node is linked to every "
        "value of "
        "every map.",
    ),
]
