"""The base of all losses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from pellucid.core.labels import Array, as_labels, as_outputs
from pellucid.core.serializable import Serializable
from pellucid.errors import ShapeError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Loss(Serializable):
    """The base of all losses; your own defines ``values`` and ``gradient``.

    Labels and outputs have the n images of a micro-batch on their first axis.
    """

    joins_softmax: ClassVar[bool] = False
    takes_integers: ClassVar[bool] = False  # labels (n,), the number of each image's class
    takes_distributions: ClassVar[bool] = False  # labels (n, U) whose rows sum to 1
    neutral: ClassVar[Mapping[str, Any]] = {"reduction": "sum_over_batch_size", "axis": -1, "dtype": None}
    name: str

    def values(self, labels: Array, outputs: Array) -> Array:
        """Return the loss of each image, (n,)."""
        raise NotImplementedError

    def gradient(self, labels: Array, outputs: Array) -> Array:
        """Return d(sum of the values)/d(outputs), of the shape of the outputs."""
        raise NotImplementedError

    def __call__(
        self, y_true: npt.ArrayLike, y_pred: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None
    ) -> float:
        """Return the mean loss over the images, each first multiplied by its weight if there are weights.

        Raises
        ------
        ShapeError
            When labels, outputs and weights do not belong together.

        Examples
        --------
        >>> from pellucid.losses import MeanSquaredError
        >>> MeanSquaredError()([[1.0, 0.0]], [[0.5, 0.5]])
        0.25
        """
        values = self.values(as_labels(y_true), as_outputs(y_pred))
        if sample_weight is None:
            return float(np.mean(values))
        weights = np.asarray(sample_weight)
        if weights.shape != values.shape:
            raise ShapeError(
                f"sample_weight has one number for each image, shape {values.shape}. "
                f"Received: sample_weight.shape={weights.shape}"
            )
        return float(np.mean(values * weights))
