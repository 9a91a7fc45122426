"""Initial values of parameters: Keras's initializers, by the same rules.

Weights are drawn with a variance that keeps the scale of values and gradients about the same from layer to
layer; it depends on the number of inputs of each output (fan in) and of outputs of each input (fan out).

Every initializer is called with a shape and a generator, ``initializer((3, 3, 1, 32), generator)``, and
returns float64.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pellucid.core.keras.modules import lacking
from pellucid.core.registry import Identifier, Registry
from pellucid.initializers.base import Initializer
from pellucid.initializers.constants import Constant, Ones, Zeros
from pellucid.initializers.distributions import RandomNormal, RandomUniform, TruncatedNormal
from pellucid.initializers.variance_scaling import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    VarianceScaling,
)

InitializerLike: TypeAlias = Identifier[Initializer]


def get(identifier: InitializerLike) -> Initializer:
    """Return the initializer for a name, class, description or object.

    Raises
    ------
    UnknownNameError
        For an unknown name; the message suggests the nearest.
    ArgumentError
        For anything else.

    Examples
    --------
    >>> get("he_normal"), get(Zeros), get({"class_name": "Constant", "config": {"value": 0.1}})
    (HeNormal(seed=None), Zeros(), Constant(value=0.1))
    """
    return _INITIALIZERS.get(identifier)


def serialize(initializer: Initializer) -> dict[str, Any]:
    """Return the JSON-able description of ``initializer``, from which :func:`get` can recreate it.

    Examples
    --------
    >>> serialize(Constant(0.1))["config"]
    {'value': 0.1}
    """
    return _INITIALIZERS.serialize(initializer)


__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "get",
    "serialize",
]

_INITIALIZERS: Registry[Initializer] = Registry(
    "initializer", "keras.initializers", Initializer, globals(), "glorot_uniform"
)

if not TYPE_CHECKING:  # so that type checkers still report names that are not there
    __getattr__ = lacking(__name__)
