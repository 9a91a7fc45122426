"""Where a network meets its loss: the figures of a piece of a batch, and the gradient to go back with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pellucid.core.old_spellings import explain_once
from pellucid.fast import availability as compiled
from pellucid.functions import softmax
from pellucid.layers import Softmax
from pellucid.layers.layer import Array, Layer
from pellucid.losses import CategoricalCrossentropy, SparseCategoricalCrossentropy
from pellucid.metrics import CategoricalAccuracy, SparseCategoricalAccuracy


class Head:
    """A loss and metrics at the end of a network.

    When the network ends in softmax and the loss is a cross-entropy, the two are joined: the loss is computed
    from what goes into the softmax (the logits), where it is exact and never overflows, and its gradient is
    simply probabilities minus labels. Keras does the same on TensorFlow.

    Parameters
    ----------
    parts
        The network's elementary layers.
    plain
        Whether to do without the compiled form of what training needs.
    """

    def __init__(
        self, parts: Sequence[Layer], loss: Any, metrics: Sequence[Any], *, plain: bool = False
    ) -> None:
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
        self._smoothing = np.float32(getattr(loss, "label_smoothing", 0))
        self._kernel = None if plain or not self.joined else self._compiled()

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

    def gradient_and_figures(
        self,
        labels: Array,
        weights: Array | None,
        rows: Array,
        outputs: Array,
        figures: Array,
        start: int,
    ) -> Array:
        """Return ``gradient`` and write ``figures``: what training needs of a piece.

        Labels and weights are those of all images, of which ``rows`` (n,) are in this piece. The figures go
        among those of the batch, (1 + metrics, images), from image ``start`` on.
        """
        images = figures.shape[1]
        if self._kernel is None or weights is not None or not _is_for_kernels(labels, outputs):
            own, weights = labels[rows], None if weights is None else weights[rows]
            figures[:, start : start + len(outputs)] = self.figures(own, outputs, weights)
            return self.gradient(own, outputs, weights, images)
        if labels.ndim == 1 or labels.dtype != np.float32 or not labels.flags.c_contiguous:
            labels, rows = _one_hot(labels[rows], outputs.shape[1]), np.arange(len(rows))
        outputs, gradient = np.ascontiguousarray(outputs), np.empty_like(outputs)
        scale = np.float32(1 / images)
        self._kernel(outputs, labels, rows, self._smoothing, scale, figures, start, gradient)
        return gradient

    def get_ready(self, units: int) -> None:
        """Compile the kernel, or read it from disk."""
        if self._kernel is not None:
            outputs = np.zeros((1, units), np.float32)
            figures = np.empty((len(self.names), 1))
            self.gradient_and_figures(outputs, None, np.arange(1), outputs, figures, 0)

    def _compiled(self) -> Any:
        """Return the kernel for softmax, cross-entropy and accuracy, if no more than that is asked for."""
        pairs = {
            CategoricalCrossentropy: CategoricalAccuracy,
            SparseCategoricalCrossentropy: SparseCategoricalAccuracy,
        }
        accuracy = pairs.get(type(self.loss))
        if accuracy is None or len(self.metrics) > 1 or any(type(m) is not accuracy for m in self.metrics):
            return None
        if not compiled.available():
            return None
        from pellucid.fast.cross_entropy.compiled_cross_entropy import softmax_cross_entropy

        return softmax_cross_entropy


def _is_for_kernels(labels: Array, outputs: Array) -> bool:
    """Return whether labels and outputs have the shapes and dtype that a kernel takes, unchecked."""
    fits = labels.ndim == 1 or labels.shape[1:] == outputs.shape[1:]
    return outputs.ndim == 2 and outputs.dtype == np.float32 and fits


def _one_hot(labels: Array, classes: int) -> Array:
    """Return labels (n,), or (n, U) already, as (n, U) in float32."""
    if labels.ndim == 2:
        return np.ascontiguousarray(labels, np.float32)
    one_hot = np.zeros((len(labels), classes), np.float32)
    one_hot[np.arange(len(labels)), labels] = 1
    return one_hot
