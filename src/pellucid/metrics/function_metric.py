"""A metric defined by a function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.core.labels import Array, mean_of_rest
from pellucid.errors import ArgumentError, ShapeError
from pellucid.metrics.base import Metric

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class FunctionMetric(Metric):
    """A function of labels and outputs that returns a value for each image.

    Parameters
    ----------
    function
        Called with the labels and outputs of n images; returns n values, or (n, …), which are averaged per
        image.
    name
        Key in the history; by default the function's name.

    Examples
    --------
    >>> def certainty(y_true, y_pred):
    ...     return y_pred.max(axis=-1)
    >>> FunctionMetric(certainty).name
    'certainty'
    """

    def __init__(
        self, function: Callable[[Array, Array], Any], name: str | None = None, **unknown: Any
    ) -> None:
        own_name: str = getattr(function, "__name__", type(function).__name__)
        super().__init__(name or own_name, **unknown)
        self.function = function

    def values(self, labels: Array, outputs: Array) -> Array:
        """Return the function's value for each image, (n,)."""
        values = np.asarray(self.function(labels, outputs))
        if values.ndim == 0 or len(values) != len(outputs):
            raise ShapeError(
                f"the metric {self.name} returns one value for each image, shape ({len(outputs)},). "
                f"Received: shape={values.shape}"
            )
        return mean_of_rest(values)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> FunctionMetric:
        """Raise: a function is not saved."""
        raise ArgumentError(
            "A metric that is a function is not saved with the network: compile the network again with it. "
            f"Received: name={config.get('name')!r}"
        )
