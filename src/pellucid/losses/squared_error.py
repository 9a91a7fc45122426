"""The mean squared error."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from pellucid.core.labels import Array, like_outputs, mean_of_rest
from pellucid.losses.base import Loss, values_of


class MeanSquaredError(Loss):
    """The mean, over an image's outputs, of the squared difference.

    Examples
    --------
    >>> MeanSquaredError().values(np.array([[1.0, 0.0]]), np.array([[0.5, 0.0]]))
    array([0.125])
    """

    aliases: ClassVar[tuple[str, ...]] = ("mse",)
    options: ClassVar[tuple[str, ...]] = ("name",)

    def __init__(self, *, name: str = "mean_squared_error", **unknown: Any) -> None:
        super().__init__(**unknown)
        self.name = name

    def values(self, labels: Array, outputs: Array) -> Array:
        """Return the loss of each image, (n,)."""
        return mean_of_rest(np.square(outputs - like_outputs(labels, outputs)))

    def gradient(self, labels: Array, outputs: Array) -> Array:
        """Return 2 (output - label) / (number of outputs of an image)."""
        d_outputs = outputs - like_outputs(labels, outputs)
        d_outputs *= 2 / math.prod(outputs.shape[1:])
        return d_outputs


def mean_squared_error(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Array:
    """Return the mean squared error of each image, (n,), or of one image (U,).

    Examples
    --------
    >>> mean_squared_error([[1.0, 0.0]], [[0.5, 0.0]])
    array([0.125])
    """
    return values_of(MeanSquaredError(), y_true, y_pred)
