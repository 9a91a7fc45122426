"""Optimizers: update rules of the parameters, with Keras's names, defaults and formulas.

Schedules of the learning rate are in :mod:`pellucid.optimizers.schedules`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pellucid.core.keras.modules import lacking
from pellucid.core.registry import Identifier, Registry
from pellucid.optimizers import schedules
from pellucid.optimizers.adadelta import Adadelta
from pellucid.optimizers.adam import Adam, AdamW
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.rmsprop import RMSprop
from pellucid.optimizers.sgd import SGD

OptimizerLike: TypeAlias = Identifier[Optimizer]


def get(identifier: OptimizerLike) -> Optimizer:
    """Return the optimizer for a name, class, description or object.

    Raises
    ------
    UnknownNameError
        For an unknown name; the message suggests the nearest.
    ArgumentError
        For anything else.

    Examples
    --------
    >>> get("rmsprop")
    RMSprop(learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-07, centered=False, weight_decay=None,
    name='rmsprop')
    >>> get({"class_name": "SGD", "config": {"learning_rate": 0.5}}).learning_rate
    0.5
    """
    return _OPTIMIZERS.get(identifier)


def serialize(optimizer: Optimizer) -> dict[str, Any]:
    """Return the JSON-able description of ``optimizer``, without its state, for :func:`get`.

    Examples
    --------
    >>> serialize(SGD(0.5))["config"]["learning_rate"]
    0.5
    """
    return _OPTIMIZERS.serialize(optimizer)


def deserialize(config: dict[str, Any]) -> Optimizer:
    """Return the optimizer from a description by :func:`serialize`, of pellucid or of Keras.

    Examples
    --------
    >>> deserialize(serialize(SGD(0.5))).learning_rate
    0.5
    """
    return _OPTIMIZERS.get(config)


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

_OPTIMIZERS: Registry[Optimizer] = Registry("optimizer", "keras.optimizers", Optimizer, globals(), "adam")

if not TYPE_CHECKING:  # so that type checkers still report names that are not there
    __getattr__ = lacking(__name__)
