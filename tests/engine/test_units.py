"""Fused operations compute what their layers compute, to rounding, and are fused where they should be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows_of_layers import apart, fused, names, row_of_layers, there_and_back

from pellucid import Sequential, layers
from pellucid.core.pass_context import INFERENCE, PassContext
from pellucid.layers.layer import Layer

TRAINING = PassContext(training=True)
BOUND = 2e-5  # of the largest value


@pytest.fixture(params=["compiled", "numpy"])
def engine(request):
    """The engines that fuse operations."""
    if request.param == "compiled":
        pytest.importorskip("numba")
    return request.param


@pytest.mark.parametrize("engine", ["compiled", "numpy"])
@given(
    n=st.integers(1, 4),
    height=st.integers(3, 14),
    width=st.integers(3, 14),
    channels=st.sampled_from([1, 2, 3, 8, 11, 16, 32, 48]),
    filters=st.sampled_from([1, 8, 9, 16, 32, 48]),
    padding=st.sampled_from(["valid", "same"]),
    activation=st.sampled_from(["relu", None]),
    pool=st.booleans(),
    use_bias=st.booleans(),
)
def test_a_fused_convolution_equals_its_layers(
    engine, n, height, width, channels, filters, padding, activation, pool, use_bias
):
    pool = pool and min(height, width) >= 4
    options = {"padding": padding, "activation": activation, "pool": pool, "use_bias": use_bias}
    parts = row_of_layers((height, width, channels), filters, **options)
    blocks = fused(parts, engine)
    # whole numbers of a coarse grain: no two values of a window are equal but for rounding, or they are equal
    values = np.random.default_rng(n).integers(-8, 9, (n, height, width, channels)) / 8
    inputs = values.astype(np.float32)
    if pool and channels >= 8:
        # which of two nearly equal values wins is chance; compare what does not depend on it
        plain, fast = (there_and_back(some, inputs)[0] for some in (parts, blocks))
        assert apart([fast], [plain]) < BOUND
        return
    assert apart(there_and_back(blocks, inputs), there_and_back(parts, inputs)) < BOUND


@pytest.mark.parametrize("size", [(26, 26), (13, 10), (7, 5)])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("channels", [8, 16])
def test_gradients_through_pooling(size, padding, channels, engine):
    parts = row_of_layers((*size, channels), 16, padding=padding, pool=True)
    inputs = np.random.default_rng(0).normal(size=(5, *size, channels)).astype(np.float32)
    blocks = fused(parts, engine)
    assert names(blocks) == ["compiled winograd" if (engine, channels) == ("compiled", 16) else "winograd"]
    assert apart(there_and_back(blocks, inputs), there_and_back(parts, inputs)) < BOUND


@pytest.mark.parametrize("channels", [1, 8, 16])
def test_a_wrong_fused_operation_is_noticed(monkeypatch, channels, engine):
    parts = row_of_layers((10, 10, channels), 16)
    inputs = np.random.default_rng(0).normal(size=(2, 10, 10, channels)).astype(np.float32)
    (block,) = fused(parts, engine)
    monkeypatch.setattr(block, "rectified", False)
    assert apart(there_and_back([block], inputs), there_and_back(parts, inputs)) > BOUND


@pytest.mark.parametrize("channels", [1, 8, 16])
def test_what_it_computes_again_in_the_same_space_is_the_same(channels, engine):
    blocks = fused(row_of_layers((12, 12, channels), 16, pool=True), engine)
    inputs = np.random.default_rng(0).normal(size=(3, 12, 12, channels)).astype(np.float32)
    first = there_and_back(blocks, inputs)
    there_and_back(blocks, inputs[::-1].copy() * 3)  # leaves other content in the space
    for one, other in zip(first, there_and_back(blocks, inputs), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("channels", [1, 8, 16])
def test_inference_gives_the_same_and_keeps_nothing(channels, engine):
    blocks = fused(row_of_layers((12, 12, channels), 16, pool=True), engine)
    inputs = np.random.default_rng(0).normal(size=(3, 12, 12, channels)).astype(np.float32)

    def forward(values, context):
        for block in blocks:
            values, _ = block.forward(values, context)
        return values

    trained = forward(inputs, TRAINING)
    first = forward(inputs, INFERENCE)
    forward(inputs * 2, INFERENCE)
    np.testing.assert_array_equal(first, trained)


@pytest.mark.parametrize("pool", [False, True])
@pytest.mark.parametrize("channels", [8, 16])
@pytest.mark.parametrize("size", [(6, 6), (5, 5), (5, 6), (6, 5), (4, 4)])
def test_outputs_of_a_single_tile_are_no_space_that_is_used_again(size, channels, pool, engine):
    """One image of one tile: nothing is moved on the way out, and NumPy could return a view."""
    first = row_of_layers((*size, channels), 16, pool=pool)
    (block,) = fused(first, engine)
    generator = np.random.default_rng(0)
    inputs, other = generator.normal(size=(2, 1, *size, channels)).astype(np.float32)
    for context in (TRAINING, INFERENCE):
        outputs, _ = block.forward(inputs, context)
        kept = outputs.copy()
        (same_shape,) = fused(row_of_layers((*size, channels), 16, pool=pool), engine)
        there_and_back([same_shape], other)
        block.forward(other, INFERENCE)
        np.testing.assert_array_equal(outputs, kept)


@pytest.mark.parametrize("channels", [8, 16])
def test_batches_of_one_image_train_as_plain_ones_do(channels, engine):
    def weights(chosen):
        network = Sequential(
            [
                layers.Input((6, 6, channels)),
                layers.Conv2D(16, 3, activation="relu"),
                layers.Conv2D(16, 3, padding="same", activation="relu"),
                layers.MaxPooling2D(2),
                layers.Conv2D(16, 3, padding="same"),
                layers.Flatten(),
                layers.Dense(3, activation="softmax"),
            ],
            seed=1,
        )
        network.compile("sgd", "sparse_categorical_crossentropy", engine=chosen)
        x = np.random.default_rng(0).normal(size=(4, 6, 6, channels)).astype(np.float32)
        network.fit(x, np.array([0, 1, 2, 0]), batch_size=1, epochs=3, shuffle=False, verbose=0)
        return network.get_weights()

    assert apart(weights(engine), weights("plain")) < 10 * BOUND


# What other layers may hand over


class Odd(Layer):
    """Passes values on in float64, and not contiguous, as a user's own layer may."""

    def forward(self, inputs, context):
        return self.odd(inputs), None

    def backward(self, gradient, saved, *, inputs_gradient=True):
        return self.odd(gradient), ()

    @staticmethod
    def odd(values):
        return np.repeat(values.astype(np.float64), 2, axis=-1)[..., ::2]


@pytest.mark.parametrize("channels", [1, 8, 16])
def test_values_of_other_dtypes_and_layouts_are_understood(channels, engine):
    rows = [
        row_of_layers((8, 9, channels), 16, activation=None),
        row_of_layers((6, 7, 16), 16, padding="same", pool=True),
    ]
    pooling, normalization, dropout = layers.MaxPooling2D(), layers.BatchNormalization(), layers.Dropout(0.4)
    for layer in (pooling, normalization, dropout):
        layer.build((6, 7, 16), index=2)
    rows += [[pooling], [normalization], [dropout]]
    dense = layers.Dense(32, activation="relu")
    dense.build((16,))
    rows.append(dense.operations())
    for parts in rows:
        shape = (3, *parts[0].input_shape)
        inputs = np.random.default_rng(0).normal(size=shape).astype(np.float32)
        blocks = fused(parts, engine)
        expected = there_and_back(blocks, inputs)
        assert apart(there_and_back([Odd(), *blocks, Odd()], inputs), expected) < BOUND


@pytest.mark.parametrize("channels", [1, 16])
def test_a_users_own_subclass_is_left_to_itself(channels, engine):
    class Halved(layers.Conv2D):
        def forward(self, inputs, context):
            outputs, saved = super().forward(inputs, context)
            return outputs / 2, saved

    for made in (Halved(16, 3), type("MyDropout", (layers.Dropout,), {})(0.5)):
        made.build((8, 8, channels))
        assert fused([made], engine) == [made]
    for kind in (layers.Dense, layers.BatchNormalization, layers.MaxPooling2D):
        made = type("Own", (kind,), {})(*((4,) if kind is layers.Dense else ()))
        made.build((16,) if kind is layers.Dense else (8, 8, 16))
        assert fused([made], engine) == [made]


# Pooling, normalisation and dropout alone


def built(layer, shape, index=0):
    layer.build(shape, index=index)
    return [layer]


@given(
    n=st.integers(1, 5),
    height=st.integers(2, 9),
    width=st.integers(2, 9),
    channels=st.sampled_from([16, 32, 48]),
)
def test_pooling_is_to_the_bit_what_the_layer_does(n, height, width, channels):
    parts = built(layers.MaxPooling2D(), (height, width, channels))
    blocks = fused(parts, "compiled")
    inputs = np.random.default_rng(n).integers(-2, 3, (n, height, width, channels)).astype(np.float32)
    for mine, plain in zip(there_and_back(blocks, inputs), there_and_back(parts, inputs), strict=True):
        np.testing.assert_array_equal(mine, plain)


@given(
    n=st.integers(1, 9),
    shape=st.sampled_from([(16,), (48,), (1, 1, 16), (3, 5, 32), (4, 4, 48)]),
    group=st.sampled_from([None, 1, 2, 4, 100]),
)
def test_normalisation_equals_the_layers(n, shape, group):
    def made():
        layer = layers.BatchNormalization(virtual_batch_size=group)
        layer.build(shape)
        generator = np.random.default_rng(3)
        layer.parameters["gamma"][...] = generator.normal(size=shape[-1])
        layer.parameters["beta"][...] = generator.normal(size=shape[-1])
        return layer

    plain, other = made(), made()
    (block,) = fused([other], "compiled")
    inputs = np.random.default_rng(n).normal(3, 2, size=(n, *shape)).astype(np.float32)
    expected, found = there_and_back([plain], inputs), there_and_back([block], inputs)
    assert found[1].shape == inputs.shape
    # where an image is a group of its own the outputs are all beta, and gradients are rounding
    assert apart(found[:1] + found[2:], expected[:1] + expected[2:]) < 1e-4
    np.testing.assert_allclose(found[1], expected[1], atol=1e-4 * max(1, np.abs(expected[1]).max()))
    for one, saved in (
        (plain, plain.forward(inputs, TRAINING)[1]),
        (block, block.forward(inputs, TRAINING)[1]),
    ):
        one.update_state(saved)
    for name, value in plain.state.items():
        np.testing.assert_allclose(other.state[name], value, rtol=1e-5)
    np.testing.assert_allclose(
        block.forward(inputs, INFERENCE)[0], plain.forward(inputs, INFERENCE)[0], rtol=1e-4, atol=1e-5
    )


def test_a_frozen_normalisation_is_left_to_itself():
    (layer,) = built(layers.BatchNormalization(trainable=False), (4, 4, 16))
    assert fused([layer], "compiled") == [layer]


@given(
    images=st.integers(1, 9),
    first=st.integers(0, 100),
    shape=st.sampled_from([(16,), (48,), (2, 2, 4), (5, 3, 32)]),
    rate=st.sampled_from([0.25, 0.5, 0.1, 0.999999, 1e-9]),
    seed=st.integers(0, 2**70),
)
def test_dropout_drops_to_the_bit_what_the_layer_drops(images, first, shape, rate, seed):
    parts = built(layers.Dropout(rate), shape, index=7)
    context = PassContext(training=True, seed=seed, iteration=3, first_image=first)
    inputs = np.random.default_rng(images).normal(size=(images, *shape)).astype(np.float32)
    for mine, plain in zip(
        there_and_back(fused(parts, "compiled"), inputs, context=context),
        there_and_back(parts, inputs, context=context),
        strict=True,
    ):
        np.testing.assert_array_equal(mine, plain)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_dropout_hides_no_value_that_is_no_number(value, engine):
    """Dropped or not: times 0 it is NaN."""
    parts = built(layers.Dropout(0.5), (16,))
    inputs = np.full((4, 16), value, np.float32)
    with np.errstate(invalid="ignore"):
        for some in (parts, fused(parts, engine)):
            assert not np.isfinite(some[0].forward(inputs, TRAINING)[0]).any()


# Dense layers


@pytest.mark.parametrize("engine", ["compiled", "numpy"])
@given(
    n=st.integers(1, 20),
    inputs=st.sampled_from([1, 5, 64, 100, 300]),
    units=st.sampled_from([1, 10, 16, 48, 256]),
    activation=st.sampled_from(["relu", None]),
    use_bias=st.booleans(),
)
def test_a_fused_dense_layer_equals_its_layers(engine, n, inputs, units, activation, use_bias):
    dense = layers.Dense(units, activation=activation, use_bias=use_bias)
    dense.build((inputs,), seed=3)
    if use_bias:
        dense.parameters["bias"][...] = np.random.default_rng(4).normal(size=units)
    parts = dense.operations()
    (block,) = fused(parts, engine)
    values = np.random.default_rng(n).normal(size=(n, inputs)).astype(np.float32)
    outputs, d_inputs, d_kernel, *d_bias = there_and_back([block], values)
    put_off = hasattr(d_kernel, "whole")
    assert put_off == (inputs * units >= 4096)
    found = [outputs, d_inputs, d_kernel.whole() if put_off else d_kernel, *d_bias]
    assert apart(found, there_and_back(parts, values)) < BOUND
    outputs, saved = block.forward(values, TRAINING)
    assert block.backward(np.ones_like(outputs), saved, inputs_gradient=False)[0] is None


@pytest.mark.parametrize("units", [4, 16])
def test_a_fused_dense_layer_hides_no_value_that_is_no_number(units, engine):
    dense = layers.Dense(units, activation="relu")
    dense.build((3,))
    (block,) = fused(dense.operations(), engine)
    outputs, _ = block.forward(np.array([[1, np.nan, 1]], np.float32), INFERENCE)
    assert np.isnan(outputs).all()


# Where they are chosen


@pytest.mark.parametrize(
    ("row", "kinds", "compiled"),
    [
        (lambda: row_of_layers((12, 12, 8), 8, pool=True), ["winograd"], None),
        (lambda: row_of_layers((12, 12, 8), 8), ["winograd"], None),
        (lambda: row_of_layers((12, 12, 8), 8, activation=None), ["winograd"], None),
        (lambda: row_of_layers((12, 12, 16), 8), ["winograd"], None),
        (lambda: row_of_layers((12, 12, 16), 48), ["winograd"], ["compiled winograd"]),
        (lambda: row_of_layers((12, 12, 32), 16, pool=True), ["winograd"], ["compiled winograd"]),
        (lambda: row_of_layers((12, 12, 3), 8), ["direct"], ["compiled few kernels"]),
        (lambda: row_of_layers((12, 12, 3), 16), ["direct"], ["compiled direct"]),
        (
            lambda: row_of_layers((12, 12, 1), 64, kernel_size=5, pool=True),
            ["direct", "MaxPooling2D"],
            ["compiled few kernels", "compiled max pooling"],
        ),
        (lambda: row_of_layers((12, 12, 8), 4), ["Conv2D", "ReLU"], None),
        (lambda: row_of_layers((12, 12, 8), 8, kernel_size=5), ["Conv2D", "ReLU"], None),
        (lambda: built(layers.Dense(10), (16,)), ["dense"], ["compiled few units"]),
        (lambda: built(layers.Dense(100), (16,)), ["dense"], None),
        (lambda: built(layers.Dense(16), (10,)), ["dense"], ["compiled dense"]),
        (lambda: built(layers.Dropout(0.5), (3, 7)), ["Dropout"], None),
        (lambda: built(layers.Dropout(0.5), (4, 4, 3)), ["Dropout"], ["compiled dropout"]),
        (lambda: built(layers.MaxPooling2D(3), (6, 6, 16)), ["MaxPooling2D"], None),
        (
            lambda: built(layers.BatchNormalization(), (32,)),
            ["BatchNormalization"],
            ["compiled batch normalisation"],
        ),
    ],
)
def test_which_form_is_taken(row, kinds, compiled, engine):
    expected = kinds if engine == "numpy" or compiled is None else compiled
    assert names(fused(row(), engine)) == expected


@pytest.mark.parametrize("options", [{"strides": 2}, {"dtype": "float64"}])
@pytest.mark.parametrize("channels", [8, 16])
def test_where_no_form_fits(options, channels, engine):
    conv = layers.Conv2D(16, 3, **options)
    conv.build((12, 12, channels))
    assert names(fused(conv.operations(), engine)) == ["Conv2D"]
    for layer in (layers.Dropout(0.5, dtype="float64"), layers.BatchNormalization(dtype="float64")):
        layer.build((4, 4, 16))
        assert fused([layer], engine) == [layer]
