"""Winograd's convolution against direct summation, and its matrices against exact arithmetic."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.fast import winograd
from pellucid.functions import convolve, convolve_backward

# Largest difference from the plain form, relative to the largest value, that rounding in float32 may make.
BOUND = 2e-5


def test_the_matrices_compute_a_convolution_exactly():
    """In fractions nothing is rounded: Aᵀ[(Gg) ⊙ (Bᵀd)] is the sum of products for every unit d and g."""
    exact = [
        [[Fraction(float(x)).limit_denominator(24) for x in row] for row in matrix]
        for matrix in (winograd.A_T, winograd.G, winograd.B_T)
    ]
    a_t, g_matrix, b_t = exact
    for pixel in range(6):
        for weight in range(3):
            transformed = [g_matrix[i][weight] * b_t[i][pixel] for i in range(6)]
            outputs = [sum(a_t[y][i] * transformed[i] for i in range(6)) for y in range(4)]
            assert outputs == [Fraction(int(pixel == y + weight)) for y in range(4)]


def by_winograd(images, kernels, padding):
    n, H, W, C = images.shape
    tiling = winograd.Tiling.of(H, W, padding)
    T, K = n * tiling.rows * tiling.columns, kernels.shape[3]
    transformed = np.empty((36, T, C), np.float32)
    winograd.transform_images(images, tiling, transformed)
    tiles = np.empty((16, T, K), np.float32)
    winograd.transform_outputs(transformed @ winograd.transform_kernels(kernels), tiles)
    whole = tiles.reshape(4, 4, n, tiling.rows, tiling.columns, K).transpose(2, 3, 0, 4, 1, 5)
    whole = whole.reshape(n, tiling.rows * 4, tiling.columns * 4, K)
    return whole[:, : tiling.out_height, : tiling.out_width]


def apart(found, expected):
    return np.abs(found - expected).max() / np.abs(expected).max()


@given(
    n=st.integers(1, 3),
    height=st.integers(3, 19),
    width=st.integers(3, 19),
    channels=st.integers(1, 9),
    kernels=st.integers(1, 9),
    padding=st.sampled_from(["valid", "same"]),
    seed=st.integers(0, 1000),
)
def test_it_equals_direct_summation(n, height, width, channels, kernels, padding, seed):
    generator = np.random.default_rng(seed)
    images = generator.normal(size=(n, height, width, channels)).astype(np.float32)
    weights = generator.normal(size=(3, 3, channels, kernels)).astype(np.float32)
    expected = convolve(images.astype(np.float64), weights.astype(np.float64), padding=padding)
    assert apart(by_winograd(images, weights, padding), expected) < BOUND


def test_the_bound_notices_a_slightly_wrong_matrix(monkeypatch):
    wrong = winograd.OUTPUT_TRANSFORM.copy()
    wrong[3, 7] *= 1.001
    monkeypatch.setattr(winograd, "OUTPUT_TRANSFORM", wrong)
    images = np.random.default_rng(0).normal(size=(2, 10, 10, 4)).astype(np.float32)
    weights = np.random.default_rng(1).normal(size=(3, 3, 4, 4)).astype(np.float32)
    assert apart(by_winograd(images, weights, "valid"), convolve(images, weights)) > BOUND


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("size", [(6, 6), (7, 12), (26, 26), (15, 9)])
def test_the_images_gradient(size, padding):
    generator = np.random.default_rng(2)
    images = generator.normal(size=(2, *size, 5)).astype(np.float32)
    weights = generator.normal(size=(3, 3, 5, 7)).astype(np.float32)
    tiling = winograd.Tiling.of(*size, padding)
    shape = (2, tiling.out_height, tiling.out_width, 7)
    gradient = generator.normal(size=shape).astype(np.float32)
    whole = np.zeros((2, tiling.rows * 4, tiling.columns * 4, 7), np.float32)
    whole[:, : shape[1], : shape[2]] = gradient
    d_tiles = whole.reshape(2, tiling.rows, 4, tiling.columns, 4, 7).transpose(2, 4, 0, 1, 3, 5)
    d_products = np.empty((36, 2 * tiling.rows * tiling.columns, 7), np.float32)
    winograd.outputs_gradient(np.ascontiguousarray(d_tiles).reshape(16, -1, 7), d_products)
    found = np.empty_like(images)
    d_transformed = d_products @ winograd.transform_kernels(weights).transpose(0, 2, 1)
    winograd.images_gradient(d_transformed, tiling, 2, found)
    expected = convolve_backward(gradient.astype(float), images.astype(float), weights, padding=padding)[0]
    assert apart(found, expected) < BOUND


def test_huge_and_tiny_values_make_no_nan_that_plain_does_not():
    weights = np.random.default_rng(1).normal(size=(3, 3, 4, 4)).astype(np.float32)
    for scale in (1e-42, 1e-30, 1e30):
        images = (np.random.default_rng(0).normal(size=(1, 8, 8, 4)) * scale).astype(np.float32)
        assert np.isfinite(convolve(images, weights)).all()
        assert np.isfinite(by_winograd(images, weights, "valid")).all()
