"""Which engine computes a network, and that a new one is a module and a line in the table."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid import Sequential, layers
from pellucid.core import settings
from pellucid.engine import engines
from pellucid.engine.engines import ENGINES, choose, register
from pellucid.engine.workers import Workers
from pellucid.errors import ArgumentError, PellucidNote, UnknownNameError


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in ("PELLUCID_ENGINE", "PELLUCID_PLAIN", "PELLUCID_COMPILED"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def table(monkeypatch):
    """The table of engines, put back afterwards."""
    monkeypatch.setattr(engines, "ENGINES", dict(ENGINES))
    return engines.ENGINES


def network():
    return Sequential([layers.Input((4,)), layers.Dense(3, activation="softmax")], seed=0)


def test_the_fastest_that_is_there_is_the_default(monkeypatch):
    assert choose().name == [name for name, engine in ENGINES.items() if engine.available()][-1]
    monkeypatch.setitem(engines.ENGINES, "compiled", Missing())
    assert choose().name == "numpy"


@pytest.mark.parametrize("name", ["plain", "numpy"])
def test_an_engine_is_asked_for_by_name_or_by_the_variable(monkeypatch, name):
    assert choose(name).name == name
    monkeypatch.setenv("PELLUCID_ENGINE", name)
    assert choose().name == name
    assert choose("plain").name == "plain"  # what a program says goes before what the environment says


@pytest.mark.parametrize(
    ("variable", "value", "name"), [("PELLUCID_PLAIN", "1", "plain"), ("PELLUCID_COMPILED", "0", "numpy")]
)
def test_old_variables_are_understood_and_explained(monkeypatch, variable, value, name):
    monkeypatch.setenv(variable, value)
    with pytest.warns(
        PellucidNote, match=f"{variable}={value} is the old spelling of PELLUCID_ENGINE={name}"
    ):
        assert choose().name == name


def test_plain_is_the_old_spelling_of_an_engine(monkeypatch):
    made = network()
    with pytest.warns(PellucidNote, match="plain=True is the old spelling of engine='plain'"):
        made.compile("sgd", "mse", plain=True)
    assert made.engine == "plain"
    monkeypatch.setenv("PELLUCID_ENGINE", "plain")
    with pytest.warns(PellucidNote, match="plain=False is the old spelling of engine=None"):
        assert choose(plain=False).name != "plain"
    with pytest.raises(ArgumentError, match=r"Received: engine='numpy', plain=True$"):
        choose("numpy", plain=True)


def test_an_unknown_engine_is_refused_before_anything_is_changed():
    made = network()
    made.compile("sgd", "mse", engine="numpy")
    with pytest.raises(UnknownNameError) as error:
        made.compile("adam", "mse", engine="nunpy")
    assert str(error.value) == "There is no such engine: did you mean 'numpy'? Received: engine='nunpy'"
    assert (made.engine, made.optimizer.name) == ("numpy", "sgd")


class Missing:
    name = "compiled"
    description = "It needs a package."

    def available(self):
        return False


def test_an_engine_that_is_not_there_is_refused_with_those_that_are(table):
    table["compiled"] = Missing()
    with pytest.raises(ArgumentError) as error:
        choose("compiled")
    assert str(error.value) == (
        "This engine cannot be used here. It needs a package. Engines that can be used: plain, numpy. "
        "Received: engine='compiled'"
    )


def test_each_says_what_it_is_and_how_it_rounds():
    for name, engine in ENGINES.items():
        assert engine.name == name
        assert engine.description.endswith(".")
        assert "same bits" in engine.rounding
    assert tuple(ENGINES) == settings.ENGINES


# An engine of one's own


class ByHand:
    """Trains a softmax on one dense layer, whatever the loss: gradient descent, written out."""

    name = "by hand"
    description = "One dense layer, written out."
    rounding = "As NumPy rounds."

    def available(self):
        return True

    def workers(self, threads):
        return Workers(threads)

    def compile(self, graph, training=None):
        return Program(graph, training)


class Program:
    def __init__(self, graph, training):
        self.parameters = graph.steps[0].operation.parameters
        self.training = training
        self.names = ["loss"]

    def source(self, images):
        return images

    def warm_up(self, images):
        self.warm = True

    def predict(self, images, batch_size, workers):
        scores = np.exp(images @ self.parameters["kernel"] + self.parameters["bias"])
        return scores / scores.sum(axis=1, keepdims=True)

    def evaluate(self, data, batch_size, workers):
        found = self.predict(data.images, None, workers)
        return {"loss": float(-np.log(found[np.arange(len(data)), data.labels]).mean())}

    def step(self, data, source, rows, workers):
        assert self.warm
        x, y = source[rows], data.labels[rows]
        found = self.predict(x, None, workers)
        loss = -np.log(found[np.arange(len(y)), y]).sum()
        found[np.arange(len(y)), y] -= 1
        rate = self.training.optimizer.learning_rate / len(y)
        self.parameters["kernel"] -= rate * x.T @ found
        self.parameters["bias"] -= rate * found.sum(axis=0)
        self.training.optimizer.iterations += 1
        return np.array([loss])


def test_a_network_is_trained_by_a_registered_engine(table):
    """Nothing above the table of engines knows of it."""
    register(ByHand())
    generator = np.random.default_rng(0)
    x, y = generator.normal(size=(60, 4)).astype(np.float32), np.arange(60) % 3
    losses = {}
    for engine in ("by hand", "plain"):
        made = network()
        made.compile("sgd", "sparse_categorical_crossentropy", engine=engine)
        losses[engine] = made.fit(x, y, epochs=3, batch_size=20, verbose=0).history["loss"]
        losses[engine].append(made.evaluate(x, y))
        losses[engine].extend(made.predict(x[:2]).ravel())
    np.testing.assert_allclose(losses["by hand"], losses["plain"], rtol=1e-5)
    with pytest.raises(UnknownNameError, match="by hand"):
        choose("horse")
