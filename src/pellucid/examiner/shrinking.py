"""Finds a smaller input that still fails, and keeps it general: the cause of a mistake must stay visible.

Axes are shortened, but not below two, and an image that is not square stays so; values become plain whole
numbers, but different values stay different.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from pellucid.examiner.cases import Array, Case

SECONDS = 1.5  # a slow function is shrunk less far
TRIES = 400
SHORTEST = 2  # elements of an axis: with one, transposing, summing and averaging cannot be told apart


def shrink(case: Case, fails: Callable[[Case], bool]) -> Case:
    """Return the smallest case found that still fails and is as general as the one given.

    Examples
    --------
    >>> case = Case("values", "", {"maps": np.arange(12.0).reshape(3, 4) - 5}, {"maps": "HW"})
    >>> shrink(case, lambda c: c.arrays["maps"].max() >= 2).arrays["maps"]
    array([[-6., -4., -2.],
           [ 0.,  1.,  3.]])
    """
    end, tries, oblong = time.monotonic() + SECONDS, 0, _oblong(case)
    while True:
        for smaller in _smaller(case):
            if not oblong <= _oblong(smaller):
                continue
            tries += 1
            if tries > TRIES or time.monotonic() > end:
                return case
            if fails(smaller):
                case = smaller
                break
        else:
            return case


def generality(case: Case) -> int:
    """Return how much a case can show: the more values differ, and the fewer arrays are square, the more."""
    return (1 + len(_oblong(case))) * sum(len(np.unique(array)) for array in case.arrays.values())


def _oblong(case: Case) -> set[str]:
    """Return the pairs of axes that differ in length."""
    letters = "".join(case.axes.values())
    pairs = [pair for pair in ("HW", "RS", "DU", "NU") if set(pair) <= set(letters)]
    return {pair for pair in pairs if case.extent(pair[0]) != case.extent(pair[1])}


def _smaller(case: Case) -> Iterator[Case]:
    yield from _shorter(case)
    yield from _plainer(case)


def _shorter(case: Case) -> Iterator[Case]:
    """Yield the case with one axis shortened: halved, or by one, at either end."""
    letters = sorted(set("".join(case.axes.values())))
    for letter in letters:
        extent = case.extent(letter)
        if extent <= SHORTEST:
            continue
        halves = [slice(0, extent // 2), slice(extent // 2, extent)] if extent > 3 else []
        for cut in [*halves, slice(0, extent - 1), slice(1, extent)]:
            arrays = {
                name: array[tuple(cut if axis == letter else slice(None) for axis in case.axes[name])]
                for name, array in case.arrays.items()
            }
            yield case.with_arrays(arrays)
    for name, value in case.options.items():
        if isinstance(value, int) and value > SHORTEST:
            yield replace(case, options={**case.options, name: value - 1})


def _plainer(case: Case) -> Iterator[Case]:
    """Yield the case with plainer values: small whole numbers in the same order, else rounded."""
    for name, array in case.arrays.items():
        for plain in (_ranked(array), np.round(array) + 0.0, np.round(array, 1) + 0.0):
            kept = len(np.unique(plain)) == len(np.unique(array))
            if kept and not np.array_equal(plain, array):
                yield case.with_arrays({**case.arrays, name: plain})
            if kept:
                break


def _ranked(array: Array) -> Array:
    """Return -4, -2, 0, 1, 3, 5, … in the order of the values: signs, zeros and equal values are kept.

    No two of them have the same size, so that a turned sign cannot be taken for a flip.
    """
    values, places = np.unique(array, return_inverse=True)
    below, above = values[values < 0], values[values > 0]
    middle = [0.0] * int((values == 0).any())
    ranks = np.concatenate([-2.0 * np.arange(len(below), 0, -1), middle, 2.0 * np.arange(len(above)) + 1])
    return ranks[places].reshape(array.shape)
