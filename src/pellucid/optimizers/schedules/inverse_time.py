"""Inverse-time decay."""

from __future__ import annotations

import math
from typing import Any

from pellucid.optimizers.schedules.exponential import ExponentialDecay


class InverseTimeDecay(ExponentialDecay):
    """initial / (1 + decay_rate · step / decay_steps).

    With ``decay_steps=1`` this is what the optimizers' old argument ``decay`` did. The arguments are those of
    :class:`ExponentialDecay`.

    Examples
    --------
    >>> InverseTimeDecay(0.1, decay_steps=1, decay_rate=0.01)(100)
    0.05
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        name: str = "InverseTimeDecay",
        **unknown: Any,
    ) -> None:
        super().__init__(initial_learning_rate, decay_steps, decay_rate, staircase, name, **unknown)

    def __call__(self, step: int) -> float:
        """Return the learning rate after ``step`` steps."""
        decays = step / self.decay_steps
        return self.initial_learning_rate / (
            1 + self.decay_rate * (math.floor(decays) if self.staircase else decays)
        )
