"""Losses: how wrong the network is about each image, as one number, and the gradient of that number.

The engine computes a loss per micro-batch: ``values`` are the losses of its images, ``gradient`` is the
gradient of their sum. Where a network ends in a softmax, a cross-entropy joins it (``joins_softmax``): values
and gradient are then taken from the scores before the softmax, where nothing can overflow, as Keras on
TensorFlow does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pellucid.core.keras.modules import lacking
from pellucid.core.registry import Identifier, Registry
from pellucid.errors import ArgumentError
from pellucid.losses.base import Loss
from pellucid.losses.cross_entropy import (
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from pellucid.losses.squared_error import MeanSquaredError, mean_squared_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from pellucid.core.labels import Array

    LossLike: TypeAlias = Identifier[Loss] | Callable[..., Array]


def get(identifier: LossLike) -> Loss:
    """Return the loss that a name, class, description, function of this module, or object means.

    Raises
    ------
    UnknownNameError
        For a name that is not known; the nearest one is offered.
    ArgumentError
        For anything else; a function of your own has no gradient here.

    Examples
    --------
    >>> get("mse"), get(categorical_crossentropy)
    (MeanSquaredError(name='mean_squared_error'),
     CategoricalCrossentropy(from_logits=False, label_smoothing=0.0, name='categorical_crossentropy'))
    """
    if isinstance(identifier, Loss | type) or not callable(identifier):
        return _LOSSES.get(identifier)
    known = _LOSSES.class_of(identifier)
    if known is None:
        raise ArgumentError(
            "loss takes no function of your own, because its gradient is not known: write a subclass of "
            f"pellucid.losses.Loss, with values and gradient. Received: loss={identifier!r}"
        )
    return _LOSSES.get(known)


def serialize(loss: Loss) -> dict[str, Any]:
    """Return the JSON-able description of ``loss``, from which :func:`get` makes it again.

    Examples
    --------
    >>> serialize(MeanSquaredError())["class_name"]
    'MeanSquaredError'
    """
    return _LOSSES.serialize(loss)


__all__ = [
    "CategoricalCrossentropy",
    "Loss",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "categorical_crossentropy",
    "get",
    "mean_squared_error",
    "serialize",
    "sparse_categorical_crossentropy",
]

_LOSSES: Registry[Loss] = Registry("loss", "keras.losses", Loss, globals(), "categorical_crossentropy")

if not TYPE_CHECKING:  # so that type checkers still report names that are not there
    __getattr__ = lacking(__name__)
