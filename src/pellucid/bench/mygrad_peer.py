"""The network in MyGrad, which differentiates NumPy code: the peer that works on NumPy too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pellucid.bench import rules
from pellucid.bench.network_spec import NetworkSpec
from pellucid.bench.translation import ARRAY_RULES, border, channels_first_weights, computed, graph_of_logits
from pellucid.errors import ArgumentError
from pellucid.layers.layer import Array


class MyGradPeer:
    """MyGrad, without its guard against writing to arrays in use; see :class:`~pellucid.bench.timing.Peer`.

    Its threads are those of NumPy's matrix product.
    """

    steps_at_a_time = 1

    def __init__(self, spec: NetworkSpec, x: Array, classes: Array, threads: int) -> None:
        import mygrad
        from threadpoolctl import threadpool_limits

        threadpool_limits(threads, user_api="blas")
        mygrad.turn_memory_guarding_off()
        network: Any = spec.network()
        self.graph = graph_of_logits(spec, network)
        self.optimizer: Any = network.optimizer
        self.batch_size = spec.batch_size
        self.x, self.y = _channels_first(x), classes
        self.weights = [
            {name: mygrad.tensor(array) for name, array in own.items()}
            for own in channels_first_weights(self.graph)
        ]
        self.all = [tensor for own in self.weights for tensor in own.values()]
        self.parameters = sum(tensor.size for tensor in self.all)
        kept = rules.states(self.optimizer)
        self.state = [tuple(np.zeros_like(tensor.data) for _ in range(kept)) for tensor in self.all]
        self.steps = 0
        self.generator = np.random.default_rng(0)
        self.ways: dict[str, Callable[[Array, int], Array]] = {"call": self._predict}

    def train(self, images: int, epochs: int) -> float:
        """Train step by step; return the last epoch's mean loss."""
        from mygrad.nnet.losses import softmax_crossentropy

        total = 0.0
        for _ in range(epochs):
            total = 0.0
            order = self.generator.permutation(images)
            for start in range(0, images, self.batch_size):
                rows = order[start : start + self.batch_size]
                loss = softmax_crossentropy(self._logits(self.x[rows], training=True), self.y[rows])
                loss.backward()
                self._update()
                total += float(loss) * len(rows)
        return total / images

    def _update(self) -> None:
        rate = np.float32(rules.step_rate(self.optimizer, self.steps))
        for number, tensor in enumerate(self.all):
            new, self.state[number] = rules.updated(
                np,
                self.optimizer,
                rate,
                tensor.data,
                tensor.grad,
                self.state[number],
            )
            tensor.null_grad()
            tensor.data[...] = new
        self.steps += 1

    def _logits(self, values: Any, *, training: bool) -> Any:
        return computed(
            self.graph, RULES, "MyGrad", values, self.weights, self.generator if training else None
        )

    def _predict(self, images: Array, batch_size: int) -> Array:
        import mygrad
        from mygrad.nnet.activations import softmax

        with mygrad.no_autodiff:
            outputs = [
                softmax(self._logits(_channels_first(images[start : start + batch_size]), training=False))
                for start in range(0, len(images), batch_size)
            ]
        return np.concatenate([np.asarray(one) for one in outputs])


def _channels_first(images: Array) -> Array:
    """(N, H, W, C) -> (N, C, H, W)."""
    return np.ascontiguousarray(images.transpose(0, 3, 1, 2)) if images.ndim == 4 else images


def _even(layer: Any, *, without: bool = False) -> tuple[int, int]:
    """Return the border of a layer as MyGrad takes it; it pads both sides alike, and never a pooling."""
    (top, bottom), (left, right) = border(layer)
    if top != bottom or left != right or (without and (top or left)):
        raise ArgumentError(f"MyGrad cannot pad as layer {layer.name!r} does: {border(layer)}")
    return top, left


def _convolution(layer: Any, values: Any, own: Any, generator: Any) -> Any:
    from mygrad.nnet.layers import conv_nd

    maps = conv_nd(values, own["kernel"], stride=layer.strides, padding=_even(layer))
    return maps + own["bias"].reshape(1, -1, 1, 1) if "bias" in own else maps


def _max_pooling(layer: Any, values: Any, own: Any, generator: Any) -> Any:
    from mygrad.nnet.layers import max_pool

    _even(layer, without=True)
    rows, columns = (
        (out - 1) * stride + window
        for out, stride, window in zip(layer.output_shape[:2], layer.strides, layer.pool_size, strict=True)
    )
    return max_pool(values[..., :rows, :columns], layer.pool_size, layer.strides)


def _dropout(layer: Any, values: Any, own: Any, generator: Any) -> Any:
    if generator is None or not layer.rate:
        return values
    kept = generator.random(values.shape, dtype=np.float32) >= layer.rate
    return values * (kept * np.float32(1 / (1 - layer.rate)))


def _relu(layer: Any, values: Any, own: Any, generator: Any) -> Any:
    from mygrad.nnet.activations import relu

    return relu(values)


RULES: dict[str, Callable[..., Any]] = {
    **ARRAY_RULES,
    "convolution": _convolution,
    "dropout": _dropout,
    "max_pooling": _max_pooling,
    "relu": _relu,
}
