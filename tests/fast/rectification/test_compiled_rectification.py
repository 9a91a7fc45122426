"""Rectification on the way to memory: signs kept as bits, NaN kept as NaN."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from pellucid.fast.rectification.compiled_rectification import masked, put_rectified
from pellucid.fast.vectors import load, start_of, store

VALUES = np.array([-1, 0, -0.0, 1, np.nan, np.inf, -np.inf, 1e-45, -1e-45] + [2] * 7, np.float32)
NOTHING = np.empty(0, np.uint16)


@numba.njit
def put(values, rectified, outputs, positive):
    put_rectified(start_of(outputs), 16, load(start_of(values), 0), rectified, start_of(positive))


@numba.njit
def through(gradient, positive, out):
    store(start_of(out), 0, masked(start_of(gradient), 16, start_of(positive)))


@pytest.mark.parametrize("rectified", [True, False])
def test_what_is_stored(guarded, rectified):
    outputs = guarded.put(np.full(32, 7, np.float32))
    words = guarded.put(np.zeros(2, np.uint16))
    put(VALUES, rectified, outputs, words)
    np.testing.assert_array_equal(outputs[16:], np.maximum(VALUES, 0) if rectified else VALUES)
    np.testing.assert_array_equal(outputs[:16], 7)
    assert words[0] == 0
    np.testing.assert_array_equal([words[1] >> place & 1 for place in range(16)], VALUES > 0)
    put(VALUES, rectified, outputs, NOTHING)  # nobody wants to know


def test_what_passes():
    gradient, out = np.arange(32, dtype=np.float32), np.empty(16, np.float32)
    through(gradient, np.array([0, 0b101], np.uint16), out)
    np.testing.assert_array_equal(out, [16, 0, 18, *[0] * 13])
    through(gradient, NOTHING, out)
    np.testing.assert_array_equal(out, gradient[16:])
