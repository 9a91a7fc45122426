"""Activation functions, by name: ``activation="relu"``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pellucid import functions
from pellucid.core.keras.modules import lacking
from pellucid.core.keras.values import instead_of
from pellucid.errors import ArgumentError, UnknownNameError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pellucid.functions.arrays import ArrayLike, Floats

    ActivationLike: TypeAlias = str | Callable[..., object] | None

__all__ = ["linear", "relu", "softmax"]

NAMES = tuple(__all__)  # each but linear is the kind of a layer in layers/activation.py


def name_of(activation: ActivationLike) -> str:
    """Return the name that stands for ``activation``: a name, None (linear), or one of the functions here.

    Raises
    ------
    UnknownNameError
        For another name or function; the nearest name is offered.
    ArgumentError
        For anything else.

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
        slip = str(name).lower() in NAMES
        offer = (not slip and instead_of("activation", str(name))) or nearest(str(name).lower(), NAMES)
        raise UnknownNameError(f"There is no activation {name!r}: {offer}")
    return str(name)


def linear(values: ArrayLike) -> ArrayLike:
    """Return the values as they are.

    Examples
    --------
    >>> linear([-1.0, 2.0])
    [-1.0, 2.0]
    """
    return values


def relu(values: ArrayLike) -> Floats:
    """Return the values with the negative ones set to zero; see :func:`pellucid.functions.relu`.

    Examples
    --------
    >>> relu([-1.0, 2.0])
    array([0., 2.])
    """
    return functions.relu(values)


def softmax(values: ArrayLike) -> Floats:
    """Return probabilities over the last axis; see :func:`pellucid.functions.softmax`.

    Examples
    --------
    >>> softmax([0.0, 0.0])
    array([0.5, 0.5])
    """
    return functions.softmax(values)


if not TYPE_CHECKING:  # so that type checkers still report names that are not there
    __getattr__ = lacking(__name__)
