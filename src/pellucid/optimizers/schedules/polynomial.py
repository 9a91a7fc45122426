"""Polynomial decay between two rates."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from pellucid.optimizers.schedules.base import RATE, STEPS, LearningRateSchedule


class PolynomialDecay(LearningRateSchedule):
    """(initial - end) · (1 - step / decay_steps) ^ power + end, then constant at the end rate.

    Parameters
    ----------
    initial_learning_rate, end_learning_rate
        The rates at step 0 and at step ``decay_steps``.
    decay_steps
        Number of steps of the decay.
    power
        1 for a straight line.
    cycle
        Whether to restart with ``decay_steps`` twice, three times, … as long, instead of staying at the end
        rate.
    name
        As in Keras; has no effect.

    Raises
    ------
    ArgumentError
        When a number is negative or not finite, or ``decay_steps`` is 0.

    Examples
    --------
    >>> PolynomialDecay(0.5, decay_steps=100, end_learning_rate=0.25)(50)
    0.375
    """

    options: ClassVar[tuple[str, ...]] = (
        "initial_learning_rate",
        "decay_steps",
        "end_learning_rate",
        "power",
        "cycle",
        "name",
    )

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
        **unknown: Any,
    ) -> None:
        super().__init__(**unknown)
        self.initial_learning_rate = self._number("initial_learning_rate", initial_learning_rate, RATE)
        self.decay_steps = self._number("decay_steps", decay_steps, STEPS)
        self.end_learning_rate = self._number("end_learning_rate", end_learning_rate, RATE)
        self.power = self._number("power", power, "[0, inf)")
        self.cycle = bool(cycle)
        self.name = name

    def __call__(self, step: int) -> float:
        """Return the learning rate after ``step`` steps."""
        decay_steps = self.decay_steps
        if self.cycle:
            decay_steps *= max(1, math.ceil(step / decay_steps))
        share: float = (1 - min(step, decay_steps) / decay_steps) ** self.power
        return (self.initial_learning_rate - self.end_learning_rate) * share + self.end_learning_rate
