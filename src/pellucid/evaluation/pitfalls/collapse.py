"""The single layer that a network of linear layers is, worked out, with its equal predictions.

For dense layers, layer after layer: (x·W1 + b1)·W2 + b2 = x·(W1·W2) + (b1·W2 + b2). For any network that is
linear up to its softmax (convolutions and average pooling as well) the layer can also be found from outside:
what it answers to nothing is the bias, what each input alone adds to that is a row of the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pellucid.errors import ShapeError
from pellucid.evaluation.checked_arrays import FloatArray

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SMALLEST = 1e-45
AT_A_TIME = 1000  # images, so that they are not all held as float64


@dataclass(frozen=True, eq=False)
class SingleLayer:
    """The equivalent layer: weights (D, U) and bias (U,), for flattened inputs (N, D)."""

    weights: FloatArray
    bias: FloatArray

    def predict(self, inputs: npt.ArrayLike) -> FloatArray:
        """Return the probabilities (N, U) of inputs (N, …), worked out a thousand at a time."""
        rows: Any = inputs if hasattr(inputs, "shape") else np.asarray(inputs)
        starts = range(0, max(1, len(rows)), AT_A_TIME)
        return np.concatenate([self._predict(rows[start : start + AT_A_TIME]) for start in starts])

    def _predict(self, inputs: npt.ArrayLike) -> FloatArray:
        array = np.asarray(inputs, np.float64)
        logits = array.reshape(len(array), -1) @ self.weights + self.bias  # (N, …) -> (N, D) -> (N, U)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def agreement(self, inputs: npt.ArrayLike, probabilities: npt.ArrayLike) -> str:
        """Say how well this layer's predictions equal those of the network."""
        own, given = self.predict(inputs), np.asarray(probabilities, np.float64)
        same = int((own.argmax(axis=1) == given.argmax(axis=1)).sum())
        return (
            f"The equivalent single layer ({self.weights.size + self.bias.size:,} parameters) gives the same "
            f"class for {same:,} of {len(own):,} images; its probabilities differ by at most "
            f"{np.abs(own - given).max():.1e}."
        )


def multiply(layers: Sequence[tuple[npt.ArrayLike, npt.ArrayLike]]) -> SingleLayer:
    """Return the layer that linear dense layers, each (weights (D, U), bias (U,)), are together.

    Examples
    --------
    >>> single = multiply([([[1.0, 2.0]], [0.0, 1.0]), ([[1.0], [1.0]], [3.0])])
    >>> single.weights, single.bias
    (array([[3.]]), array([4.]))
    """
    if not layers:
        raise ShapeError("There is nothing to multiply: give at least one layer as (weights, bias).")
    weights, bias = (np.asarray(one, np.float64) for one in layers[0])
    for place, (next_weights, next_bias) in enumerate(layers[1:], start=2):
        kernel = np.asarray(next_weights, np.float64)
        if kernel.ndim != 2 or kernel.shape[0] != weights.shape[1]:
            raise ShapeError(
                f"Layer {place} takes what layer {place - 1} gives, {weights.shape[1]} values, so its "
                f"weights must have {weights.shape[1]} rows. Received: weights.shape={kernel.shape}"
            )
        weights, bias = weights @ kernel, bias @ kernel + np.asarray(next_bias, np.float64)
    return SingleLayer(weights, bias)


def probe(predict: Callable[[npt.NDArray[Any]], npt.ArrayLike], shape: Sequence[int]) -> SingleLayer:
    """Return the layer that a network, linear up to its softmax, is: found from D + 1 predictions.

    ``predict`` takes images (N, *shape) in float32 and returns probabilities (N, U). Softmax forgets a
    constant of the logits, so the weights are those whose mean over the classes is zero.

    Examples
    --------
    >>> network = SingleLayer(np.array([[1.0, -1.0], [0.5, -0.5]]), np.array([0.25, -0.25]))
    >>> found = probe(network.predict, shape=[2])
    >>> found.weights.round(6), found.bias.round(6)
    (array([[ 1. , -1. ],
           [ 0.5, -0.5]]), array([ 0.25, -0.25]))
    """
    size = int(np.prod(shape))
    images = np.concatenate([np.zeros((1, size)), np.eye(size)]).reshape(-1, *shape)  # (D + 1, *shape)
    logits = np.log(np.maximum(np.asarray(predict(images.astype(np.float32)), np.float64), SMALLEST))
    logits -= logits.mean(axis=1, keepdims=True)
    return SingleLayer(logits[1:] - logits[0], logits[0])
