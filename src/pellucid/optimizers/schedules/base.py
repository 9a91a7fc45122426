"""The base class of all learning-rate schedules."""

from __future__ import annotations

from typing import Any

from pellucid.core.arguments import real_number
from pellucid.core.serializable import Serializable

RATE = "[0, inf)"
STEPS = "(0, inf)"


class LearningRateSchedule(Serializable):
    """The base of all schedules; a subclass defines ``__call__``, and ``options`` if it is to be saved."""

    def __call__(self, step: int) -> float:
        """Return the learning rate after ``step`` steps."""
        raise NotImplementedError

    def _number(self, name: str, value: Any, interval: str) -> float:
        return real_number(type(self).__name__, name, value, interval)
