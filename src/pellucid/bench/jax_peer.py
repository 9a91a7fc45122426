"""The network in plain JAX: functions, ``jit``, donated buffers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pellucid.bench import rules
from pellucid.bench.network_spec import NetworkSpec
from pellucid.bench.translation import ARRAY_RULES, border, computed, graph_of_logits, with_bias
from pellucid.layers.layer import Array


class JaxPeer:
    """JAX; see :class:`~pellucid.bench.timing.Peer`.

    One compiled function takes the batch out of the data, which JAX holds, and does the whole step. With
    ``steps_at_a_time`` above 1, one call does that many in a ``lax.scan``.
    """

    def __init__(
        self, spec: NetworkSpec, x: Array, classes: Array, threads: int, *, steps_at_a_time: int = 1
    ) -> None:
        del threads  # JAX has no setting; the process is held to that many processors (``child.py``)
        import jax

        network: Any = spec.network()
        self.graph = graph_of_logits(spec, network)
        self.optimizer: Any = network.optimizer
        self.batch_size, self.steps_at_a_time = spec.batch_size, steps_at_a_time
        self.x, self.y = jax.numpy.asarray(x), jax.numpy.asarray(classes)
        self.weights = [
            {name: jax.numpy.array(array) for name, array in step.operation.parameters.items()}
            for step in self.graph
        ]
        leaves = jax.tree.leaves(self.weights)
        self.parameters = sum(leaf.size for leaf in leaves)
        self.state = [
            tuple(jax.numpy.zeros_like(leaf) for _ in range(rules.states(self.optimizer))) for leaf in leaves
        ]
        # the generator that JAX names as its fastest
        self.key = jax.random.key(0, impl="rbg")
        self.steps = 0
        self.generator = np.random.default_rng(0)
        step: Any = self._step if steps_at_a_time == 1 else self._several_steps
        self.step: Any = jax.jit(step, donate_argnums=(0, 1, 2))
        self.forward = jax.jit(lambda weights, x: jax.nn.softmax(self._logits(weights, x, None)))
        self.ways: dict[str, Callable[[Array, int], Array]] = {"jit": self._predict}

    def train(self, images: int, epochs: int) -> float:
        """Train step by step; the losses are added up where they are and looked at once, at the end."""
        import jax.numpy as jnp

        several = self.steps_at_a_time
        total: Any = 0.0
        for _ in range(epochs):
            total = jnp.zeros(())
            order = self.generator.permutation(images).astype(np.int32)
            for start in range(0, images, several * self.batch_size):
                rows: Any = order[start : start + several * self.batch_size]
                numbers: Any = range(self.steps, self.steps + several)
                rates = np.array([rules.step_rate(self.optimizer, n) for n in numbers], np.float32)
                if several > 1:
                    rows, numbers = rows.reshape(several, -1), np.array(numbers)
                else:
                    rates, numbers = rates[0], self.steps
                self.weights, self.state, total = self.step(
                    self.weights, self.state, total, self.key, self.x, self.y, rows, numbers, rates
                )
                self.steps += several
        return float(total) * self.batch_size / images

    def _step(
        self,
        weights: Any,
        state: Any,
        total: Any,
        key: Any,
        x: Any,
        y: Any,
        rows: Any,
        number: Any,
        rate: Any,
    ) -> Any:
        """One step; the loss is added to ``total``."""
        import jax
        import jax.numpy as jnp

        loss, gradients = jax.value_and_grad(self._loss)(
            weights, x[rows], y[rows], jax.random.fold_in(key, number)
        )
        leaves, tree = jax.tree.flatten(weights)
        new = [
            rules.updated(jnp, self.optimizer, rate, *one)
            for one in zip(leaves, jax.tree.leaves(gradients), state, strict=True)
        ]
        return jax.tree.unflatten(tree, [one for one, _ in new]), [one for _, one in new], total + loss

    def _several_steps(
        self,
        weights: Any,
        state: Any,
        total: Any,
        key: Any,
        x: Any,
        y: Any,
        rows: Any,
        numbers: Any,
        rates: Any,
    ) -> Any:
        """As many steps as ``rows`` (steps, n) has."""
        import jax

        def one(carried: Any, of_step: Any) -> Any:
            weights, state, total = carried
            rows, number, rate = of_step
            return self._step(weights, state, total, key, x, y, rows, number, rate), None

        return jax.lax.scan(one, (weights, state, total), (rows, numbers, rates))[0]

    def _loss(self, weights: Any, x: Any, y: Any, key: Any) -> Any:
        import jax

        log_probabilities = jax.nn.log_softmax(self._logits(weights, x, key))
        return -jax.numpy.take_along_axis(log_probabilities, y[:, None], axis=1).mean()

    def _logits(self, weights: Any, values: Any, key: Any) -> Any:
        """Return the outputs before the softmax; with a ``key``, dropout is on."""
        return computed(self.graph, RULES, "JAX", values, weights, key)

    def _predict(self, images: Array, batch_size: int) -> Array:
        outputs = [
            self.forward(self.weights, images[start : start + batch_size])
            for start in range(0, len(images), batch_size)
        ]
        return np.concatenate(outputs) if len(outputs) > 1 else np.asarray(outputs[0])


def _convolution(layer: Any, values: Any, own: Any, key: Any) -> Any:
    import jax

    maps = jax.lax.conv_general_dilated(
        values, own["kernel"], layer.strides, border(layer), dimension_numbers=("NHWC", "HWIO", "NHWC")
    )
    return with_bias(maps, own)


def _max_pooling(layer: Any, values: Any, own: Any, key: Any) -> Any:
    import jax

    window, strides = (1, *layer.pool_size, 1), (1, *layer.strides, 1)
    padding = ((0, 0), *border(layer), (0, 0))
    return jax.lax.reduce_window(values, -np.inf, jax.lax.max, window, strides, padding)


def _dropout(layer: Any, values: Any, own: Any, key: Any) -> Any:
    import jax

    if key is None or not layer.rate:
        return values
    kept = jax.random.bernoulli(jax.random.fold_in(key, layer.index), 1 - layer.rate, values.shape)
    return jax.numpy.where(kept, values / (1 - layer.rate), 0)


def _relu(layer: Any, values: Any, own: Any, key: Any) -> Any:
    import jax

    return jax.nn.relu(values)


RULES: dict[str, Callable[..., Any]] = {
    **ARRAY_RULES,
    "convolution": _convolution,
    "dropout": _dropout,
    "max_pooling": _max_pooling,
    "relu": _relu,
}
