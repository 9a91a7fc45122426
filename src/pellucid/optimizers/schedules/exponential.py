"""Exponential decay."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from pellucid.optimizers.schedules.base import RATE, STEPS, LearningRateSchedule


class ExponentialDecay(LearningRateSchedule):
    """initial · decay_rate ^ (step / decay_steps).

    Parameters
    ----------
    initial_learning_rate
        The rate at step 0.
    decay_steps
        Number of steps after which the rate has been multiplied by ``decay_rate`` once.
    decay_rate
        The factor.
    staircase
        Whether to multiply only every ``decay_steps`` steps, instead of gradually.
    name
        As in Keras; has no effect.

    Raises
    ------
    ArgumentError
        When a number is negative or not finite, or ``decay_steps`` is 0.

    Examples
    --------
    >>> ExponentialDecay(0.1, decay_steps=100, decay_rate=0.5)(200)
    0.025
    """

    options: ClassVar[tuple[str, ...]] = (
        "initial_learning_rate",
        "decay_steps",
        "decay_rate",
        "staircase",
        "name",
    )

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        name: str = "ExponentialDecay",
        **unknown: Any,
    ) -> None:
        super().__init__(**unknown)
        self.initial_learning_rate = self._number("initial_learning_rate", initial_learning_rate, RATE)
        self.decay_steps = self._number("decay_steps", decay_steps, STEPS)
        self.decay_rate = self._number("decay_rate", decay_rate, "[0, inf)")
        self.staircase = bool(staircase)
        self.name = name

    def __call__(self, step: int) -> float:
        """Return the learning rate after ``step`` steps."""
        decays = step / self.decay_steps
        return self.initial_learning_rate * self.decay_rate ** (
            math.floor(decays) if self.staircase else decays
        )
