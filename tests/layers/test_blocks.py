"""Blocks compute what their layers compute, to rounding, and are chosen where they should be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid import layers
from pellucid.layers.blocks import Block, DirectBlock, WinogradBlock, blocks_for
from pellucid.layers.layer import INFERENCE, Moment

TRAINING = Moment(training=True)
BOUND = 2e-5  # of the largest value


def row_of_layers(
    shape, filters, *, kernel_size=3, padding="valid", activation="relu", pool=False, use_bias=True
):
    conv = layers.Conv2D(filters, kernel_size, padding=padding, activation=activation, use_bias=use_bias)
    conv.build(shape, seed=3)
    if use_bias:
        conv.parameters["bias"][...] = np.random.default_rng(4).normal(size=filters)
    parts = conv.parts()
    if pool:
        pooling = layers.MaxPooling2D(2)
        pooling.build(conv.output_shape)
        parts = [*parts, pooling]
    return parts


def there_and_back(parts, inputs, gradient=None, moment=TRAINING):
    """Return outputs, inputs' gradient and parameters' gradients."""
    saved = []
    for part in parts:
        inputs, kept = part.forward(inputs, moment)
        saved.append(kept)
    outputs = inputs.copy()
    gradient = np.random.default_rng(5).normal(size=outputs.shape).astype(outputs.dtype)
    own = []
    for part, kept in zip(reversed(parts), reversed(saved), strict=True):
        gradient, gradients = part.backward(gradient, kept)
        own[:0] = gradients
    return [outputs, gradient, *own]


def apart(found, expected):
    return max(
        float(np.abs(mine - plain).max() / max(np.abs(plain).max(), 1e-3))
        for mine, plain in zip(found, expected, strict=True)
    )


@given(
    n=st.integers(1, 4),
    height=st.integers(4, 14),
    width=st.integers(4, 14),
    channels=st.sampled_from([1, 2, 3, 8, 11]),
    filters=st.sampled_from([1, 8, 9]),
    padding=st.sampled_from(["valid", "same"]),
    pool=st.booleans(),
    use_bias=st.booleans(),
)
def test_a_block_equals_its_layers(n, height, width, channels, filters, padding, pool, use_bias):
    parts = row_of_layers((height, width, channels), filters, padding=padding, pool=pool, use_bias=use_bias)
    blocks = blocks_for(parts)
    # whole numbers of a coarse grain: no two values of a window are equal but for rounding, or they are equal
    values = np.random.default_rng(n).integers(-8, 9, (n, height, width, channels)) / 8
    inputs = values.astype(np.float32)
    if (
        pool and channels >= 8
    ):  # which of two nearly equal values wins is chance; compare what does not depend on it
        plain, fast = (there_and_back(some, inputs)[0] for some in (parts, blocks))
        assert apart([fast], [plain]) < BOUND
        return
    assert apart(there_and_back(blocks, inputs), there_and_back(parts, inputs)) < BOUND


@pytest.mark.parametrize("size", [(26, 26), (13, 10), (7, 5)])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_gradients_through_pooling(size, padding):
    parts = row_of_layers((*size, 8), 16, padding=padding, pool=True)
    inputs = np.random.default_rng(0).normal(size=(5, *size, 8)).astype(np.float32)
    assert [type(block) for block in blocks_for(parts)] == [WinogradBlock]
    assert apart(there_and_back(blocks_for(parts), inputs), there_and_back(parts, inputs)) < BOUND


def test_a_wrong_block_is_noticed(monkeypatch):
    parts = row_of_layers((10, 10, 8), 8)
    inputs = np.random.default_rng(0).normal(size=(2, 10, 10, 8)).astype(np.float32)
    (block,) = blocks_for(parts)
    monkeypatch.setattr(block, "rectified", False)
    assert apart(there_and_back([block], inputs), there_and_back(parts, inputs)) > BOUND


def test_what_it_computes_again_in_the_same_space_is_the_same():
    (block,) = blocks_for(row_of_layers((12, 12, 8), 8, pool=True)[:3])
    inputs = np.random.default_rng(0).normal(size=(3, 12, 12, 8)).astype(np.float32)
    first = there_and_back([block], inputs)
    there_and_back([block], inputs[::-1].copy() * 3)  # leaves other content in the space
    for one, other in zip(first, there_and_back([block], inputs), strict=True):
        np.testing.assert_array_equal(one, other)


def test_inference_gives_the_same_and_keeps_nothing():
    (block,) = blocks_for(row_of_layers((12, 12, 8), 8, pool=True)[:3])
    inputs = np.random.default_rng(0).normal(size=(3, 12, 12, 8)).astype(np.float32)
    trained = block.forward(inputs, TRAINING)[0]
    first = block.forward(inputs, INFERENCE)[0]
    block.forward(inputs * 2, INFERENCE)
    np.testing.assert_array_equal(first, trained)


@pytest.mark.parametrize(
    ("row", "kinds"),
    [
        (lambda: row_of_layers((12, 12, 8), 8, pool=True), [WinogradBlock]),
        (lambda: row_of_layers((12, 12, 8), 8), [WinogradBlock]),
        (lambda: row_of_layers((12, 12, 8), 8, activation=None), [WinogradBlock]),
        (lambda: row_of_layers((12, 12, 3), 8), [DirectBlock]),
        (
            lambda: row_of_layers((12, 12, 1), 64, kernel_size=5, pool=True),
            [DirectBlock, layers.MaxPooling2D],
        ),
        (lambda: row_of_layers((12, 12, 8), 4), [layers.Conv2D, layers.ReLU]),
        (lambda: row_of_layers((12, 12, 8), 8, kernel_size=5), [layers.Conv2D, layers.ReLU]),
    ],
)
def test_where_blocks_are_chosen(row, kinds):
    assert [type(part) for part in blocks_for(row())] == kinds


@pytest.mark.parametrize("options", [{"strides": 2}, {"dtype": "float64"}])
def test_where_no_block_is_chosen(options):
    conv = layers.Conv2D(8, 3, **options)
    conv.build((12, 12, 8))
    assert not any(isinstance(part, Block) for part in blocks_for(conv.parts()))
