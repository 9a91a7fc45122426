"""The base class of all metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from pellucid.core.labels import Array, as_labels, as_outputs
from pellucid.core.serializable import Serializable

if TYPE_CHECKING:
    from collections.abc import Mapping


class Metric(Serializable):
    """The base class of all metrics; a subclass defines ``values``.

    Parameters
    ----------
    name
        Its key in the history.
    """

    options: ClassVar[tuple[str, ...]] = ("name",)
    neutral: ClassVar[Mapping[str, Any]] = {"dtype": None}

    def __init__(self, name: str, **unknown: Any) -> None:
        super().__init__(**unknown)
        self.name = name

    def values(self, labels: Array, outputs: Array) -> Array:
        """Return the value of each image, (n,)."""
        raise NotImplementedError

    def __call__(self, y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> float:
        """Return the mean over the images; unlike in Keras, nothing is kept between calls.

        Examples
        --------
        >>> from pellucid.metrics import CategoricalAccuracy
        >>> CategoricalAccuracy()([[0, 1], [0, 1]], [[0.4, 0.6], [0.7, 0.3]])
        0.5
        """
        return float(np.mean(self.values(as_labels(y_true), as_outputs(y_pred))))
