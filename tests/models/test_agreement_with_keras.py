"""Ten training steps beside real Keras: same weights, same batches, same dropout masks, same results.

Keras runs on JAX. Its networks are made from the very declarations of the lab's experiments, with one
difference: a Dropout layer becomes a multiplication with a mask that comes in as an input of its own, so that
both networks can be handed the same mask. Where a network ends in softmax Keras on JAX computes the loss from
clipped probabilities; ours computes it from the logits, as Keras does on TensorFlow. So Keras is given the
logits here (``from_logits=True``); the clipped form is compared where nothing is clipped.

Batches are small on purpose. In a large one, somewhere among millions of windows, the two largest values
differ by less than a rounding error; then which one wins, and gets the gradient, is chance, and the networks
part ways for a reason that says nothing about either.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

from pellucid import Sequential, layers, optimizers
from pellucid.core.pass_context import PassContext
from pellucid.experiments import Experiment
from pellucid.experiments.coursework import EXPERIMENTS
from pellucid.optimizers.schedules import InverseTimeDecay

pytestmark = pytest.mark.slow

os.environ.setdefault("KERAS_BACKEND", "jax")
keras = pytest.importorskip("keras")

STEPS, BATCH = 10, 4
NETWORKS = {one.name: one for one in EXPERIMENTS if one.program == "network"}
SHAPES = {"mnist": (28, 28, 1), "cifar10": (32, 32, 3), "digits": (8, 8, 1)}

OPTIMIZERS = {
    "sgd": lambda: optimizers.SGD(learning_rate=0.05),
    "sgd-momentum": lambda: optimizers.SGD(learning_rate=0.05, momentum=0.9),
    "sgd-nesterov": lambda: optimizers.SGD(learning_rate=0.05, momentum=0.9, nesterov=True),
    "rmsprop": lambda: optimizers.RMSprop(),
    "rmsprop-schedule": lambda: optimizers.RMSprop(InverseTimeDecay(1e-3, 1, 0.1)),
    "adadelta": lambda: optimizers.Adadelta(learning_rate=1.0),
    "adam": lambda: optimizers.Adam(),
    "adamw": lambda: optimizers.AdamW(weight_decay=0.01),
}


def input_shape(experiment: Experiment) -> tuple[int, ...]:
    shape = SHAPES[experiment.dataset]
    return (int(np.prod(shape)),) if experiment.flat else shape


def ours(experiment: Experiment, optimizer: Any) -> Sequential:
    network = Sequential([layers.Input(input_shape(experiment)), *experiment.fresh_layers()], seed=1)
    network.compile(optimizer, "categorical_crossentropy", ["accuracy"])
    network.prepare()
    return network


def theirs(network: Sequential, optimizer: Any, *, from_logits: bool) -> Any:
    """Return the Keras model of ``network``, with its weights, and its masks as further inputs."""
    values = images = keras.Input(network.input_shape)
    masks = []
    for layer in network.layers:
        config = layer.get_config()
        if isinstance(layer, layers.Dropout):
            masks.append(keras.Input(layer.input_shape))
            values = keras.layers.Multiply()([values, masks[-1]])
            continue
        if layer is network.layers[-1] and from_logits:
            config["activation"] = "linear"
        names = ("filters", "units", "kernel_size", "strides", "padding", "activation", "pool_size")
        kind = getattr(keras.layers, type(layer).__name__)
        values = kind(**{name: config[name] for name in names if name in config})(values)
    model = keras.Model([images, *masks], values)
    model.set_weights(network.get_weights())
    loss = keras.losses.CategoricalCrossentropy(from_logits=from_logits)
    description = optimizers.serialize(optimizer)
    model.compile(keras.optimizers.deserialize(description), loss, metrics=["accuracy"])
    return model


def batches(experiment: Experiment) -> tuple[np.ndarray, np.ndarray]:
    """Return random pictures, all batches in a row, in the range that the experiment's images have."""
    generator = np.random.default_rng(0)
    most = 1.0 if experiment.scaled else 16.0
    x = generator.uniform(0, most, (STEPS * BATCH, *input_shape(experiment))).astype(np.float32)
    return x, np.eye(10, dtype=np.float32)[generator.integers(0, 10, len(x))]


def masks_of(network: Sequential) -> list[np.ndarray]:
    """Return the masks of all Dropout layers for the coming step, scaled."""
    context = PassContext(training=True, seed=network.seed, iteration=network.optimizer.iterations)
    return [
        (layer.mask((BATCH, *layer.input_shape), context) / (1 - layer.rate)).astype(np.float32)
        for layer in network.layers
        if isinstance(layer, layers.Dropout)
    ]


def steps_apart(network: Sequential, model: Any, experiment: Experiment) -> tuple[float, float]:
    """Train both for ten steps; return the largest difference of the losses, and of the weights, relative."""
    x, y = batches(experiment)
    losses = []
    for start in range(0, len(x), BATCH):
        rows = slice(start, start + BATCH)
        masks = masks_of(network)
        expected = model.train_on_batch([x[rows], *masks], y[rows], return_dict=True)
        model.reset_metrics()
        found = network.fit(x[rows], y[rows], batch_size=BATCH, shuffle=False, verbose=0).history
        losses.append(abs(found["loss"][0] - expected["loss"]) / expected["loss"])
    apart = [
        float(np.abs(mine - yours).max() / np.abs(yours).max())
        for mine, yours in zip(network.get_weights(), model.get_weights(), strict=True)
    ]
    return float(max(losses)), max(apart)


@pytest.mark.parametrize("name", NETWORKS)
def test_each_lab_network_takes_the_same_ten_steps_with_its_own_optimizer(name):
    experiment = NETWORKS[name]
    network = ours(experiment, experiment.with_recipe().optimizer)
    model = theirs(network, experiment.with_recipe().optimizer, from_logits=True)
    loss_apart, weights_apart = steps_apart(network, model, experiment)
    assert loss_apart < 2e-5
    assert weights_apart < 5e-5


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_optimizer_takes_the_same_ten_steps(name):
    experiment = NETWORKS["digits-cnn"]
    network = ours(experiment, OPTIMIZERS[name]())
    model = theirs(network, OPTIMIZERS[name](), from_logits=True)
    loss_apart, weights_apart = steps_apart(network, model, experiment)
    assert loss_apart < 2e-5
    assert weights_apart < 5e-5


def test_the_loss_from_probabilities_is_the_same_where_nothing_is_clipped():
    experiment = NETWORKS["mnist-relu"]
    network = ours(experiment, optimizers.RMSprop())
    model = theirs(network, optimizers.RMSprop(), from_logits=False)
    loss_apart, weights_apart = steps_apart(network, model, experiment)
    assert loss_apart < 2e-5
    assert weights_apart < 5e-5


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: optimizers.RMSprop(rho=0.91),
        lambda: optimizers.RMSprop(epsilon=1.1e-7),
        lambda: optimizers.RMSprop(learning_rate=0.00101),
    ],
)
def test_the_comparison_notices_a_slightly_wrong_optimizer(wrong):
    experiment = NETWORKS["mnist-relu"]
    network = ours(experiment, wrong())
    model = theirs(network, optimizers.RMSprop(), from_logits=True)
    assert steps_apart(network, model, experiment)[1] > 5e-5


def test_the_comparison_notices_a_wrong_mask(monkeypatch):
    experiment = NETWORKS["mnist-cnn-dropout"]
    network = ours(experiment, optimizers.SGD())
    model = theirs(network, optimizers.SGD(), from_logits=True)
    monkeypatch.setattr(
        network, "seed", network.seed + 1
    )  # masks_of now hands Keras others than the engine uses
    assert steps_apart(network, model, experiment)[0] > 2e-5
