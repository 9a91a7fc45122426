"""Finds a small input that still fails: shortens axes, then simplifies values, in a fixed order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from pellucid.examiner.cases import Case

SECONDS = 1.5  # a slow function is shrunk less far
TRIES = 400


def shrink(case: Case, fails: Callable[[Case], bool]) -> Case:
    """Return the smallest case found that still fails.

    Examples
    --------
    >>> case = Case("values", "", {"maps": np.arange(12.0).reshape(3, 4)}, {"maps": "HW"})
    >>> shrink(case, lambda c: c.arrays["maps"].max() >= 3).arrays["maps"].size
    1
    """
    end, tries = time.monotonic() + SECONDS, 0
    while True:
        for smaller in _smaller(case):
            tries += 1
            if tries > TRIES or time.monotonic() > end:
                return case
            if fails(smaller):
                case = smaller
                break
        else:
            return case


def _smaller(case: Case) -> Iterator[Case]:
    yield from _shorter(case)
    yield from _plainer(case)


def _shorter(case: Case) -> Iterator[Case]:
    """Yield the case with one axis shortened: halved, or by one, at either end."""
    letters = sorted(set("".join(case.axes.values())))
    for letter in letters:
        extent = case.extent(letter)
        if extent == 1:
            continue
        halves = [slice(0, extent // 2), slice(extent // 2, extent)] if extent > 3 else []
        for part in [*halves, slice(0, extent - 1), slice(1, extent)]:
            arrays = {
                name: array[tuple(part if axis == letter else slice(None) for axis in case.axes[name])]
                for name, array in case.arrays.items()
            }
            yield case.with_arrays(arrays)
    for name, value in case.options.items():
        if isinstance(value, int) and value > 2:
            yield replace(case, options={**case.options, name: value - 1})


def _plainer(case: Case) -> Iterator[Case]:
    """Yield the case with plainer values: whole numbers, then single zeros and ones."""
    for name, array in case.arrays.items():
        if not np.array_equal(array, np.round(array)):
            yield case.with_arrays({**case.arrays, name: np.round(array) + 0.0})
            yield case.with_arrays({**case.arrays, name: np.sign(array) * np.ceil(np.abs(array)) + 0.0})
    for name, array in case.arrays.items():
        if array.size > 40:
            continue
        for place in np.ndindex(array.shape):
            for plain in (0.0, 1.0):
                if array[place] != plain and (plain == 0.0 or array[place] != 0.0):
                    changed = array.copy()
                    changed[place] = plain
                    yield case.with_arrays({**case.arrays, name: changed})
