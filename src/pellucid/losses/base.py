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

    @property
    def objective(self) -> str:
        """The loss in words, with what changes its values, such as smoothed labels.

        Examples
        --------
        >>> from pellucid.losses import CategoricalCrossentropy
        >>> CategoricalCrossentropy(label_smoothing=0.2).objective
        'categorical crossentropy, labels smoothed by 0.2'
        """
        return self.name.replace("_", " ")

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

        ``sample_weight`` is one number, or one for each image, (n,) or (n, 1). Labels and outputs without the
        axis of images, (U,), are those of one image.

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
        values = np.atleast_1d(values_of(self, y_true, y_pred))
        if sample_weight is None:
            return float(np.mean(values))
        return float(np.mean(values * _weights(sample_weight, len(values))))


def values_of(loss: Loss, y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Array:
    """Return the loss of each image, (n,), or of a single one, outputs (U,), without axes.

    Examples
    --------
    >>> from pellucid.losses import MeanSquaredError
    >>> float(values_of(MeanSquaredError(), [1.0, 0.0], [0.5, 0.5]))
    0.25
    """
    if np.ndim(y_pred) != 1:
        return loss.values(as_labels(y_true), as_outputs(y_pred))
    labels, outputs = as_labels(y_true)[np.newaxis], as_outputs(np.asarray(y_pred)[np.newaxis])
    return np.asarray(loss.values(labels, outputs)[0])


def _weights(sample_weight: npt.ArrayLike, images: int) -> Array:
    weights = np.asarray(sample_weight)
    if weights.shape not in ((), (images,), (images, 1)):
        raise ShapeError(
            f"sample_weight has one number for each image, shape ({images},). "
            f"Received: sample_weight.shape={weights.shape}"
        )
    return weights.reshape(-1)
