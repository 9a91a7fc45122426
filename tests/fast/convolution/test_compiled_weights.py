"""Kernels transformed and back, against the matrices that say what that is."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid.fast.convolution import winograd_transforms as winograd
from pellucid.fast.convolution.compiled_weights import transform_kernels, transform_kernels_back

SHAPES = [(1, 16), (16, 16), (3, 48), (32, 16)]


@pytest.mark.parametrize(("C", "K"), SHAPES)
def test_there(guarded, C, K):
    kernels = guarded.put(np.random.default_rng(0).normal(size=(3, 3, C, K)).astype(np.float32))
    transformed = guarded.put(np.zeros((36, C, K), np.float32))
    transform_kernels(kernels, transformed)
    expected = np.empty_like(transformed)
    winograd.transform_kernels(winograd.F4, kernels, expected)
    np.testing.assert_allclose(transformed, expected, atol=1e-6)


@pytest.mark.parametrize(("C", "K"), SHAPES)
def test_back(guarded, C, K):
    gradient = guarded.put(np.random.default_rng(0).normal(size=(36, C, K)).astype(np.float32))
    d_kernels = guarded.put(np.zeros((3, 3, C, K), np.float32))
    transform_kernels_back(gradient, d_kernels)
    np.testing.assert_allclose(d_kernels, winograd.transform_kernels_back(winograd.F4, gradient), atol=1e-5)


def test_the_middle_weight_by_hand(guarded):
    """G (0, 1, 0) is the second column of G, and both axes multiply."""
    kernels = guarded.put(np.zeros((3, 3, 1, 16), np.float32))
    kernels[1, 1] = 1
    transformed = guarded.put(np.zeros((36, 1, 16), np.float32))
    transform_kernels(kernels, transformed)
    column = np.array([0, -1 / 6, 1 / 6, 1 / 12, -1 / 12, 0])
    np.testing.assert_allclose(transformed[:, 0, 0].reshape(6, 6), np.outer(column, column), atol=1e-8)


def test_what_is_no_number_stays():
    kernels, transformed = np.zeros((3, 3, 1, 16), np.float32), np.empty((36, 1, 16), np.float32)
    kernels[1, 1, 0, 3] = np.nan
    transform_kernels(kernels, transformed)
    assert np.isnan(transformed[:, 0, 3]).any()
    assert np.isfinite(np.delete(transformed, 3, axis=2)).all()
