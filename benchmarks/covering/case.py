"""One interval, test or guarantee in one world, and how often it does what it says."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pellucid.evaluation import Estimate

Generator = np.random.Generator
Trial = Callable[[Generator], bool]
TOLERANCE = 0.01


@dataclass(frozen=True)
class Case:
    """An interval, a test or a guarantee in one world; ``trial`` says what happened in one repeat.

    ``kind`` is "covers" (nominal is the least share of repeats) or "errs" (nominal is the most).
    """

    what: str
    world: str
    kind: str
    nominal: float
    trial: Trial


@dataclass(frozen=True)
class Result:
    """The share of repeats in which the trial was true."""

    case: Case
    share: float
    repeats: int

    @property
    def kept(self) -> bool:
        """Whether the promise is kept, as far as the simulation can tell."""
        noise = 2.6 * math.sqrt(self.case.nominal * (1 - self.case.nominal) / self.repeats)
        short = self.case.nominal - self.share
        return (short if self.case.kind == "covers" else -short) <= TOLERANCE + noise


def simulate(case: Case, repeats: int, seed: int = 0) -> Result:
    """Return how often the trial of a case is true."""
    generator = np.random.default_rng(seed)
    return Result(case, sum(case.trial(generator) for _ in range(repeats)) / repeats, repeats)


def holds(estimate: Estimate, truth: float) -> bool:
    """Return whether an interval holds the truth."""
    return estimate.low - 1e-12 <= truth <= estimate.high + 1e-12
