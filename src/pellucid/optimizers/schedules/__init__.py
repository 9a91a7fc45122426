"""Learning-rate schedules: Keras's, with the same names, arguments and formulas.

A schedule is called with the number of training steps taken so far, starting at 0, and returns the rate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pellucid.core.keras.modules import lacking
from pellucid.core.registry import Registry
from pellucid.optimizers.schedules.base import LearningRateSchedule
from pellucid.optimizers.schedules.cosine import CosineDecay
from pellucid.optimizers.schedules.exponential import ExponentialDecay
from pellucid.optimizers.schedules.inverse_time import InverseTimeDecay
from pellucid.optimizers.schedules.piecewise import PiecewiseConstantDecay
from pellucid.optimizers.schedules.polynomial import PolynomialDecay


def serialize(learning_rate_schedule: LearningRateSchedule) -> dict[str, Any]:
    """Return the JSON-able description of a schedule, from which :func:`deserialize` can recreate it.

    Examples
    --------
    >>> serialize(CosineDecay(0.1, 100))["class_name"]
    'CosineDecay'
    """
    return _SCHEDULES.serialize(learning_rate_schedule)


def deserialize(config: dict[str, Any]) -> LearningRateSchedule:
    """Return the schedule from a description by :func:`serialize`, of pellucid or of Keras.

    Raises
    ------
    UnknownNameError
        When the class is unknown; the message suggests the nearest.

    Examples
    --------
    >>> deserialize(serialize(CosineDecay(0.1, decay_steps=100)))(0)
    0.1
    """
    return _SCHEDULES.get(config)


__all__ = [
    "CosineDecay",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "deserialize",
    "serialize",
]

_SCHEDULES: Registry[LearningRateSchedule] = Registry(
    "schedule", "keras.optimizers.schedules", LearningRateSchedule, globals(), "exponential_decay"
)

if not TYPE_CHECKING:  # so that type checkers still report names that are not there
    __getattr__ = lacking(__name__)
