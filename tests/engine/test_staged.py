"""Engines side by side: a whole run comes out the same, to rounding; in float64 nothing is fused."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from pellucid import Sequential, layers
from pellucid.fast.form import FusedOperation


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


def forms_in(one: Sequential) -> list[str]:
    """Return the forms of the fused operations that a network trains with."""
    one.prepare()
    units = [unit.operation for stage in one._program.plan.stages for unit in stage.units]
    return [operation.form.engine for operation in units if isinstance(operation, FusedOperation)]


@pytest.mark.parametrize(
    ("engine", "filters", "forms"),
    [("numpy", 8, ["numpy"] * 4), ("numpy", 16, ["numpy"] * 4), ("compiled", 16, ["compiled"] * 5)],
)
def test_a_whole_run_agrees_to_rounding(engine, filters, forms):
    if engine == "compiled":
        pytest.importorskip("numba")
    fast, plain = trained(filters, engine=engine), trained(filters, engine="plain")
    assert (forms_in(fast), forms_in(plain)) == (forms, [])
    x, y = data()
    assert plain.evaluate(x, y)[1] > 0.9
    np.testing.assert_allclose(fast.predict(x), plain.predict(x), atol=2e-3)
    losses = [one.history.history["loss"] for one in (fast, plain)]
    np.testing.assert_allclose(*losses, rtol=1e-3)


@pytest.mark.parametrize("engine", ["plain", "numpy", "compiled"])
def test_every_engine_is_exactly_repeatable(engine):
    if engine == "compiled":
        pytest.importorskip("numba")
    one, again = trained(engine=engine), trained(engine=engine)
    for weights, same in zip(one.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(weights, same)


def test_in_float64_the_plain_form_is_used():
    one = network("float64")
    one.compile("adam", "sparse_categorical_crossentropy")
    assert forms_in(one) == []


def test_predict_follows_a_layer_that_is_added_later():
    one = network()
    x, _ = data()
    assert one.predict(x).shape == (150, 3)
    one.add(layers.Dense(5))
    assert one.predict(x).shape == (150, 5)


@pytest.mark.parametrize("engine", ["compiled", "numpy"])
def test_a_trained_network_can_be_copied_and_pickled_and_goes_on(engine):
    if engine == "compiled":
        pytest.importorskip("numba")
    one = trained(filters=16, engine=engine)
    x, y = data()
    for other in (copy.deepcopy(one), pickle.loads(pickle.dumps(one))):  # noqa: S301 - our own
        np.testing.assert_array_equal(other.predict(x), one.predict(x))
        other.fit(x, y, batch_size=16, verbose=0)
        assert not np.array_equal(other.get_weights()[0], one.get_weights()[0])
