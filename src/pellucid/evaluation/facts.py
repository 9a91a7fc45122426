"""Recorded facts of two runs that may be compared, and those that may not: seconds, and training accuracy.

Seconds are comparable on one machine with the same threads and packages; the first epoch carries start-up
cost and is kept apart. A training accuracy that Keras keeps while it trains is a running mean, with dropout
on and the weights still moving; it is not comparable with one measured after the epoch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from pellucid.core.wording.plurals import counted
from pellucid.errors import DataError
from pellucid.evaluation.comparison import p_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What must be equal in two environments for their seconds to mean the same.
MACHINE = ("platform", "cpu", "threads", "python", "blas", "compiled_kernels", "packages")


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
    """Seconds of run ``b`` over those of ``a``, or the reasons why they say nothing.

    ``ratio`` is None where there are reasons; ``p_value`` is that of Mann and Whitney's test.
    """

    a: str
    b: str
    ratio: float | None
    p_value: float | None
    reasons: tuple[str, ...]

    def sentence(self) -> str:
        """Say in plain words which run takes longer, or why that cannot be told."""
        if self.ratio is None or self.p_value is None:
            reasons = "; ".join(self.reasons)
            return f"The seconds of {self.a} and {self.b} are not comparable: {reasons}."
        test = f"{p_text(self.p_value)}, Mann-Whitney, first epoch apart"
        if self.p_value > 0.05:
            runs = f"{self.a} and {self.b}"
            return f"No difference in seconds per epoch of {runs} is seen beyond noise ({test})."
        if not 0.5 < self.ratio < 2:
            slow, fast = (self.b, self.a) if self.ratio > 1 else (self.a, self.b)
            times = max(self.ratio, 1 / self.ratio)
            return f"An epoch of {slow} takes {times:.1f} times as long as one of {fast} ({test})."
        size = f"{100 * abs(self.ratio - 1):.1f} %"
        more = f"{size} longer" if self.ratio > 1 else f"{size} less long"
        return f"An epoch of {self.b} takes {more} than one of {self.a} ({test})."


def epoch_seconds(seconds: Sequence[float]) -> EpochSeconds:
    """Return the first epoch's seconds apart from the median of the later ones.

    >>> print(epoch_seconds([9.0, 5.0, 5.2, 4.9]))
    5 s an epoch (median of 3; the first took 9 s)
    """
    times = [float(one) for one in seconds]
    if not times or not all(np.isfinite(one) and one >= 0 for one in times):
        raise DataError(
            f"seconds must be one number of 0 or more for each epoch; received seconds={seconds!r}."
        )
    later = tuple(times[1:])
    return EpochSeconds(times[0], float(np.median(later)) if later else times[0], later)


def compare_seconds(
    a: str,
    seconds_a: Sequence[float],
    environment_a: Mapping[str, Any],
    b: str,
    seconds_b: Sequence[float],
    environment_b: Mapping[str, Any],
) -> SecondsCompared:
    """Compare seconds per epoch where the environments allow it; else say why not.

    Medians of the epochs after the first; whether they differ is asked of Mann and Whitney's rank test.

    >>> laptop, server = {"cpu": "laptop", "threads": 2}, {"cpu": "server", "threads": 2}
    >>> compare_seconds("A", [9, 5.0, 5.1], laptop, "B", [4, 3.0, 3.1], server).sentence()
    "The seconds of A and B are not comparable: cpu differs ('laptop' and 'server')."
    >>> steady = [9, 5.0, 5.1, 5.2, 5.0, 5.1]
    >>> compare_seconds("A", steady, laptop, "B", [2 * one for one in steady], laptop).sentence()
    'An epoch of B takes 2.0 times as long as one of A (p = 0.011, Mann-Whitney, first epoch apart).'
    """
    one, other = epoch_seconds(seconds_a), epoch_seconds(seconds_b)
    reasons = [
        f"{name} differs ({_short(environment_a.get(name))} and {_short(environment_b.get(name))})"
        for name in MACHINE
        if environment_a.get(name) != environment_b.get(name)
    ]
    reasons += [
        f"{name} has {counted(len(times.later), 'epoch')} after its first, and two are needed"
        for name, times in ((a, one), (b, other))
        if len(times.later) < 2
    ]
    if reasons:
        return SecondsCompared(a, b, None, None, tuple(reasons))
    p_value = float(stats.mannwhitneyu(one.later, other.later).pvalue)
    return SecondsCompared(a, b, other.median / one.median, p_value, ())


def training_measure(history: Mapping[str, Sequence[float]]) -> str | None:
    """Return how the training accuracy of a history was measured; None where it was not.

    >>> training_measure({"accuracy": [0.9], "val_accuracy": [0.95]})
    'running mean'
    >>> training_measure({"accuracy": [0.9], "train_accuracy": [0.94]})
    'after the epoch'
    """
    if history.get("train_accuracy"):
        return "after the epoch"
    return "running mean" if history.get("accuracy") else None


def training_accuracies_differ_in_kind(
    a: str, history_a: Mapping[str, Sequence[float]], b: str, history_b: Mapping[str, Sequence[float]]
) -> str | None:
    """Return the reason why the training accuracies of two histories are not comparable; None where they are.

    >>> training_accuracies_differ_in_kind("A", {"accuracy": [0.9]}, "B", {"train_accuracy": [0.94]})
    'The training accuracies of A and B are not comparable: that of A is a running mean over the epoch, with
    dropout on and the weights still moving; that of B was measured after the epoch.'
    """
    words = {
        "running mean": "is a running mean over the epoch, with dropout on and the weights still moving",
        "after the epoch": "was measured after the epoch",
        None: "was not recorded",
    }
    kinds = training_measure(history_a), training_measure(history_b)
    if kinds[0] == kinds[1] and kinds[0] is not None:
        return None
    return (
        f"The training accuracies of {a} and {b} are not comparable: that of {a} {words[kinds[0]]}; "
        f"that of {b} {words[kinds[1]]}."
    )


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
