"""Optimizers, by Keras's names: ``pellucid.optimizers.Adam(0.001)``."""

from __future__ import annotations

from pellucid.optimizers import schedules
from pellucid.training.optimizers import (
    SGD,
    Adadelta,
    Adam,
    AdamW,
    Optimizer,
    RMSprop,
    deserialize,
    get,
    serialize,
)

__all__ = [
    "SGD",
    "Adadelta",
    "Adam",
    "AdamW",
    "Optimizer",
    "RMSprop",
    "deserialize",
    "get",
    "schedules",
    "serialize",
]
