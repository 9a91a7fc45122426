"""Comparing the training times of two runs, and when that is invalid.

Seconds are comparable on one machine with the same threads and packages. The first epoch includes start-up
cost and is kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pellucid.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What must be equal in two environments for their seconds to mean the same.
MACHINE = ("platform", "cpu", "threads", "python", "blas", "compiled_kernels", "packages")


@dataclass(frozen=True)
class TimedRun:
    """The seconds of each epoch of a run, and its ``environment``: what it ran on, by name (``MACHINE``).

    Examples
    --------
    >>> TimedRun("mnist-cnn", [9.0, 5.0], {"cpu": "laptop"}).name
    'mnist-cnn'
    """

    name: str
    seconds: Sequence[float]
    environment: Mapping[str, object]


@dataclass(frozen=True)
class EpochSeconds:
    """Seconds per epoch: the ``first``, with its start-up cost, and the ``median`` of the ``later`` ones."""

    first: float
    median: float
    later: tuple[float, ...]

    def __str__(self) -> str:
        if not self.later:
            return f"{self.first:.3g} s (one epoch, start-up included)"
        return (
            f"{self.median:.3g} s an epoch (median of {len(self.later)}; the first took {self.first:.3g} s)"
        )


@dataclass(frozen=True)
class SecondsCompared:
    """Seconds of run ``b`` over those of ``a``, or why they cannot be compared.

    ``ratio`` is that of the medians, ``low`` and ``high`` that of the fastest epoch of b to the slowest of a,
    and the other way round. All are None where the environments differ (``differing``: name, value of a,
    value of b) or a run has fewer than two epochs after its first (``too_short``: the run and how many it
    has). There is no p-value: the epochs of one run are not independent, and the same network run twice
    differs as well (T. Kalibera and R. Jones (2013), "Rigorous benchmarking in reasonable time", ISMM).
    """

    a: str
    b: str
    ratio: float | None
    low: float | None
    high: float | None
    differing: tuple[tuple[str, object, object], ...] = ()
    too_short: tuple[tuple[str, int], ...] = ()


def epoch_seconds(seconds: Sequence[float]) -> EpochSeconds:
    """Return the first epoch's seconds apart from the median of the later ones.

    Examples
    --------
    >>> print(epoch_seconds([9.0, 5.0, 5.2, 4.9]))
    5 s an epoch (median of 3; the first took 9 s)
    """
    times = [float(one) for one in seconds]
    if not times or not all(np.isfinite(one) and one >= 0 for one in times):
        raise DataError(
            f"seconds must be one number of 0 or more for each epoch. Received: seconds={seconds!r}"
        )
    later = tuple(times[1:])
    return EpochSeconds(times[0], float(np.median(later)) if later else times[0], later)


def compare_seconds(a: TimedRun, b: TimedRun) -> SecondsCompared:
    """Compare seconds per epoch where the environments allow it; else say why not.

    Medians of the epochs after the first, with the range of the ratio from epoch to epoch.

    Examples
    --------
    >>> laptop, server = {"cpu": "laptop", "threads": 2}, {"cpu": "server", "threads": 2}
    >>> a = TimedRun("A", [9, 5.0, 5.1, 5.2, 5.0, 5.1], laptop)
    >>> compare_seconds(a, TimedRun("B", [4, 3.0, 3.1], server)).differing
    (('cpu', 'laptop', 'server'),)
    >>> compare_seconds(a, TimedRun("B", [2 * one for one in a.seconds], laptop)).ratio
    2.0
    """
    one, other = epoch_seconds(a.seconds), epoch_seconds(b.seconds)
    facts = ((name, a.environment.get(name), b.environment.get(name)) for name in MACHINE)
    differing = tuple((name, here, there) for name, here, there in facts if here != there)
    too_short = tuple(
        (run.name, len(times.later)) for run, times in ((a, one), (b, other)) if len(times.later) < 2
    )
    if differing or too_short:
        return SecondsCompared(a.name, b.name, None, None, None, differing, too_short)
    low, high = (
        fast / slow if slow else float("inf")
        for fast, slow in ((min(other.later), max(one.later)), (max(other.later), min(one.later)))
    )
    return SecondsCompared(a.name, b.name, other.median / one.median, low, high)
