"""Cosine decay, with an optional warm-up."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from pellucid.optimizers.schedules.base import RATE, STEPS, LearningRateSchedule


class CosineDecay(LearningRateSchedule):
    """Half a cosine wave from the initial rate down to ``alpha`` times it, after an optional warm-up.

    The wave is that of Loshchilov & Hutter 2016 (SGDR), without restarts; the linear warm-up is that of Goyal
    et al. 2017.

    Parameters
    ----------
    initial_learning_rate
        The rate at step 0.
    decay_steps
        Number of steps of the decay.
    alpha
        Share of the highest rate that is left at the end.
    name
        As in Keras; has no effect.
    warmup_target
        The rate at the end of the warm-up, where the decay starts; None for no warm-up.
    warmup_steps
        Number of steps of the warm-up, before the first of ``decay_steps``.

    Raises
    ------
    ArgumentError
        When a number is negative or not finite, or ``decay_steps`` is 0.

    Examples
    --------
    >>> round(CosineDecay(0.1, decay_steps=100)(50), 6)
    0.05
    >>> CosineDecay(0.0, decay_steps=100, warmup_target=0.5, warmup_steps=10)(5)
    0.25
    """

    options: ClassVar[tuple[str, ...]] = (
        "initial_learning_rate",
        "decay_steps",
        "alpha",
        "name",
        "warmup_target",
        "warmup_steps",
    )

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: float = 0,
        **unknown: Any,
    ) -> None:
        super().__init__(**unknown)
        self.initial_learning_rate = self._number("initial_learning_rate", initial_learning_rate, RATE)
        self.decay_steps = self._number("decay_steps", decay_steps, STEPS)
        self.alpha = self._number("alpha", alpha, "[0, inf)")
        self.name = name
        self.warmup_target = (
            None if warmup_target is None else self._number("warmup_target", warmup_target, RATE)
        )
        self.warmup_steps = self._number("warmup_steps", warmup_steps, "[0, inf)")

    def __call__(self, step: int) -> float:
        """Return the learning rate after ``step`` steps."""
        if self.warmup_target is None:
            return self.initial_learning_rate * self._wave(step)
        if step < self.warmup_steps:
            climb = self.warmup_target - self.initial_learning_rate
            return self.initial_learning_rate + climb * step / self.warmup_steps
        return self.warmup_target * self._wave(step - self.warmup_steps)

    def _wave(self, step: float) -> float:
        """Return the current share of the highest rate: 1 at step 0, ``alpha`` from ``decay_steps`` on."""
        falling = 0.5 * (1 + math.cos(math.pi * min(step, self.decay_steps) / self.decay_steps))
        return (1 - self.alpha) * falling + self.alpha
