"""Possible causes of wrong values in max pooling."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pellucid.examiner.cases import Array, Case, Suspect
from pellucid.examiner.exams.suspects.changes import Right
from pellucid.functions import max_pool


def _by_window(reduce: Callable[[Array], Array]) -> Callable[[Case, Right], Array]:
    """Return a pooling that takes something else from each window, (n * n, …) -> (…)."""

    def compute(case: Case, _: Right) -> Array:
        x, n = case.arrays["maps"], case.options["window"]
        H, W = x.shape[0] // n, x.shape[1] // n
        windows = np.moveaxis(x[: H * n, : W * n].reshape(H, n, W, n, *x.shape[2:]), 2, 1)
        return np.asarray(reduce(np.moveaxis(windows.reshape(H, W, n * n, *x.shape[2:]), 2, 0)))

    return compute


def _windows_at(
    start: Callable[[int, int], int], size: Callable[[int], int]
) -> Callable[[Case, Right], Array]:
    """Return a pooling whose windows begin elsewhere, or have another size."""

    def compute(case: Case, _: Right) -> Array:
        x, n = case.arrays["maps"], case.options["window"]
        H, W = x.shape[0] // n, x.shape[1] // n
        out = np.zeros((H, W, *x.shape[2:]))
        for i, j in np.ndindex(H, W):
            a, b = start(i, n), start(j, n)
            out[i, j] = x[a : a + size(n), b : b + size(n)].max(axis=(0, 1))
        return out

    return compute


def _one_short(case: Case, right: Right) -> Array:
    """Return a pooling without the last window of an axis that divides evenly."""
    x, n = case.arrays["maps"], case.options["window"]
    return right(case)[: (x.shape[0] - 1) // n, : (x.shape[1] - 1) // n]


def _rounded_up(case: Case, _: Right) -> Array:
    """Return a pooling with room for one window more where the extent does not divide, left at 0."""
    pooled = max_pool(case.arrays["maps"], case.options["window"])
    n = case.options["window"]
    wanted = [-(-size // n) for size in case.arrays["maps"].shape[:2]]
    more = [(0, want - have) for want, have in zip(wanted, pooled.shape[:2], strict=True)]
    return np.pad(pooled, [*more, *[(0, 0)] * (pooled.ndim - 2)])


LAST = (
    "The last window of a row and of a column is missing: range(0, H - extent, extent) stops one window "
    "early. "
    "It should be range(0, H - extent + 1, extent), or H // extent windows."
)
SUSPECTS = [
    Suspect(
        "sum",
        _by_window(lambda w: w.sum(axis=0)),
        "It takes the sum of each window: max pooling takes the largest value.",
    ),
    Suspect(
        "median",
        _by_window(lambda w: np.median(w, axis=0)),
        "It takes the median of each window: max pooling takes the largest value.",
    ),
    Suspect(
        "first value",
        _by_window(lambda w: w[0]),
        "It takes the first value of each window, as a plain step through the map does: take the largest.",
    ),
    Suspect(
        "last value",
        _by_window(lambda w: w[-1]),
        "It takes the last value of each window: does each pixel overwrite the one before? Keep the largest.",
    ),
    Suspect(
        "argmax",
        _by_window(lambda w: w.argmax(axis=0)),
        "It gives the position of the largest value (argmax): give the value itself (max).",
    ),
    Suspect(
        "range",
        _by_window(lambda w: w.max(axis=0) - w.min(axis=0)),
        "It takes the largest minus the smallest value of each window (ptp): take the largest alone.",
    ),
    Suspect(
        "starts at i",
        _windows_at(lambda i, n: i, lambda n: n),
        "The windows begin at i and j, not at i * window and j * window, so that they overlap and the end of "
        "the map is never looked at.",
    ),
    Suspect(
        "starts at 2 i",
        _windows_at(lambda i, n: 2 * i, lambda n: n),
        "The windows begin at 2 * i and 2 * j, whatever the extent: it should be i * window and j * window.",
    ),
    Suspect(
        "too small",
        _windows_at(lambda i, n: i * n, lambda n: n - 1),
        "Each window is one row and column too small: the end of a slice is not part of it, so that it is "
        "i * window : (i + 1) * window.",
    ),
    Suspect(
        "too large",
        _windows_at(lambda i, n: i * n, lambda n: n + 1),
        "Each window is one row and column too large: the end of a slice is not part of it, so that it is "
        "i * window : (i + 1) * window.",
    ),
    Suspect("one window short", _one_short, LAST),
    Suspect("one window short", lambda case, right: right(case)[:-1, :-1], LAST),
    Suspect(
        "rounded up",
        _rounded_up,
        "The size of the output is rounded up (ceil), but the last windows are never filled and stay 0: "
        "round "
        "down (H // extent), or fill them.",
    ),
    Suspect(
        "transposed",
        lambda case, right: np.swapaxes(right(case), 0, 1),
        "The result is transposed: rows and columns are swapped.",
    ),
    Suspect(
        "rows only",
        lambda case, _: max_pool(case.arrays["maps"], (case.options["window"], 1)),
        "The maximum is taken down the rows only: a window spans rows and columns, axis=(1, 3) or both "
        "loops.",
    ),
    Suspect(
        "columns only",
        lambda case, _: max_pool(case.arrays["maps"], (1, case.options["window"])),
        "The maximum is taken along the columns only: a window spans rows and columns.",
    ),
]
