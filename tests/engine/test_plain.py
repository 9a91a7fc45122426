"""Blocks on and off: a whole run comes out the same, to rounding; in float64 there is nothing to switch."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from pellucid import Sequential, layers
from pellucid.engine.blocks import Block


def network(dtype: str = "float32", *, filters: int = 8) -> Sequential:
    return Sequential(
        [
            layers.Input((12, 12, 1)),
            layers.Conv2D(filters, 3, activation="relu", dtype=dtype),
            layers.Conv2D(filters, 3, activation="relu", padding="same", dtype=dtype),
            layers.MaxPooling2D(dtype=dtype),
            layers.Dropout(0.25, dtype=dtype),
            layers.Conv2D(16, 3, dtype=dtype),
            layers.Flatten(dtype=dtype),
            layers.Dense(3, activation="softmax", dtype=dtype),
        ],
        seed=1,
    )


def data() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    y = np.arange(150) % 3
    x = generator.normal(size=(150, 12, 12, 1)).astype(np.float32)
    x[np.arange(150), 2 + y * 3, :, 0] += 2  # a bright row says which class
    return x, y


def trained(filters: int = 8, **options) -> Sequential:
    one = network(filters=filters)
    one.compile("adam", "sparse_categorical_crossentropy", ["accuracy"], **options)
    one.fit(*data(), batch_size=16, epochs=5, verbose=0)
    return one


def blocks_in(one: Sequential) -> int:
    one.prepare()
    return sum(isinstance(layer, Block) for stage in one._engine.plan.stages for layer in stage.layers)


def test_a_whole_run_agrees_to_rounding():
    fast, plain = trained(), trained(plain=True)
    assert (blocks_in(fast), blocks_in(plain)) == (4, 0)
    x, y = data()
    assert plain.evaluate(x, y)[1] > 0.9
    np.testing.assert_allclose(fast.predict(x), plain.predict(x), atol=2e-3)
    losses = [one.history.history["loss"] for one in (fast, plain)]
    np.testing.assert_allclose(*losses, rtol=1e-3)


@pytest.mark.parametrize(("compiled", "kinds"), [("1", 5), ("0", 0)])
def test_a_whole_run_agrees_to_rounding_with_compiled_kernels_and_without(monkeypatch, compiled, kinds):
    if kinds:
        pytest.importorskip("numba")
    monkeypatch.setenv("PELLUCID_COMPILED", compiled)
    fast, plain = trained(filters=16), trained(filters=16, plain=True)
    used = [type(layer).__name__ for stage in fast._engine.plan.stages for layer in stage.layers]
    assert sum(name.startswith("Compiled") for name in used) == kinds
    x, _ = data()
    np.testing.assert_allclose(fast.predict(x), plain.predict(x), atol=2e-3)
    losses = [one.history.history["loss"] for one in (fast, plain)]
    np.testing.assert_allclose(*losses, rtol=1e-3)


def test_both_ways_are_exactly_repeatable():
    for options in ({}, {"plain": True}):
        one, again = trained(**options), trained(**options)
        for weights, same in zip(one.get_weights(), again.get_weights(), strict=True):
            np.testing.assert_array_equal(weights, same)


@pytest.mark.parametrize(("value", "blocks"), [("1", 0), ("0", 4), ("", 4)])
def test_the_environment_variable_switches_blocks_off(monkeypatch, value, blocks):
    monkeypatch.setenv("PELLUCID_PLAIN", value)
    one = network()
    one.compile("adam", "sparse_categorical_crossentropy")
    assert blocks_in(one) == blocks


def test_in_float64_the_plain_form_is_used():
    one = network("float64")
    one.compile("adam", "sparse_categorical_crossentropy")
    assert blocks_in(one) == 0


def test_predict_follows_a_layer_that_is_added_later():
    one = network()
    x, _ = data()
    assert one.predict(x).shape == (150, 3)
    one.add(layers.Dense(5))
    assert one.predict(x).shape == (150, 5)


@pytest.mark.parametrize("compiled", ["1", "0"])
def test_a_trained_network_can_be_copied_and_pickled_and_goes_on(monkeypatch, compiled):
    monkeypatch.setenv("PELLUCID_COMPILED", compiled)
    one = trained(filters=16)
    x, y = data()
    for other in (copy.deepcopy(one), pickle.loads(pickle.dumps(one))):  # noqa: S301 - our own
        np.testing.assert_array_equal(other.predict(x), one.predict(x))
        other.fit(x, y, batch_size=16, verbose=0)
        assert not np.array_equal(other.get_weights()[0], one.get_weights()[0])
