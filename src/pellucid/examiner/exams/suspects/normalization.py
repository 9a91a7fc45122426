"""Possible causes of wrong values in normalisation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pellucid.examiner.cases import Array, Case, Suspect
from pellucid.examiner.exams.suspects.changes import Right


def _normalised(
    compute: Callable[[Array, Array, Array], Array],
) -> Callable[[Case, Right], Array]:
    """Return another formula of a map, its mean and its deviation; constant maps have the deviation 1."""

    def computed(case: Case, _: Right) -> Array:
        x = case.arrays["maps"]
        mean, deviation = x.mean(axis=(0, 1), keepdims=True), x.std(axis=(0, 1), keepdims=True)
        return np.asarray(compute(x, mean, np.where(deviation == 0, 1, deviation)))

    return computed


def _largest(x: Array) -> Array:
    return np.asarray(x.max(axis=(0, 1), keepdims=True))


SUSPECTS = [
    Suspect(
        "brackets",
        _normalised(lambda x, m, s: x - m / s),
        "Only the mean is divided by the deviation: x - m / s divides first. Set brackets, (x - m) / s.",
    ),
    Suspect(
        "multiplied",
        _normalised(lambda x, m, s: (x - m) * s),
        "It multiplies by the standard deviation: divide by it.",
    ),
    Suspect(
        "added",
        _normalised(lambda x, m, s: (x + m) / s),
        "The mean is added: it should be taken off, x - mean.",
    ),
    Suspect(
        "swapped",
        _normalised(lambda x, m, s: (m - x) / s),
        "The sign is turned: it should be x - mean, not mean - x.",
    ),
    Suspect(
        "median",
        _normalised(lambda x, m, s: (x - np.median(x, axis=(0, 1), keepdims=True)) / s),
        "The median is taken off: it should be the mean.",
    ),
    Suspect(
        "absolute deviation",
        _normalised(lambda x, m, s: (x - m) / np.abs(x - m).mean(axis=(0, 1), keepdims=True)),
        "It divides by the mean absolute deviation: the standard deviation is the square root of the mean "
        "square, np.std.",
    ),
    Suspect(
        "no mean of squares",
        _normalised(lambda x, m, s: (x - m) / np.sqrt(((x - m) ** 2).sum(axis=(0, 1), keepdims=True))),
        "It divides by the root of the sum of squares: the standard deviation is the root of their mean.",
    ),
    Suspect(
        "length",
        _normalised(lambda x, m, s: x / np.sqrt((x**2).sum(axis=(0, 1), keepdims=True))),
        "The map is divided by its length, the root of its sum of squares: the lab asks for mean 0 and "
        "standard "
        "deviation 1, (x - mean) / std.",
    ),
    Suspect(
        "largest",
        _normalised(lambda x, m, s: x / _largest(x)),
        "The map is divided by its largest value: the lab asks for mean 0 and standard deviation 1.",
    ),
    Suspect(
        "sum",
        _normalised(lambda x, m, s: x / x.sum(axis=(0, 1), keepdims=True)),
        "The map is divided by its sum: the lab asks for mean 0 and standard deviation 1.",
    ),
    Suspect(
        "range",
        _normalised(lambda x, m, s: (x - m) / (_largest(x) + _largest(-x))),
        "It divides by the range, largest minus smallest: divide by the standard deviation.",
    ),
    Suspect(
        "-1 to 1",
        _normalised(lambda x, m, s: 2 * (x + _largest(-x)) / (_largest(x) + _largest(-x)) - 1),
        "It stretches the map to -1 … 1: the lab asks for mean 0 and standard deviation 1.",
    ),
    Suspect(
        "root of the deviation",
        _normalised(lambda x, m, s: (x - m) / np.sqrt(s)),
        "It divides by the square root of the standard deviation: np.std is the root of the variance "
        "already.",
    ),
    Suspect(
        "deviation of the whole stack",
        _normalised(lambda x, m, s: (x - m) / x.std()),
        "It divides by the standard deviation of the whole stack: each map has its own, axis=(0, 1).",
    ),
    Suspect(
        "mean of the whole stack",
        _normalised(lambda x, m, s: (x - x.mean()) / s),
        "The mean of the whole stack is taken off: each map has its own, axis=(0, 1).",
    ),
    *[
        Suspect(
            f"epsilon of {epsilon:g}",
            _normalised(lambda x, m, s, e=epsilon: (x - m) / (s + e)),  # type: ignore[misc]  # mypy does not see defaults of a lambda
            f"{epsilon:g} is added to the deviation, too much: the values shrink. A number like 1e-8 is "
            "enough.",
        )
        for epsilon in (1.0, 0.1)
    ],
    *[
        Suspect(
            f"epsilon of {epsilon:g} in the root",
            _normalised(lambda x, m, s, e=epsilon: (x - m) / np.sqrt(s**2 + e)),  # type: ignore[misc]  # mypy does not see defaults of a lambda
            f"{epsilon:g} is added to the variance, too much: the values shrink. A number like 1e-8 is "
            "enough.",
        )
        for epsilon in (1.0, 0.1)
    ],
    Suspect(
        "ones for a constant map",
        lambda case, right: np.ones_like(right(case)),
        "A constant map becomes ones: all its values are the mean, so that it should become zeros.",
    ),
    Suspect(
        "a constant map stays",
        lambda case, _: case.arrays["maps"],
        "A constant map comes back as it is: all its values are the mean, so that it should become zeros.",
    ),
]
