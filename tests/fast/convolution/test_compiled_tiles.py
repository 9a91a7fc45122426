"""The transforms of tiles of any maps, against the matrices, and each way back against its way there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from normal import normal

from pellucid.fast.convolution import compiled_image_tiles, compiled_output_tiles, compiled_pooled_tiles
from pellucid.fast.convolution import winograd_transforms as winograd
from pellucid.fast.convolution.winograd_transforms import Tiling
from pellucid.functions import max_pool

NOTHING = np.empty(0, np.uint16)
SIZES = {
    "images": st.integers(1, 3),
    "height": st.integers(3, 15),
    "width": st.integers(3, 15),
    "channels": st.sampled_from([16, 32, 48]),
    "padding": st.sampled_from(["valid", "same"]),
}


def tiling_of(images, height, width, padding):
    tiling = Tiling.of(height, width, padding)
    return tiling, images * tiling.rows * tiling.columns


def assembled(tile_values, tiling, images):
    """Lay tiles (16, T, K) side by side: (n, H', W', K)."""
    K = tile_values.shape[-1]
    whole = tile_values.reshape(4, 4, images, tiling.rows, tiling.columns, K).transpose(2, 3, 0, 4, 1, 5)
    whole = whole.reshape(images, tiling.rows * 4, tiling.columns * 4, K)
    return whole[:, : tiling.out_height, : tiling.out_width]


def outputs_of(products, tiling, images):
    """The oracle: M (36, T, K) -> (n, H', W', K) by the matrix."""
    whole = np.empty((16, *products.shape[1:]), np.float32)
    winograd.transform_outputs(winograd.F4, np.ascontiguousarray(products), whole)
    return assembled(whole, tiling, images)


@given(**SIZES)
def test_images(guards, images, height, width, channels, padding):
    made, (tiling, T) = guards(), tiling_of(images, height, width, padding)
    values = made.put(normal(images, height, width, channels))
    transformed = made.planes(T, channels)
    compiled_image_tiles.transform_images(values, 0, images, tiling, transformed)
    made.check()
    expected = np.empty((36, T, channels), np.float32)
    winograd.transform_images(winograd.F4, values, tiling, expected)
    np.testing.assert_allclose(transformed, expected, atol=1e-4)


@given(**SIZES)
def test_the_images_gradient(guards, images, height, width, channels, padding):
    made, (tiling, T) = guards(), tiling_of(images, height, width, padding)
    d_transformed = made.planes(T, channels)
    d_transformed[...] = normal(36, T, channels)
    d_images = made.put(np.full((images, height, width, channels), np.nan, np.float32))
    compiled_image_tiles.images_gradient(d_transformed, 0, images, tiling, d_images)
    made.check()
    expected = np.empty_like(d_images)
    winograd.images_gradient(winograd.F4, np.ascontiguousarray(d_transformed), tiling, expected)
    np.testing.assert_allclose(d_images, expected, atol=5e-4)


@given(rectified=st.booleans(), wanted=st.booleans(), **SIZES)
def test_outputs(guards, images, height, width, channels, padding, rectified, wanted):
    made, (tiling, T) = guards(), tiling_of(images, height, width, padding)
    products, bias = made.planes(T, channels), made.put(normal(channels))
    products[...] = normal(36, T, channels)
    outputs = made.put(np.zeros((images, tiling.out_height, tiling.out_width, channels), np.float32))
    words = made.put(np.zeros(outputs.size // 16, np.uint16)) if wanted else NOTHING
    compiled_output_tiles.transform_outputs(products, bias, 0, images, tiling, rectified, outputs, words)
    made.check()
    expected = outputs_of(products, tiling, images) + bias
    if rectified:
        np.maximum(expected, 0, out=expected)
        np.testing.assert_array_equal(np.signbit(outputs) & (outputs != 0), False)
    np.testing.assert_allclose(outputs, expected, atol=1e-4)
    if wanted and rectified:
        positive = np.unpackbits(words.view(np.uint8), bitorder="little").astype(bool)
        np.testing.assert_array_equal(positive.reshape(outputs.shape), outputs > 0)


@given(wanted=st.booleans(), **SIZES)
def test_the_outputs_gradient_is_the_way_there_turned_round(
    guards, images, height, width, channels, padding, wanted
):
    """<A m, g> = <m, Aᵀ g> for any m and g; with the bias beside it."""
    made, (tiling, T) = guards(), tiling_of(images, height, width, padding)
    shape = images, tiling.out_height, tiling.out_width, channels
    gradient = made.put(normal(*shape, seed=1))
    positive = normal(*shape, seed=2) > 0 if wanted else np.ones(shape, bool)
    packed = np.packbits(positive.ravel(), bitorder="little").view(np.uint16)
    words = made.put(packed) if wanted else NOTHING
    d_products, d_bias = made.planes(T, channels), made.put(np.zeros(channels, np.float32))
    compiled_output_tiles.outputs_gradient(gradient, words, 0, images, tiling, d_products, d_bias)
    made.check()
    reached = (gradient * positive).astype(float)
    np.testing.assert_allclose(d_bias, reached.sum((0, 1, 2)), atol=1e-4)
    products = normal(36, T, channels, seed=3)
    there = (outputs_of(products, tiling, images).astype(float) * reached).sum()
    back = (products.astype(float) * d_products).sum()
    np.testing.assert_allclose(back, there, rtol=1e-4, atol=1e-2)


@given(**SIZES)
def test_pooled_outputs_and_their_gradient(guards, images, height, width, channels, padding):
    made, (tiling, T) = guards(), tiling_of(images, height, width, padding)
    half = images, tiling.out_height // 2, tiling.out_width // 2, channels
    products, bias = made.planes(T, channels), made.put(normal(channels))
    products[...] = normal(36, T, channels)
    outputs, winners = made.put(np.zeros(half, np.float32)), np.zeros(4 * int(np.prod(half)) // 16, np.uint16)
    winners = made.put(winners)
    compiled_pooled_tiles.transform_and_pool_outputs(products, bias, 0, images, tiling, outputs, winners)
    made.check()
    whole = np.maximum(outputs_of(products, tiling, images) + bias, 0)
    if not outputs.size:  # maps of a single row or column
        return
    np.testing.assert_allclose(outputs, max_pool(whole, 2), atol=1e-4)
    inference = np.empty_like(outputs)
    compiled_pooled_tiles.transform_and_pool_outputs(products, bias, 0, images, tiling, inference, NOTHING)
    np.testing.assert_array_equal(inference, outputs)

    bits = np.unpackbits(winners.view(np.uint8), bitorder="little").reshape(4, *half).astype(bool)
    np.testing.assert_array_equal(bits.sum(0), outputs > 0)  # one of each window, if any is positive
    windows = whole[:, : 2 * half[1], : 2 * half[2]].reshape(images, half[1], 2, half[2], 2, channels)
    by_place = windows.transpose(2, 4, 0, 1, 3, 5).reshape(4, *half)
    np.testing.assert_allclose((by_place * bits).sum(0), outputs, atol=1e-4)

    gradient = made.put(normal(*half, seed=1))
    d_products, d_bias = made.planes(T, channels), made.put(np.zeros(channels, np.float32))
    compiled_pooled_tiles.pooled_outputs_gradient(gradient, winners, 0, images, tiling, d_products, d_bias)
    made.check()
    reached = (gradient * bits).astype(float)  # (4, n, H'/2, W'/2, K)
    np.testing.assert_allclose(d_bias, reached.sum((0, 1, 2, 3)), atol=1e-4)
    other = normal(36, T, channels, seed=3)
    maps = outputs_of(other, tiling, images)[:, : 2 * half[1], : 2 * half[2]].astype(float)
    maps = maps.reshape(images, half[1], 2, half[2], 2, channels).transpose(2, 4, 0, 1, 3, 5)
    there, back = (maps.reshape(reached.shape) * reached).sum(), (other.astype(float) * d_products).sum()
    np.testing.assert_allclose(back, there, rtol=1e-4, atol=1e-2)


def test_of_equal_pixels_the_first_wins_and_of_none_positive_none():
    tiling = Tiling.of(6, 6, "valid")
    products, winners = np.zeros((36, 1, 16), np.float32), np.empty(16, np.uint16)
    outputs = np.empty((1, 2, 2, 16), np.float32)
    for bias, first in ((1, 0xFFFF), (0, 0), (-1, 0)):
        offset = np.full(16, bias, np.float32)
        compiled_pooled_tiles.transform_and_pool_outputs(products, offset, 0, 1, tiling, outputs, winners)
        assert (outputs == max(bias, 0)).all()
        np.testing.assert_array_equal(winners, [first] * 4 + [0] * 12)


def test_some_of_the_images_are_done_and_no_others(guarded):
    tiling, T = tiling_of(2, 7, 9, "same")
    values, bias = guarded.put(normal(4, 7, 9, 16)), np.zeros(16, np.float32)
    some = guarded.planes(T, 16)
    compiled_image_tiles.transform_images(values, 1, 3, tiling, some)
    expected = np.empty((36, T, 16), np.float32)
    winograd.transform_images(winograd.F4, values[1:3], tiling, expected)
    np.testing.assert_allclose(some, expected, atol=1e-4)
    outputs, words = np.full((4, 7, 9, 16), 5, np.float32), np.zeros(4 * 7 * 9, np.uint16)
    compiled_output_tiles.transform_outputs(some, bias, 1, 3, tiling, True, outputs, words)
    assert (outputs[[0, 3]] == 5).all()
    assert not words.reshape(4, 63)[[0, 3]].any()
    assert words.reshape(4, 63)[[1, 2]].any()
    d_images = np.full((4, 7, 9, 16), 5, np.float32)
    compiled_image_tiles.images_gradient(some, 1, 3, tiling, d_images)
    assert (d_images[[0, 3]] == 5).all()
    assert not (d_images[[1, 2]] == 5).any()


@pytest.mark.parametrize("place", range(4))
def test_a_pixel_that_is_no_number_is_the_largest_of_its_window(place):
    tiling = Tiling.of(6, 6, "valid")
    outputs, winners = np.empty((1, 2, 2, 16), np.float32), np.empty(16, np.uint16)
    products = np.zeros((36, 1, 16), np.float32)
    # of the 36 products the last row and column reach the last row and column of outputs alone
    products[{0: 0, 1: 5, 2: 30, 3: 35}[place], 0, 2] = np.nan
    compiled_pooled_tiles.transform_and_pool_outputs(
        products, np.zeros(16, np.float32), 0, 1, tiling, outputs, winners
    )
    assert np.isnan(outputs[0, place // 2, place % 2, 2])
    assert np.isfinite(np.delete(outputs, 2, axis=3)).all()
