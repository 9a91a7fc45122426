"""Forms for functions of one map or a stack of maps, shared by questions 21 to 23."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pellucid.examiner.cases import ArgumentForm, Array, Case, argument

NAMES = (
    "maps",
    "map",
    "x",
    "input",
    "inputs",
    "inputmap",
    "inputmaps",
    "inp",
    "image",
    "images",
    "img",
    "im",
    "data",
    "featuremap",
    "featuremaps",
    "fmap",
    "fmaps",
    "matrix",
    "array",
    "arr",
    "a",
    "z",
    "fm",
    "stack",
)

_WAYS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "as it is": (lambda x: x, lambda y: y),
    "channels first": (lambda x: np.moveaxis(x, -1, 0), lambda y: np.moveaxis(y, 0, -1)),
    "batch of one": (lambda x: x[None], lambda y: y[0]),
    "batch of one, channels first": (
        lambda x: np.moveaxis(x, -1, 0)[None],
        lambda y: np.moveaxis(y[0], 0, -1),
    ),
    "one channel last": (lambda x: x[..., None], lambda y: y[..., 0]),
    "batch of one with a channel": (lambda x: x[None, ..., None], lambda y: y[0, ..., 0]),
}
FOR_A_MAP = ("as it is", "one channel last", "batch of one", "batch of one with a channel")
FOR_A_STACK = ("as it is", "channels first", "batch of one", "batch of one, channels first")


def forms(kind: str, more: Callable[[Case], dict[str, Any]] = lambda _: {}) -> list[ArgumentForm]:
    """Return the forms of a function of maps; ``more`` are its other arguments."""

    def form(name: str) -> ArgumentForm:
        there, back = _WAYS[name]
        return ArgumentForm(
            name,
            lambda case: {"maps": there(argument(case, "maps")), **more(case)},
            lambda raw, _: back(np.asarray(raw)),
        )

    return [form(name) for name in (FOR_A_MAP if kind == "map" else FOR_A_STACK)]
