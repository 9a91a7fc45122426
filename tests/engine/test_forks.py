"""Graphs that fork and join: gradients that meet, values that cross stages, parameters that are shared."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid import layers
from pellucid.core.pass_context import INFERENCE, PassContext
from pellucid.engine import stage as module
from pellucid.engine.plan import Plan
from pellucid.engine.units import units_of
from pellucid.engine.values import MicroBatches
from pellucid.engine.workers import Workers
from pellucid.fast.form import FusedOperation
from pellucid.fast.forms import forms_for
from pellucid.graph.graph import Graph, Step
from pellucid.layers import Layer

TRAINING = PassContext(training=True, seed=3, iteration=5)


class Add(Layer):
    """The sum of two values."""

    def forward(self, inputs, context):
        one, other = inputs
        return one + other, None

    def backward(self, gradient, saved, *, inputs_gradient=True):
        return (gradient, gradient) if inputs_gradient else None, ()


class Multiply(Layer):
    """The product of two values, which it keeps."""

    def forward(self, inputs, context):
        one, other = inputs
        return one * other, inputs

    def backward(self, gradient, saved, *, inputs_gradient=True):
        one, other = saved
        return (gradient * other, gradient * one) if inputs_gradient else None, ()


def graph_of(shape, *steps, dtype="float64"):
    """Return a graph of (layer, sources) pairs, built."""
    shapes, made = [shape], []
    for number, (layer, *sources) in enumerate(steps, start=1):
        layer.dtype = dtype
        if not layer.built:
            layer.build(shapes[sources[0]], seed=1, index=number)
        shapes.append(layer.output_shape)
        made.append(Step(number, layer, tuple(sources)))
    return Graph(shape, tuple(made))


def residual(dtype="float64"):
    """Forks within a stage and across stages, sums and a product."""
    return graph_of(
        (6, 6, 2),
        (layers.Conv2D(8, 3, padding="same"), 0),
        (layers.ReLU(), 1),
        (layers.Conv2D(8, 3, padding="same"), 2),
        (layers.BatchNormalization(), 3),
        (Add(), 4, 2),  # over a stage of the whole batch
        (layers.ReLU(), 5),
        (layers.Conv2D(8, 3, padding="same"), 6),
        (Multiply(), 7, 6),
        (layers.GlobalAveragePooling2D(), 8),
        (layers.Dense(8), 9),
        (Add(), 10, 9),
        (layers.Dense(3), 11),
        dtype=dtype,
    )


def taking(x):
    return MicroBatches([(0, len(x))], [x])


def loss_gradient(outputs, start, end):
    return np.cos(np.arange(start, end))[:, np.newaxis] * np.ones_like(outputs)


def loss_of(plan, x):
    """The loss whose gradient ``loss_gradient`` is, with batch statistics as in training."""
    values = {0: taking(x)}
    from pellucid.engine.plan import _forward

    with Workers(1) as workers:
        for stage in plan.stages:
            _forward(stage, values, len(x), TRAINING, workers)
    outputs = values[plan.output].between(0, len(x))
    return float((loss_gradient(outputs, 0, len(x)) * outputs).sum())


def gradients_of(plan, x, threads=1):
    with Workers(threads) as workers:
        gradients, _ = plan.step(taking(x), len(x), TRAINING, loss_gradient, workers)
    return [
        sum(one.whole() if hasattr(one, "whole") else one for one in of_parameter)
        for of_parameter in gradients
    ]


@pytest.fixture
def small_micro_batches(monkeypatch):
    monkeypatch.setattr(module, "MAPS_BYTES", 6 * 6 * 8 * 8 * 2)
    monkeypatch.setattr(module, "DENSE_PRODUCTS", 0)


@pytest.mark.usefixtures("small_micro_batches")
def test_gradients_are_the_slopes_of_the_loss():
    plan, x = Plan(residual()), np.random.default_rng(0).normal(size=(7, 6, 6, 2))
    assert len(plan.stages) == 4
    assert max(len(stage.bounds(7)) for stage in plan.stages) == 4
    found = gradients_of(plan, x)
    generator = np.random.default_rng(1)
    for (layer, name), gradient in zip(plan.parameter_arrays, found, strict=True):
        values = layer.parameters[name]
        direction = generator.normal(size=values.shape)
        before = values.copy()
        slopes = []
        for step in (1e-6, -1e-6):
            values[...] = before + step * direction
            slopes.append(loss_of(plan, x))
        values[...] = before
        slope = (slopes[0] - slopes[1]) / 2e-6
        assert (gradient * direction).sum() == pytest.approx(slope, rel=1e-5, abs=1e-7), (layer.name, name)


@pytest.mark.usefixtures("small_micro_batches")
def test_a_branch_that_is_left_out_is_noticed(monkeypatch):
    x = np.random.default_rng(0).normal(size=(7, 6, 6, 2))
    expected = gradients_of(Plan(residual()), x)
    monkeypatch.setattr(
        Add, "backward", lambda self, gradient, saved, *, inputs_gradient=True: ((gradient, 0 * gradient), ())
    )
    assert not np.allclose(gradients_of(Plan(residual()), x)[0], expected[0], rtol=1e-3)


@pytest.mark.usefixtures("small_micro_batches")
@pytest.mark.parametrize("engine", ["plain", "numpy"])
def test_the_bits_are_the_same_on_any_number_of_threads(engine):
    x = np.random.default_rng(0).normal(size=(9, 6, 6, 2)).astype(np.float32)
    plan = Plan(residual("float32"), forms_for(engine))
    alone = [gradient.tobytes() for gradient in gradients_of(plan, x)]
    for threads in (2, 3):
        assert [gradient.tobytes() for gradient in gradients_of(plan, x, threads)] == alone


def test_fused_and_plain_agree_where_values_are_read_twice():
    x = np.random.default_rng(0).normal(size=(9, 6, 6, 2)).astype(np.float32)
    fast, plain = (Plan(residual("float32"), forms_for(engine)) for engine in ("numpy", "plain"))
    for one, other in zip(gradients_of(fast, x), gradients_of(plain, x), strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-3, atol=2e-4)
    with Workers(2) as workers:
        outputs = [plan.outputs(taking(x), 9, INFERENCE, workers) for plan in (fast, plain)]
    np.testing.assert_allclose(*outputs, rtol=1e-3, atol=1e-5)


def fused_steps(graph):
    units = units_of(graph, forms_for("numpy"))
    return [unit.value for unit in units if isinstance(unit.operation, FusedOperation)], len(units)


def test_operations_are_fused_only_where_nothing_else_reads_the_values_between_them():
    conv, relu, pool = layers.Conv2D(8, 3, padding="same"), layers.ReLU(), layers.MaxPooling2D()
    alone = graph_of((6, 6, 8), (conv, 0), (relu, 1), (pool, 2), dtype="float32")
    assert fused_steps(alone) == ([3], 1)
    conv, relu = layers.Conv2D(8, 3, padding="same"), layers.ReLU()
    read_twice = graph_of((6, 6, 8), (conv, 0), (relu, 1), (Add(), 1, 2), dtype="float32")
    assert fused_steps(read_twice) == ([1], 3)
    conv, relu = layers.Conv2D(8, 3, padding="same"), layers.ReLU()
    after_it = graph_of((6, 6, 8), (conv, 0), (layers.ReLU(), 0), (relu, 1), (Add(), 2, 3), dtype="float32")
    assert fused_steps(after_it) == ([3], 3)


def test_what_does_not_lead_to_the_output_is_not_computed():
    dense = layers.Dense(3)
    graph = graph_of((4,), (dense, 0), (layers.Dense(5), 0), (layers.ReLU(), 1))
    assert [unit.value for unit in units_of(graph, ())] == [1, 3]
    assert [layer for layer, _ in Plan(graph).parameter_arrays] == [dense, dense]


def test_a_layer_used_twice_has_the_gradients_of_both_uses():
    shared = layers.Dense(4)
    graph = graph_of((4,), (shared, 0), (shared, 1))
    x = np.random.default_rng(0).normal(size=(3, 4))
    kernel, bias = gradients_of(Plan(graph), x)
    weights = shared.parameters["kernel"]
    last = loss_gradient(np.ones((3, 4)), 0, 3)
    between = x @ weights + shared.parameters["bias"]
    np.testing.assert_allclose(kernel, between.T @ last + x.T @ (last @ weights.T))
    np.testing.assert_allclose(bias, (last + last @ weights.T).sum(axis=0))


def test_only_what_a_trained_parameter_needs_is_gone_back_through():
    frozen, trained = layers.Dense(4, trainable=False), layers.Dense(4)
    graph = graph_of((4,), (frozen, 0), (trained, 0), (Add(), 1, 2))
    plan, x = Plan(graph), np.random.default_rng(0).normal(size=(3, 4))
    assert [layer for layer, _ in plan.parameter_arrays] == [trained, trained]
    kernel, _ = gradients_of(plan, x)
    np.testing.assert_allclose(kernel, x.T @ loss_gradient(np.ones((3, 4)), 0, 3))


def test_stages_with_forks_are_no_chains():
    """Only the batch normalisation between two of them is one."""
    stages = Plan(residual()).stages
    assert [stage.is_chain for stage in stages] == [False, True, False, False]
