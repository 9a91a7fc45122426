"""The loss head: per-image loss, metrics and output gradient of a micro-batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from pellucid.core.labels import one_hot
from pellucid.engine.labels import note_ending
from pellucid.functions import softmax
from pellucid.graph.facts.ending import ending_of
from pellucid.graph.graph import Graph
from pellucid.layers.layer import Array
from pellucid.losses import CategoricalCrossentropy, SparseCategoricalCrossentropy
from pellucid.metrics import CategoricalAccuracy, SparseCategoricalAccuracy

# logits, labels of all images, rows, smoothing, scale, losses and hits, first image, gradient
FusedLoss: TypeAlias = Callable[[Array, Array, Array, np.float32, np.float32, Array, int, Array], None]


class LossHead:
    """A loss and metrics at the end of a network.

    When the network ends in softmax and the loss is a cross-entropy, the two are fused: the loss is computed
    from the inputs of the softmax (the logits), where it is accurate and never overflows, and its gradient is
    simply probabilities minus labels. Keras does the same on TensorFlow.

    Parameters
    ----------
    graph
        The network's graph.
    fused_loss
        Computes softmax, cross-entropy, accuracy and the gradient in one pass, if the engine can.

    Attributes
    ----------
    graph
        The network's graph, without a softmax that is fused with the loss.
    names
        ``"loss"``, then the names of the metrics.
    """

    def __init__(
        self, graph: Graph, loss: Any, metrics: Sequence[Any], fused_loss: FusedLoss | None = None
    ) -> None:
        self.loss = loss
        self.metrics = list(metrics)
        joins = getattr(loss, "joins_softmax", False) and not getattr(loss, "from_logits", False)
        ends_in_softmax = _ends_in_softmax(graph)
        self.joined = joins and ends_in_softmax
        note_ending(ending_of(graph), loss)
        self.graph = Graph(graph.input_shape, graph.steps[:-1]) if self.joined else graph
        self.names = ["loss", *(metric.name for metric in self.metrics)]
        self._smoothing = np.float32(getattr(loss, "label_smoothing", 0))
        self._fused = fused_loss if self.joined and self._is_for_fused_loss() else None

    def predictions(self, outputs: Array) -> Array:
        """Return the outputs of the whole network, given those of ``graph``."""
        return softmax(outputs) if self.joined else outputs

    def values(self, labels: Array, outputs: Array, weights: Array | None) -> Array:
        """Return the weighted loss and the metrics of each image: (1 + metrics, n), in float64."""
        losses_of = self.loss.joined_values if self.joined else self.loss.values
        losses = np.asarray(losses_of(labels, outputs), np.float64)
        predictions = self.predictions(outputs) if self.metrics else outputs
        rows = [losses if weights is None else losses * weights]
        rows += [np.asarray(metric.values(labels, predictions), np.float64) for metric in self.metrics]
        return np.stack(rows)

    def gradient(self, labels: Array, outputs: Array, weights: Array | None, images: int) -> Array:
        """Return the gradient of the batch's mean loss for a micro-batch; the batch has ``images`` images."""
        of_sum = (self.loss.joined_gradient if self.joined else self.loss.gradient)(labels, outputs)
        scale = 1 / images if weights is None else (weights / images).reshape(-1, *[1] * (of_sum.ndim - 1))
        return np.asarray(of_sum * scale, dtype=outputs.dtype)

    def gradient_and_values(
        self,
        labels: Array,
        weights: Array | None,
        rows: Array,
        outputs: Array,
        values: Array,
        start: int,
    ) -> Array:
        """Return ``gradient`` and write to ``values`` in one call, as training does.

        Labels and weights are those of all images; ``rows`` (n,) are the indices of this micro-batch. Losses
        and metrics are written to those of the batch, (1 + metrics, images), from image ``start`` on.
        """
        images = values.shape[1]
        if self._fused is None or weights is not None or not _is_for_fused_loss(labels, outputs):
            own, weights = labels[rows], None if weights is None else weights[rows]
            values[:, start : start + len(outputs)] = self.values(own, outputs, weights)
            return self.gradient(own, outputs, weights, images)
        if labels.ndim == 1 or labels.dtype != np.float32 or not labels.flags.c_contiguous:
            labels, rows = _as_one_hot(labels[rows], outputs.shape[1]), np.arange(len(rows))
        outputs, gradient = np.ascontiguousarray(outputs), np.empty_like(outputs)
        scale = np.float32(1 / images)
        self._fused(outputs, labels, rows, self._smoothing, scale, values, start, gradient)
        return gradient

    def warm_up(self) -> None:
        """Compile the fused loss, or load it from the cache on disk."""
        shape = self.graph.steps[-1].operation.output_shape if self.graph.steps else None
        if self._fused is not None and shape is not None and len(shape) == 1:
            outputs = np.zeros((1, *shape), np.float32)
            values = np.empty((len(self.names), 1))
            self.gradient_and_values(outputs, None, np.arange(1), outputs, values, 0)

    def _is_for_fused_loss(self) -> bool:
        """Return whether the loss is a plain cross-entropy, with accuracy or no metric."""
        pairs = {
            CategoricalCrossentropy: CategoricalAccuracy,
            SparseCategoricalCrossentropy: SparseCategoricalAccuracy,
        }
        accuracy = pairs.get(type(self.loss))
        others = [metric for metric in self.metrics if type(metric) is not accuracy]
        return accuracy is not None and not others and len(self.metrics) <= 1


def _ends_in_softmax(graph: Graph) -> bool:
    """Return whether the network's last operation is a softmax."""
    if not graph.steps:
        return False
    last = graph.steps[-1]
    return last.kind == "softmax" and last.sources == (last.number - 1,)


def _is_for_fused_loss(labels: Array, outputs: Array) -> bool:
    """Return whether labels and outputs have the shapes and dtype that a fused loss takes."""
    fits = labels.ndim == 1 or labels.shape[1:] == outputs.shape[1:]
    return outputs.ndim == 2 and outputs.dtype == np.float32 and fits


def _as_one_hot(labels: Array, classes: int) -> Array:
    """Return labels (n,), or one-hot labels (n, U), as (n, U) in float32."""
    if labels.ndim == 2:
        return np.ascontiguousarray(labels, np.float32)
    return one_hot(labels, classes)
