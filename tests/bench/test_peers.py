"""Every peer that is installed has the same network as ours, and takes the same first steps.

Keras (on JAX) and JAX are there in CI; the tests of the others skip where these are not installed, which is
no fault there. Those of Keras on another backend need a process of their own.
"""

import os
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pytest

from pellucid.bench.measured import PredictionSpeed, TrainingSpeed
from pellucid.bench.network_spec import NetworkSpec
from pellucid.bench.ours import Ours
from pellucid.bench.process import measure
from pellucid.bench.task import Task
from pellucid.bench.translation import LAYERS, computed, graph_of_logits
from pellucid.bench.variants import PEERS, VARIANTS
from pellucid.errors import ArgumentError, UnknownOperationError
from pellucid.experiments import find
from pellucid.graph.graph import Graph
from pellucid.layers import Activation, BatchNormalization, Conv2D, Dense, Dropout, Flatten, ReLU, Softmax
from pellucid.optimizers import SGD, Adadelta, Adam, RMSprop
from pellucid.optimizers.schedules import InverseTimeDecay

pytestmark = pytest.mark.slow

os.environ.setdefault("KERAS_BACKEND", "jax")

OPTIMIZERS = {
    "rmsprop": lambda: RMSprop(),
    "rmsprop-schedule": lambda: RMSprop(InverseTimeDecay(1e-2, 1, 0.5)),
    "adadelta": lambda: Adadelta(learning_rate=1.0),
    "adam": lambda: Adam(learning_rate=0.01),
}
IN_THIS_PROCESS = ["keras-jax", "jax", "torch", "torch-channels-last", "mygrad"]
STEPS = 5


@pytest.fixture
def peer_of():
    """Return a function that makes a peer, or skips the test where its library is not installed."""

    def make(name, spec, x, classes):
        variant = VARIANTS[name]
        for package in variant.needs:
            if package in ("keras", "jax"):
                pytest.importorskip(package)
            elif find_spec(package) is None:
                pytest.skip(f"{package} is not installed, and need not be")
        return variant.peer(spec, x, classes, 1)

    return make


def losses(peer, images=16):
    return [peer.train(images, 1) for _ in range(STEPS)]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", IN_THIS_PROCESS)
def test_the_same_parameters_outputs_and_first_steps(peer_of, small, name, optimizer):
    spec = NetworkSpec.of(small(OPTIMIZERS[optimizer]()))
    x, classes = spec.data(16)
    peer, ours = peer_of(name, spec, x, classes), Ours(spec, x, classes, 1)
    assert peer.parameters == ours.parameters
    for way in peer.ways.values():
        np.testing.assert_allclose(way(x, 16), ours.network.predict(x), atol=1e-6)
        np.testing.assert_allclose(way(x, 5), ours.network.predict(x), atol=1e-6)
    theirs, own = losses(peer), losses(ours)
    assert own[-1] < own[0] - 0.01  # something was learned
    # PyTorch's RMSprop has its epsilon outside the root
    bound = 0.02 if name.startswith("torch") and optimizer.startswith("rmsprop") else 2e-4
    np.testing.assert_allclose(theirs, own, rtol=bound)


@pytest.mark.parametrize("name", [one for one in IN_THIS_PROCESS if one != "mygrad"])
def test_borders_that_are_wider_on_one_side(peer_of, small, name):
    spec = NetworkSpec.of(small(Adam(0.01), padding="same"))
    x, classes = spec.data(16)
    peer, ours = peer_of(name, spec, x, classes), Ours(spec, x, classes, 1)
    np.testing.assert_allclose(losses(peer), losses(ours), rtol=1e-4)


@pytest.mark.parametrize("experiment", ["mnist-relu", "mnist-cnn-dropout", "cifar10-cnn", "digits-cnn"])
@pytest.mark.parametrize("name", IN_THIS_PROCESS)
def test_the_labs_networks(peer_of, name, experiment):
    spec = NetworkSpec.of(find(experiment))
    x, classes = spec.data(8)
    peer, ours = peer_of(name, spec, x, classes), Ours(spec, x, classes, 1)
    assert peer.parameters == ours.parameters
    outputs = next(iter(peer.ways.values()))(x, 8)
    np.testing.assert_allclose(outputs, ours.network.predict(x), atol=2e-6)


@pytest.mark.parametrize("name", IN_THIS_PROCESS)
def test_dropout_is_on_in_training_and_off_in_prediction(peer_of, small, name):
    with_it, without = NetworkSpec.of(small(dropout=0.6)), NetworkSpec.of(small())
    x, classes = with_it.data(16)
    peer = peer_of(name, with_it, x, classes)
    for way in peer.ways.values():
        np.testing.assert_allclose(way(x, 16), without.network().predict(x), atol=1e-6)
    losses_apart = abs(peer.train(16, 1) - peer_of(name, without, x, classes).train(16, 1))
    assert losses_apart > 1e-4


@pytest.mark.parametrize("name", ["jax", "torch", "mygrad"])
def test_what_dropout_keeps_is_scaled_up(peer_of, small, name):
    """Over many equal images and masks the mean loss is that of our dropout, not that of halved images."""
    layers = [Flatten(), Dropout(0.5), Dense(10, activation="softmax")]
    spec = NetworkSpec.of(small(RMSprop(1e-9), layers=layers, batch_size=4096))
    x, classes = np.full((16384, 8, 8, 1), 2, np.float32), np.full(16384, 3)
    whole, half = (Ours(spec, share * x, classes, 1).train(16384, 1) for share in (1, 0.5))
    assert abs(whole - half) > 0.6
    assert peer_of(name, spec, x, classes).train(16384, 1) == pytest.approx(whole, abs=0.2)


def test_steps_in_one_call_are_the_same_steps(small):
    jax_peer = pytest.importorskip("jax") and VARIANTS["jax"]
    from pellucid.bench.jax_peer import JaxPeer

    spec = NetworkSpec.of(small(RMSprop(InverseTimeDecay(1e-2, 1, 0.5)), dropout=0.5))
    x, classes = spec.data(64)
    one, four = jax_peer.peer(spec, x, classes, 1), JaxPeer(spec, x, classes, 1, steps_at_a_time=4)
    assert one.train(64, 2) == pytest.approx(four.train(64, 2), rel=1e-5)
    np.testing.assert_allclose(one.ways["jit"](x, 64), four.ways["jit"](x, 64), atol=1e-6)


@pytest.mark.parametrize("variant", PEERS, ids=[variant.name for variant in PEERS])
def test_in_a_process_of_its_own(variant, spec):
    if missing := [package for package in variant.missing() if package not in ("keras", "jax")]:
        pytest.skip(f"{missing[0]} is not installed, and need not be")
    for package in variant.needs:
        if package in ("keras", "jax"):
            pytest.importorskip(package)
    task = Task("prediction", variant.name, spec, threads=1, rounds=1, seconds=0.01)
    found = measure(PredictionSpeed, task)  # which compares the outputs with ours
    assert found.one.milliseconds[0] > 0
    assert found.batches.images_per_second[0] > 0
    task = Task("training", variant.name, spec, threads=1, rounds=2, seconds=0.01)
    trained = measure(TrainingSpeed, task)
    assert len(trained.images_per_second) == 2
    assert trained.parameters == spec.network().count_params()


class Mine(Dense):
    pass


@pytest.mark.parametrize("name", IN_THIS_PROCESS)
def test_activations_as_layers_of_their_own(peer_of, small, name):
    layers = [Flatten(), Dense(6), ReLU(), Dense(6), Activation("relu"), Dense(10), Softmax()]
    spec = NetworkSpec.of(small(layers=layers))
    x, classes = spec.data(16)
    peer = peer_of(name, spec, x, classes)
    for way in peer.ways.values():
        np.testing.assert_allclose(way(x, 16), spec.network().predict(x), atol=1e-6)


@pytest.mark.parametrize("name", ["jax_peer", "torch_peer", "mygrad_peer", "keras_peer"])
def test_each_peer_has_a_rule_for_every_operation_that_is_translated(name):
    rules = import_module(f"pellucid.bench.{name}").RULES
    assert set(rules) >= set(LAYERS)


def test_an_operation_that_a_peer_has_no_rule_for_is_an_error_that_names_both():
    message = r"^The form in JAX of layer 'mine' is not known: .* Received: kind='own' \(Mine\)$"
    with pytest.raises(UnknownOperationError, match=message):
        computed(Graph.chain((4,), [Mine(3)]), {}, "JAX", np.ones((1, 4)), [{}])


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"optimizer": SGD()}, "with optimizer SGD("),
        ({"optimizer": RMSprop(momentum=0.5)}, "with optimizer RMSprop("),
        ({"optimizer": Adam(amsgrad=True)}, "with optimizer Adam("),
        ({"loss": "mean_squared_error"}, "with loss"),
        (
            {"layers": [Flatten(), BatchNormalization(), Dense(10, activation="softmax")]},
            "with layer BatchNormalization",
        ),
        ({"layers": [Flatten(), Dense(10)]}, "with a network that does not end in softmax"),
        (
            {"layers": [Conv2D(2, 3, activation="softmax"), Flatten(), Dense(10, activation="softmax")]},
            "with a softmax inside ('conv2d')",
        ),
    ],
)
def test_what_cannot_be_translated(small, changed, told):
    spec = NetworkSpec.of(small(**changed))
    with pytest.raises(ArgumentError, match="Other libraries are measured on networks of Conv2D") as caught:
        graph_of_logits(spec, spec.network())
    assert told in str(caught.value)
