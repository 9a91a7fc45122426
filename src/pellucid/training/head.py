"""Where a network meets its loss: the figures of a piece of a batch, and the gradient to go back with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pellucid.functions import softmax
from pellucid.layers import Softmax
from pellucid.layers.layer import Array, Layer
from pellucid.old_spellings import explain_once


class Head:
    """A loss and metrics at the end of a network.

    When the network ends in softmax and the loss is a cross-entropy, the two are joined: the loss is computed
    from what goes into the softmax (the logits), where it is exact and never overflows, and its gradient is
    simply probabilities minus labels. Keras does the same on TensorFlow.

    Parameters
    ----------
    parts
        The network's elementary layers.
    """

    def __init__(self, parts: Sequence[Layer], loss: Any, metrics: Sequence[Any]) -> None:
        self.loss = loss
        self.metrics = list(metrics)
        joins = getattr(loss, "joins_softmax", False) and not getattr(loss, "from_logits", False)
        ends_in_softmax = bool(parts) and isinstance(parts[-1], Softmax)
        self.joined = joins and ends_in_softmax
        if ends_in_softmax and getattr(loss, "from_logits", False):
            explain_once(
                "softmax twice",
                "The network ends in softmax, but its loss is told from_logits=True and takes softmax again: "
                "training will be slow, and the loss of ten classes will not fall below 1.46. "
                "Leave out one of the two.",
            )
        self.parts = list(parts[:-1] if self.joined else parts)
        self.names = ["loss", *(metric.name for metric in self.metrics)]

    def predictions(self, outputs: Array) -> Array:
        """Return what the whole network says, from what ``parts`` put out."""
        return softmax(outputs) if self.joined else outputs

    def figures(self, labels: Array, outputs: Array, weights: Array | None) -> Array:
        """Return the loss and the metrics of each image: (1 + metrics, n), in float64; the loss weighted."""
        values = self.loss.joined_values if self.joined else self.loss.values
        losses = np.asarray(values(labels, outputs), np.float64)
        predictions = self.predictions(outputs) if self.metrics else outputs
        rows = [losses if weights is None else losses * weights]
        rows += [np.asarray(metric.values(labels, predictions), np.float64) for metric in self.metrics]
        return np.stack(rows)

    def gradient(self, labels: Array, outputs: Array, weights: Array | None, images: int) -> Array:
        """Return the gradient of the batch's mean loss, for a piece of a batch of ``images``."""
        of_sum = (self.loss.joined_gradient if self.joined else self.loss.gradient)(labels, outputs)
        scale = 1 / images if weights is None else (weights / images).reshape(-1, *[1] * (of_sum.ndim - 1))
        return np.asarray(of_sum * scale, dtype=outputs.dtype)
