"""Calls a function twice with the same arguments, others between, to find out whether it remembers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pellucid.examiner.attempts import moved
from pellucid.examiner.calling import Call, CallResult, show
from pellucid.examiner.cases import Case
from pellucid.examiner.slips import kept_state


@dataclass(frozen=True)
class Memory:
    """A case that was answered in two ways."""

    case: Case
    first: CallResult
    second: CallResult

    def text(self) -> str:
        """Return both answers."""
        return " then ".join(
            answer.error if answer.array is None else show(answer.array)
            for answer in (self.first, self.second)
        )


def remembered(call: Call, case: Case, is_right: Callable[[Case, CallResult], bool]) -> Memory | None:
    """Return what shows that a function remembers earlier calls or draws random numbers; else None."""
    between = moved(case)
    first, other, second = call(case), call(between), call(case)
    if not _equal(first, second):
        return Memory(case, first, second)
    if is_right(case, first) and _equal(first, other) and not is_right(between, other):
        return Memory(between, first, other)
    return None


def says(call: Call, source: str) -> str:
    """Return the words on a function that remembers."""
    hint = kept_state(source, getattr(call.function, "__name__", ""))
    return (
        "The second call with the same arguments gives another result than the first: something is kept from "
        f"one call to the next, or drawn at random. {hint}"
    ).strip()


def _equal(one: CallResult, other: CallResult) -> bool:
    if one.array is None or other.array is None:
        return one.array is other.array
    if one.array.dtype.kind not in "biufc" or other.array.dtype.kind not in "biufc":
        return True
    return one.array.shape == other.array.shape and bool(np.allclose(one.array, other.array, equal_nan=True))
