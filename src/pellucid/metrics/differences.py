"""Metrics of the distance between outputs and labels."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from pellucid.core.labels import Array, like_outputs, mean_of_rest
from pellucid.metrics.base import Metric


class MeanSquaredError(Metric):
    """The mean, over an image's outputs, of the squared difference to the labels.

    Examples
    --------
    >>> MeanSquaredError()([[1.0, 0.0]], [[0.5, 0.0]])
    0.125
    """

    aliases: ClassVar[tuple[str, ...]] = ("mse",)

    def __init__(self, name: str = "mean_squared_error", **unknown: Any) -> None:
        super().__init__(name, **unknown)

    def values(self, labels: Array, outputs: Array) -> Array:
        """Return the mean squared error of each image, (n,)."""
        return mean_of_rest(np.square(outputs - like_outputs(labels, outputs)))


class MeanAbsoluteError(Metric):
    """The mean, over an image's outputs, of the absolute difference to the labels.

    Examples
    --------
    >>> MeanAbsoluteError()([[1.0, 0.0]], [[0.5, 0.0]])
    0.25
    """

    aliases: ClassVar[tuple[str, ...]] = ("mae",)

    def __init__(self, name: str = "mean_absolute_error", **unknown: Any) -> None:
        super().__init__(name, **unknown)

    def values(self, labels: Array, outputs: Array) -> Array:
        """Return the mean absolute error of each image, (n,)."""
        return mean_of_rest(np.abs(outputs - like_outputs(labels, outputs)))
