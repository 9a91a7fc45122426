"""The functions of Exercise 3 as code, and the comparison of their results with the known answers."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pellucid.lab.document import Section

IMPORTS = ("import numpy as np", "from numpy.lib.stride_tricks import sliding_window_view")


def function_code(*functions: Callable[..., Any]) -> str:
    """Return the source of functions with the imports that they use, ready to be run as a cell.

    Examples
    --------
    >>> from pellucid.lab.functions_by_hand import relu
    >>> print(function_code(relu).splitlines()[2])
    def relu(maps: np.ndarray) -> np.ndarray:
    """
    source = "\n\n\n".join(inspect.getsource(function).rstrip() for function in functions)
    imports = [line for line in IMPORTS if f"{line.split()[-1]}" in source]
    return "\n".join([*imports, "", source])


def say_distance(q: Section, name: str, found: Any, known: Any, given: str) -> None:
    """Say how far a result is from the known answer, to the places that the answer is given in."""
    apart = float(np.abs(np.asarray(found) - np.asarray(known)).max())
    q.record(**{name: {"apart": apart, "values": np.asarray(found).ravel().tolist()}})
    if apart:
        q.say(f"The known answer is {given}; the result differs from it by at most {apart:.1e}.")
    else:
        q.say(f"That is the known answer, {given}, exactly.")
