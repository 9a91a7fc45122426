"""Activation functions, by name: ``activation="relu"``."""

from __future__ import annotations

from typing import Any

from pellucid import functions
from pellucid.errors import ArgumentError, UnknownNameError, nearest

__all__ = ["linear", "relu", "softmax"]

NAMES = ("linear", "relu", "softmax")


def name_of(activation: Any) -> str:
    """Return the name that stands for ``activation``: a name, None (linear), or one of the functions here.

    Examples
    --------
    >>> name_of(None), name_of("relu"), name_of(relu)
    ('linear', 'relu', 'relu')
    """
    if activation is None:
        return "linear"
    name = activation if isinstance(activation, str) else getattr(activation, "__name__", None)
    if name is None:
        raise ArgumentError(
            f"An activation is one of {', '.join(NAMES)}. Received: activation={activation!r}"
        )
    if name not in NAMES:
        raise UnknownNameError(f"There is no activation {name!r}: {nearest(name, NAMES)}")
    return str(name)


def linear(values: Any) -> Any:
    """Return the values as they are."""
    return values


def relu(values: Any) -> Any:
    """Return the values with the negative ones set to zero; see :func:`pellucid.functions.relu`."""
    return functions.relu(values)


def softmax(values: Any) -> Any:
    """Return probabilities over the last axis; see :func:`pellucid.functions.softmax`."""
    return functions.softmax(values)
