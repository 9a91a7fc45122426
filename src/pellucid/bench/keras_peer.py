"""The network in Keras, on the backend that the variable KERAS_BACKEND names."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from pellucid import optimizers
from pellucid.bench.network_spec import NetworkSpec
from pellucid.bench.translation import graph_of_logits
from pellucid.core.labels import one_hot
from pellucid.graph.graph import Graph, rule_for
from pellucid.layers.layer import Array


class KerasPeer:
    """Keras with ``fit``; what it compiles is left to its default; see :class:`~pellucid.bench.timing.Peer`.

    ``steps_at_a_time`` is Keras's ``steps_per_execution``.
    """

    def __init__(
        self, spec: NetworkSpec, x: Array, classes: Array, threads: int, *, steps_at_a_time: int = 1
    ) -> None:
        _set_threads(threads)
        network = spec.network()
        graph_of_logits(spec, network)  # or an error that says what cannot be translated
        self.model = keras_model(network, steps_at_a_time)
        self.batch_size, self.steps_at_a_time = spec.batch_size, steps_at_a_time
        self.x, self.y = x, one_hot(classes, spec.classes)
        self.parameters = int(self.model.count_params())
        self.ways: dict[str, Callable[[Array, int], Array]] = {
            "predict": lambda images, size: self.model.predict(images, batch_size=size, verbose=0),
            "predict_on_batch": _in_batches(self.model.predict_on_batch),
            "call": _in_batches(self._call),
        }

    def train(self, images: int, epochs: int) -> float:
        """Train by ``fit``; return the last epoch's mean loss."""
        history = self.model.fit(
            self.x[:images], self.y[:images], batch_size=self.batch_size, epochs=epochs, verbose=0
        )
        return float(history.history["loss"][-1])

    def _call(self, images: Array) -> Array:
        import keras

        outputs: Array = keras.ops.convert_to_numpy(self.model(images, training=False))
        return outputs


def keras_model(network: Any, steps_at_a_time: int = 1) -> Any:
    """Return the Keras model of pellucid's network, with its weights and its optimizer, compiled."""
    import keras

    graph = Graph.chain(
        network.input_shape, network.layers
    )  # layers with their activations, as a user has them
    layers = [rule_for(step, RULES, "form in Keras")(step.operation) for step in graph]
    model = keras.Sequential([keras.Input(network.input_shape), *layers])
    model.set_weights(network.get_weights())
    model.compile(
        keras.optimizers.deserialize(optimizers.serialize(network.optimizer)),
        "categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_at_a_time,
    )
    return model


def _convolution(layer: Any) -> Any:
    from keras import layers

    return layers.Conv2D(
        layer.filters,
        layer.kernel_size,
        strides=layer.strides,
        padding=layer.padding,
        activation=layer.activation,
        use_bias=layer.use_bias,
    )


def _dense(layer: Any) -> Any:
    from keras import layers

    return layers.Dense(layer.units, activation=layer.activation, use_bias=layer.use_bias)


def _max_pooling(layer: Any) -> Any:
    from keras import layers

    return layers.MaxPooling2D(layer.pool_size, strides=layer.strides, padding=layer.padding)


def _dropout(layer: Any) -> Any:
    from keras import layers

    return layers.Dropout(layer.rate)


def _flatten(layer: Any) -> Any:
    from keras import layers

    return layers.Flatten()


def _activation(layer: Any) -> Any:
    from keras import layers

    return layers.Activation(layer.activation if layer.kind == "activation" else layer.kind)


RULES: dict[str, Callable[[Any], Any]] = {
    "activation": _activation,
    "convolution": _convolution,
    "dense": _dense,
    "dropout": _dropout,
    "flatten": _flatten,
    "max_pooling": _max_pooling,
    "relu": _activation,
    "softmax": _activation,
}


def _in_batches(call: Callable[[Array], Any]) -> Callable[[Array, int], Array]:
    import numpy as np

    def all_of(images: Array, size: int) -> Array:
        if len(images) <= size:
            return np.asarray(call(images))
        return np.concatenate([call(images[start : start + size]) for start in range(0, len(images), size)])

    return all_of


def _set_threads(threads: int) -> None:
    """Tell the backend; JAX has no setting, its process is held to that many processors (``child.py``)."""
    backend = os.environ.get("KERAS_BACKEND")
    if backend == "tensorflow":
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    elif backend == "torch":
        import torch

        torch.set_num_threads(threads)
