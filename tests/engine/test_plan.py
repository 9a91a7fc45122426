"""How a batch is cut: stages by the layers' kind, pieces that cover the batch, and the same gradients."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid import Sequential, layers
from pellucid.core.pass_context import INFERENCE, PassContext
from pellucid.engine import stage as module
from pellucid.engine.plan import Plan
from pellucid.engine.values import MicroBatches
from pellucid.engine.workers import Workers
from pellucid.graph.graph import Graph
from pellucid.layers import Layer

TRAINING = PassContext(training=True, seed=3, iteration=5)


def graph_of(shape, *made, dtype="float64"):
    for layer in made:
        layer.dtype = dtype
    return Sequential([layers.Input(shape), *made], seed=1).graph


def stages_of(shape, *made):
    plan = Plan(graph_of(shape, *made))
    return [[type(unit.operation).__name__ for unit in stage.units] for stage in plan.stages]


def taking(batch):
    return MicroBatches([(0, len(batch))], [batch])


# Where a network is cut into stages


def test_maps_and_dense_layers_are_stages_apart():
    assert stages_of(
        (8, 8, 1),
        layers.Conv2D(2, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(4, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(3, activation="softmax"),
    ) == [
        ["Conv2D", "ReLU", "MaxPooling2D", "Dropout", "Flatten"],
        ["Dense", "ReLU", "Dropout", "Dense", "Softmax"],
    ]


def test_a_layer_that_wants_the_whole_batch_is_a_stage_of_its_own():
    assert stages_of(
        (8, 8, 1),
        layers.BatchNormalization(),
        layers.Conv2D(2, 3),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Flatten(),
        layers.Dense(3),
        layers.BatchNormalization(),
        layers.BatchNormalization(),
        layers.Softmax(),
    ) == [
        ["BatchNormalization"],
        ["Conv2D"],
        ["BatchNormalization"],
        ["ReLU", "Flatten"],
        ["Dense"],
        ["BatchNormalization", "BatchNormalization", "Softmax"],
    ]


def test_layers_on_flat_values_go_along_with_what_comes_before_them():
    assert stages_of((4, 4, 2), layers.GlobalAveragePooling2D(), layers.Rescaling(2.0), layers.Softmax()) == [
        ["GlobalAveragePooling2D", "Rescaling", "Softmax"]
    ]
    assert stages_of((16,), layers.Rescaling(2.0), layers.Dense(3)) == [["Rescaling", "Dense"]]


def test_a_network_of_nothing_is_one_empty_stage():
    assert stages_of((16,), layers.Activation("linear")) == [[]]
    plan, x = Plan(Graph((2,), ())), np.ones((5, 2))
    with Workers(1) as workers:
        np.testing.assert_array_equal(plan.outputs(taking(x), 5, INFERENCE, workers), x)


# How a stage cuts a batch


def micro_batch_sizes(shape, *made, images, dtype="float32"):
    return [stage.micro_batch_size(images) for stage in Plan(graph_of(shape, *made, dtype=dtype)).stages]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_maps_are_cut_so_that_the_largest_of_a_piece_fit_the_cache(dtype):
    # of an image's maps the first are the largest: 10·10·16 values
    largest = 10 * 10 * 16 * np.dtype(dtype).itemsize
    made = layers.Conv2D(16, 3, padding="same"), layers.MaxPooling2D()
    (size,) = micro_batch_sizes((10, 10, 1), *made, images=1000, dtype=dtype)
    assert module.MAPS_BYTES / 2 < size * largest <= module.MAPS_BYTES  # and no smaller than need be


def test_an_image_whose_maps_do_not_fit_is_a_piece():
    assert micro_batch_sizes((1024, 1024, 1), layers.ReLU(), images=3) == [1]


def test_a_dense_stage_is_cut_in_two_when_that_pays():
    assert micro_batch_sizes((2048,), layers.Dense(512), images=7) == [4]
    assert micro_batch_sizes((2048,), layers.Dense(512), images=3) == [3]
    assert micro_batch_sizes((16,), layers.Dense(4), images=1000) == [1000]


def test_batch_normalisation_has_the_batch_whole():
    assert micro_batch_sizes((512, 512, 3), layers.BatchNormalization(), images=100) == [100]


@given(images=st.integers(1, 300), units=st.sampled_from([1, 100, 3000]), side=st.sampled_from([2, 60, 300]))
def test_pieces_cover_the_batch_exactly_in_order(images, units, side):
    made = layers.ReLU(), layers.GlobalAveragePooling2D(), layers.Dense(units), layers.Dense(1000)
    for stage in Plan(graph_of((side, side, 3), *made, layers.BatchNormalization())).stages:
        pieces = stage.bounds(images)
        assert [row for start, end in pieces for row in range(start, end)] == list(range(images))
        assert all(end - start == stage.micro_batch_size(images) for start, end in pieces[:-1])


# The same gradients however a batch is cut


def network():
    return (
        layers.Conv2D(3, 3, activation="relu"),
        layers.MaxPooling2D(padding="same"),
        layers.Dropout(0.3),
        layers.BatchNormalization(),
        layers.FeatureMapNormalization(),
        layers.Flatten(),
        layers.Dense(5, activation="relu"),
        layers.Dropout(0.4),
        layers.Dense(4, activation="softmax"),
    )


def in_one_piece(elementary, x, loss_gradient):
    """The oracle: every layer on the whole batch, one after the other, and back."""
    saved, values = [], x
    for layer in elementary:
        values, kept = layer.forward(values, TRAINING)
        saved.append(kept)
    gradient, own = loss_gradient(values, 0, len(x)), []
    for layer, kept in zip(reversed(elementary), reversed(saved), strict=True):
        gradient, gradients = layer.backward(gradient, kept)
        if layer.trainable:
            own[:0] = gradients
    return values, own


def in_pieces(plan, x, loss_gradient, threads=1):
    with Workers(threads) as workers:
        gradients, saved = plan.step(taking(x), len(x), TRAINING, loss_gradient, workers)
    own = [sum(of_parameter) for of_parameter in gradients]
    return own, saved


def some_gradient(outputs, start, end):
    places = np.arange(start, end)[:, np.newaxis] + np.arange(outputs.shape[1])
    return np.sin(places) * outputs


@given(images=st.integers(1, 20), piece=st.integers(1, 20), dense=st.integers(1, 5))
def test_gradients_of_pieces_add_up_to_those_of_the_whole(images, piece, dense):
    x = np.random.default_rng(images).normal(size=(images, 6, 7, 2))
    graph = graph_of((6, 7, 2), *network())
    _, expected = in_one_piece([step.operation for step in graph], x, some_gradient)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MAPS_BYTES", piece * 6 * 7 * 3 * 8)
        patch.setattr(module, "DENSE_PRODUCTS", 0)
        patch.setattr(module, "DENSE_MICRO_BATCHES", dense)
        found, _ = in_pieces(Plan(graph), x, some_gradient, threads=2)
    assert len(found) == len(expected)
    for mine, whole in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, whole, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("frozen", [0, 1, 7, 9])
def test_a_chain_is_computed_as_any_other_stage(frozen):
    x = np.random.default_rng(0).normal(size=(9, 6, 7, 2))
    made = network()
    for layer in made[:frozen]:
        layer.trainable = False
    plan = Plan(graph_of((6, 7, 2), *made))
    assert all(stage.is_chain for stage in plan.stages)
    chain, _ = in_pieces(plan, x, some_gradient)
    for stage in plan.stages:
        stage.is_chain = False
    general, _ = in_pieces(plan, x, some_gradient)
    assert len(chain) == len(general) == {0: 8, 1: 6, 7: 2, 9: 0}[frozen]
    for one, other in zip(chain, general, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_comparison_notices_a_piece_left_out(monkeypatch):
    x = np.random.default_rng(0).normal(size=(20, 6, 7, 2))
    graph = graph_of((6, 7, 2), *network())
    _, expected = in_one_piece([step.operation for step in graph], x, some_gradient)
    monkeypatch.setattr(module, "DENSE_PRODUCTS", 0)
    with Workers(1) as workers:
        gradients, _ = Plan(graph).step(taking(x), 20, TRAINING, some_gradient, workers)
    assert len(gradients[-4]) == 2
    assert not np.allclose(gradients[-4][0], expected[-4], rtol=1e-3)


def test_outputs_are_those_of_layer_after_layer():
    x = np.random.default_rng(0).normal(size=(9, 6, 7, 2))
    made = network()
    graph = graph_of((6, 7, 2), *made)
    expected = x
    for layer in made:
        expected = layer(expected)
    with Workers(2) as workers:
        found = Plan(graph).outputs(taking(x), 9, INFERENCE, workers)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_a_step_changes_nothing_before_its_states_are_taken_in():
    x = np.random.default_rng(0).normal(size=(9, 6, 7, 2))
    made = network()
    plan = Plan(graph_of((6, 7, 2), *made))
    before = [array for layer in made for array in layer.get_weights()]
    _, saved = in_pieces(plan, x, some_gradient)
    for old, new in zip(before, [a for layer in made for a in layer.get_weights()], strict=True):
        np.testing.assert_array_equal(old, new)
    plan.update_states(saved)
    assert not np.array_equal(made[3].state["moving_mean"], np.zeros(3))


# What is not computed


class Spy(Layer):
    """Passes everything on, and notes what its backward is asked for."""

    def __init__(self, *, parameters=False, **options):
        super().__init__(**options)
        self.has_parameters = parameters
        self.asked: list[bool] = []

    def parameter_shapes(self, input_shape):
        return {"offset": (1,)} if self.has_parameters else {}

    @staticmethod
    def offset_initializer(shape, generator):
        return np.zeros(shape)

    def forward(self, inputs, context):
        return inputs, None

    def backward(self, gradient, saved, *, inputs_gradient=True):
        self.asked.append(inputs_gradient)
        own = (gradient.sum(keepdims=True).reshape(1),) if self.has_parameters else ()
        return (gradient if inputs_gradient else None), own


def ones_like(outputs, start, end):
    return np.ones_like(outputs)


def asked(*spies, extra=()):
    plan = Plan(graph_of((4,), *spies, *extra))
    own, _ = in_pieces(plan, np.ones((2, 4)), ones_like)
    return [spy.asked for spy in spies], own


def test_the_first_layers_inputs_gradient_is_not_computed():
    assert asked(Spy(parameters=True), Spy(parameters=True))[0] == [[False], [True]]


def test_nothing_is_computed_below_the_lowest_layer_that_is_trained():
    plain, frozen = Spy(), Spy(parameters=True, trainable=False)
    found, own = asked(plain, frozen, Spy(parameters=True), Spy(), Spy(parameters=True))
    assert found == [[], [], [False], [True], [True]]
    assert len(own) == 2


def test_a_frozen_layer_in_the_middle_passes_the_gradient_on_and_has_none():
    found, own = asked(Spy(parameters=True), Spy(parameters=True, trainable=False), Spy(parameters=True))
    assert found == [[False], [True], [True]]
    assert [gradient.tolist() for gradient in own] == [[8.0], [8.0]]


def test_a_network_frozen_wholly_has_no_gradients():
    found, own = asked(Spy(parameters=True, trainable=False), Spy())
    assert found == [[], []]
    assert own == []


def test_a_frozen_first_stage_is_not_gone_back_through():
    frozen = Spy(parameters=True, trainable=False)
    found, own = asked(frozen, extra=(layers.BatchNormalization(), layers.Dense(2)))
    assert found == [[]]
    assert len(own) == 4


def test_parameter_arrays_name_what_the_gradients_belong_to():
    made = layers.Dense(3, trainable=False), layers.BatchNormalization(), layers.Dense(2, use_bias=False)
    plan = Plan(graph_of((4,), *made))
    assert [(layer.name, name) for layer, name in plan.parameter_arrays] == [
        ("batch_normalization", "gamma"),
        ("batch_normalization", "beta"),
        ("dense_1", "kernel"),
    ]
    own, _ = in_pieces(plan, np.ones((2, 4)), ones_like)
    assert [gradient.shape for gradient in own] == [(3,), (3,), (3, 2)]
