"""Winograd's convolution in NumPy against the layers it stands for: tiles of both sizes, images in groups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows_of_layers import apart, fused, names, row_of_layers, there_and_back

from pellucid import layers
from pellucid.core.pass_context import INFERENCE, PassContext
from pellucid.fast.convolution.winograd import WINOGRAD, pooled, unpool
from pellucid.fast.convolution.winograd_transforms import F2, F4
from pellucid.fast.form import FusedOperation

TRAINING = PassContext(training=True)
BOUND = 2e-5  # of the largest value


def built(shape, filters, *, padding="valid", pool=False, use_bias=True):
    """Return the elementary layers, and the fused operation for them."""
    parts = row_of_layers(shape, filters, padding=padding, pool=pool, use_bias=use_bias)
    return parts, FusedOperation(WINOGRAD, parts)


def images(n, shape):
    return np.random.default_rng(n).normal(size=(n, *shape)).astype(np.float32)


@given(
    n=st.integers(1, 5),
    size=st.tuples(st.integers(4, 14), st.integers(4, 14)),
    channels=st.integers(1, 9),
    filters=st.integers(1, 9),
    padding=st.sampled_from(["valid", "same"]),
    pool=st.booleans(),
    use_bias=st.booleans(),
    together=st.integers(1, 5),
)
def test_it_equals_its_layers(n, size, channels, filters, padding, pool, use_bias, together):
    shape = (*size, channels)
    parts, block = built(shape, filters, padding=padding, pool=pool, use_bias=use_bias)
    block.prepared.images_at_a_time = together
    found, expected = (there_and_back(some, images(n, shape)) for some in ([block], parts))
    # Where two values of a window, or one and zero, are equal but for rounding, chance says which wins: of
    # few values it is unlikely, and a gradient that went elsewhere shows as a difference of its own size.
    assert apart(found[:1], expected[:1]) < BOUND
    if min(margins(parts, images(n, shape))) > 1e-4:
        assert apart(found, expected) < BOUND


def margins(parts, inputs):
    """Return by how little a value differs from zero, and the two largest of a window from each other."""
    outputs = parts[0].forward(inputs, TRAINING)[0]
    yield np.abs(outputs).min()
    if len(parts) > 2:
        n, height, width, K = outputs.shape
        whole = outputs[:, : height // 2 * 2, : width // 2 * 2].reshape(n, height // 2, 2, width // 2, 2, K)
        windows = np.sort(whole.transpose(0, 1, 3, 5, 2, 4).reshape(-1, 4), axis=1)
        yield (windows[:, 3] - windows[:, 2]).min()


@pytest.mark.parametrize(("size", "form"), [((8, 8), F2), ((7, 7), F2), ((4, 4), F2), ((15, 15), F4)])
@pytest.mark.parametrize("pool", [False, True])
def test_gradients_of_both_forms(size, form, pool):
    shape = (*size, 4)
    parts, block = built(shape, 3, pool=pool)
    assert block.prepared.transforms is form
    inputs = images(3, shape)
    assert min(margins(parts, inputs)) > 1e-6
    assert apart(there_and_back([block], inputs), there_and_back(parts, inputs)) < BOUND


def test_an_image_in_two_groups_is_noticed(monkeypatch):
    parts, block = built((9, 9, 4), 3)
    inputs = images(5, (9, 9, 4))
    monkeypatch.setattr(block.prepared, "groups", lambda _: [slice(0, 3), slice(2, 5)])
    assert apart(there_and_back([block], inputs), there_and_back(parts, inputs)) > 1e-2


@pytest.mark.parametrize("size", [(8, 8), (18, 18)], ids=["F2", "F4"])
def test_of_equal_values_the_first_gets_the_gradient(size):
    """Images of ones: all windows hold four equal values, exactly, where no rounding makes them differ."""
    conv = layers.Conv2D(8, 3)
    conv.build((*size, 8), seed=0)
    pooling = layers.MaxPooling2D(2)
    pooling.build(conv.output_shape)
    block = FusedOperation(WINOGRAD, [*conv.operations(), layers.ReLU(), pooling])
    tile = block.prepared.transforms.tile
    tiles = np.ones((tile, tile, 3, 8), np.float32)
    best, won = pooled(block, tiles, TRAINING)
    d_tiles = np.empty_like(tiles)
    unpool(block, best.copy(), won, d_tiles)
    expected = np.zeros_like(tiles)
    expected[::2, ::2] = 1
    np.testing.assert_array_equal(d_tiles, expected)


def test_inference_gives_the_same_and_keeps_nothing():
    _, block = built((14, 14, 8), 8, pool=True)
    trained = block.forward(images(3, (14, 14, 8)), TRAINING)[0]
    first = block.forward(images(3, (14, 14, 8)), INFERENCE)[0]
    block.forward(images(3, (14, 14, 8)) * 2, INFERENCE)
    np.testing.assert_array_equal(first, trained)


def test_space_comes_back_to_the_pool():
    _, block = built((14, 14, 8), 8, pool=True)
    inputs = images(3, (14, 14, 8))
    there_and_back([block], inputs)
    lent = [id(row) for rows in block.buffers._rows.values() for row in rows]
    there_and_back([block], inputs)
    assert sorted(id(row) for rows in block.buffers._rows.values() for row in rows) == sorted(lent)


def test_no_images_at_all():
    _, block = built((14, 14, 8), 8)
    assert block.forward(images(0, (14, 14, 8)), INFERENCE)[0].shape == (0, 12, 12, 8)


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_it_takes_outputs_of_a_single_small_tile_even_where_forms_are_compiled(size, engine):
    parts, _ = built((size + 2, size + 2, 16), 16)
    (one,) = fused(parts, engine)
    assert names([one]) == ["winograd"]
    assert one.prepared.transforms is F2


def test_it_leaves_larger_outputs_to_compiled_forms():
    parts, _ = built((4, 5, 16), 16)
    assert names(fused(parts, "compiled")) == ["compiled winograd"]
