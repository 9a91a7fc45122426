"""Winograd's convolution against direct summation, and its matrices against exact arithmetic."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.fast.convolution import winograd_transforms as winograd
from pellucid.fast.convolution.winograd_transforms import F2, F4, Tiling, transforms_for
from pellucid.functions import convolve, convolve_backward

# Largest difference from the plain form, relative to the largest value, that rounding in float32 may make.
BOUNDS = {F4: 2e-5, F2: 2e-6}
FORMS = pytest.mark.parametrize("transforms", [F4, F2], ids=["F4", "F2"])


@FORMS
def test_the_matrices_compute_a_convolution_exactly(transforms):
    """In fractions nothing is rounded: Aᵀ[(Gg) ⊙ (Bᵀd)] is the sum of products for every unit d and g."""
    b_t, g_matrix, a_t = (
        [[Fraction(float(x)).limit_denominator(24) for x in row] for row in matrix]
        for matrix in transforms.along_one_axis
    )
    for pixel in range(transforms.reach):
        for weight in range(3):
            transformed = [g_matrix[i][weight] * b_t[i][pixel] for i in range(transforms.reach)]
            outputs = [
                sum(a_t[y][i] * transformed[i] for i in range(transforms.reach))
                for y in range(transforms.tile)
            ]
            assert outputs == [Fraction(int(pixel == y + weight)) for y in range(transforms.tile)]


@FORMS
def test_what_is_added_at_the_centre_is_added_to_all_outputs_of_a_tile(transforms):
    np.testing.assert_array_equal(transforms.outputs[:, transforms.centre], 1)


@FORMS
def test_values_on_the_way_grow_by_no_more_than_the_docstring_says(transforms):
    growth = [
        np.abs(matrix).sum(1).max() for matrix in (transforms.images, transforms.kernels, transforms.outputs)
    ]
    np.testing.assert_allclose(growth, [100, 1, 361] if transforms is F4 else [4, 2.25, 9], rtol=1e-6)


def by_winograd(transforms, images, kernels, padding):
    n, H, W, C = images.shape
    tiling = Tiling.of(H, W, padding, transforms.tile)
    T, K = n * tiling.rows * tiling.columns, kernels.shape[3]
    V = np.empty((transforms.places, T, C), np.float32)
    winograd.transform_images(transforms, images, tiling, V)
    U = np.empty((transforms.places, C, K), np.float32)
    winograd.transform_kernels(transforms, kernels, U)
    tiles = np.empty((transforms.tile**2, T, K), np.float32)
    winograd.transform_outputs(transforms, V @ U, tiles)
    whole = tiles.reshape(transforms.tile, transforms.tile, n, tiling.rows, tiling.columns, K).transpose(
        2, 3, 0, 4, 1, 5
    )
    whole = whole.reshape(n, tiling.rows * transforms.tile, tiling.columns * transforms.tile, K)
    return whole[:, : tiling.out_height, : tiling.out_width]


def gradients_by_winograd(transforms, gradient, images, kernels, padding):
    """Return the gradients of images and kernels."""
    n, H, W, C = images.shape
    tiling = Tiling.of(H, W, padding, transforms.tile)
    T, K, tile = n * tiling.rows * tiling.columns, kernels.shape[3], transforms.tile
    whole = np.zeros((n, tiling.rows * tile, tiling.columns * tile, K), np.float32)
    whole[:, : tiling.out_height, : tiling.out_width] = gradient
    d_tiles = whole.reshape(n, tiling.rows, tile, tiling.columns, tile, K).transpose(2, 4, 0, 1, 3, 5)
    dM = np.empty((transforms.places, T, K), np.float32)
    winograd.outputs_gradient(transforms, np.ascontiguousarray(d_tiles).reshape(tile**2, T, K), dM)
    V = np.empty((transforms.places, T, C), np.float32)
    winograd.transform_images(transforms, images, tiling, V)
    d_kernels = winograd.transform_kernels_back(transforms, V.transpose(0, 2, 1) @ dM)
    U = np.empty((transforms.places, C, K), np.float32)
    winograd.transform_kernels(transforms, kernels, U)
    d_images = np.empty_like(images)
    winograd.images_gradient(transforms, dM @ U.transpose(0, 2, 1), tiling, d_images)
    return d_images, d_kernels


def apart(found, expected):
    return np.abs(found - expected).max() / np.abs(expected).max()


def images_and_kernels(seed, shape, filters):
    generator = np.random.default_rng(seed)
    images = generator.normal(size=shape).astype(np.float32)
    return images, generator.normal(size=(3, 3, shape[3], filters)).astype(np.float32)


SHAPES = {
    "shape": st.tuples(st.integers(1, 3), st.integers(3, 19), st.integers(3, 19), st.integers(1, 9)),
    "filters": st.integers(1, 9),
    "padding": st.sampled_from(["valid", "same"]),
    "seed": st.integers(0, 1000),
}


@FORMS
@given(**SHAPES)
def test_it_equals_direct_summation(transforms, shape, filters, padding, seed):
    images, kernels = images_and_kernels(seed, shape, filters)
    expected = convolve(images.astype(np.float64), kernels.astype(np.float64), padding=padding)
    assert apart(by_winograd(transforms, images, kernels, padding), expected) < BOUNDS[transforms]


@FORMS
@given(**SHAPES)
def test_the_gradients_equal_those_of_direct_summation(transforms, shape, filters, padding, seed):
    images, kernels = images_and_kernels(seed, shape, filters)
    outputs = convolve(images, kernels, padding=padding)
    gradient = np.random.default_rng(seed + 1).normal(size=outputs.shape).astype(np.float32)
    found = gradients_by_winograd(transforms, gradient, images, kernels, padding)
    expected = convolve_backward(gradient.astype(float), images.astype(float), kernels, padding=padding)
    assert apart(found[0], expected[0]) < BOUNDS[transforms]
    assert apart(found[1], expected[1]) < BOUNDS[transforms]


@FORMS
def test_many_channels_stay_within_the_bound(transforms):
    images, kernels = images_and_kernels(0, (2, 12, 9, 256), 8)
    expected = convolve(images.astype(np.float64), kernels.astype(np.float64))
    assert apart(by_winograd(transforms, images, kernels, "valid"), expected) < BOUNDS[transforms]


@FORMS
@pytest.mark.parametrize("name", ["images", "kernels", "outputs"])
def test_the_bound_notices_a_slightly_wrong_matrix(transforms, name, monkeypatch):
    wrong = getattr(transforms, name).copy()
    place = np.unravel_index(np.argmax(np.abs(wrong)), wrong.shape)
    wrong[place] *= 1.001
    monkeypatch.setattr(transforms, name, wrong)
    images, kernels = images_and_kernels(0, (2, 10, 10, 4), 4)
    assert (
        apart(by_winograd(transforms, images, kernels, "valid"), convolve(images, kernels))
        > BOUNDS[transforms]
    )


@FORMS
@pytest.mark.parametrize("name", ["images_back", "kernels_back", "outputs_back"])
def test_the_bound_notices_a_slightly_wrong_matrix_on_the_way_back(transforms, name, monkeypatch):
    wrong = getattr(transforms, name).copy()
    wrong[np.unravel_index(np.argmax(np.abs(wrong)), wrong.shape)] *= 1.001
    monkeypatch.setattr(transforms, name, wrong)
    images, kernels = images_and_kernels(0, (2, 10, 10, 4), 4)
    gradient = np.ones((2, 8, 8, 4), np.float32)
    found = gradients_by_winograd(transforms, gradient, images, kernels, "valid")
    expected = convolve_backward(gradient, images, kernels)
    assert max(apart(found[0], expected[0]), apart(found[1], expected[1])) > BOUNDS[transforms]


@pytest.mark.parametrize(
    ("height", "width", "transforms"),
    [
        (1, 1, F2),  # 16 multiplications, not 36
        (2, 2, F2),
        (2, 3, F2),  # 32, not 36
        (3, 3, F4),  # 36, not 64
        (4, 4, F4),
        (5, 5, F2),  # 144 both: the more exact
        (6, 6, F2),
        (6, 4, F4),  # 72, not 96
        (7, 7, F4),
        (13, 13, F4),  # 576, not 784
        (24, 24, F4),
    ],
)
def test_the_rule_for_the_form(height, width, transforms):
    assert transforms_for(height, width) is transforms


@given(height=st.integers(1, 70), width=st.integers(1, 70))
def test_the_chosen_form_needs_the_fewest_multiplications(height, width):
    by_tile = {tile: (tile + 2) ** 2 * math.ceil(height / tile) * math.ceil(width / tile) for tile in (2, 4)}
    assert by_tile[transforms_for(height, width).tile] == min(by_tile.values())


@FORMS
def test_huge_and_tiny_values_make_no_nan_that_plain_does_not(transforms):
    kernels = np.random.default_rng(1).normal(size=(3, 3, 4, 4)).astype(np.float32)
    for scale in (1e-42, 1e-30, 1e30):
        images = (np.random.default_rng(0).normal(size=(1, 8, 8, 4)) * scale).astype(np.float32)
        assert np.isfinite(convolve(images, kernels)).all()
        assert np.isfinite(by_winograd(transforms, images, kernels, "valid")).all()


def test_at_the_bound_for_overflow_nothing_overflows():
    """The worst case: signs that make all sums as large as they can be."""
    C, largest = 4, 3e36
    signs = np.sign(F4.images[0].reshape(6, 6))
    rows = np.outer(*[np.sign(np.array(F4.along_one_axis[0])[3])] * 2)
    for pattern in (signs, rows):
        images = np.repeat((largest * pattern)[None, :, :, None], C, axis=3).astype(np.float32)
        kernels = np.full((3, 3, C, 2), 9e33 / (C * largest), np.float32)
        assert np.isfinite(by_winograd(F4, images, kernels, "valid")).all()
        with np.errstate(over="ignore", invalid="ignore"):
            beyond = by_winograd(F4, images * np.float32(100), kernels, "valid")
        assert not np.isfinite(beyond).all()  # so the values do come near the bound
