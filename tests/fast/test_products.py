"""Products of matrices of any size, as they lie, and added."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.fast.products import product


def by_kernel(first, second, out, *, turned=False, adding=False):
    rows, inner = first.shape[::-1] if turned else first.shape
    steps = (1, rows) if turned else (inner, 1)
    where = [array.ctypes.data for array in (first, second, out)]
    product(where[0], *steps, *where[1:], rows, inner, second.shape[1], adding)


def test_a_small_case_by_hand(guarded):
    first = guarded.put(np.array([[1, 2], [3, 4]], np.float32))
    second = guarded.put(np.repeat(np.array([[10], [100]], np.float32), 16, axis=1))
    out = guarded.put(np.zeros((2, 16), np.float32))
    by_kernel(first, second, out)
    np.testing.assert_array_equal(out, np.repeat([[210], [430]], 16, axis=1))
    by_kernel(first, second, out, turned=True, adding=True)
    np.testing.assert_array_equal(out, np.repeat([[210 + 310], [430 + 420]], 16, axis=1))


@given(
    rows=st.integers(0, 40),
    inner=st.integers(0, 20),
    columns=st.sampled_from([16, 32, 48, 80, 128, 144, 272]),
    turned=st.booleans(),
    adding=st.booleans(),
)
def test_it_is_the_product(guards, rows, inner, columns, turned, adding):
    made, generator = guards(), np.random.default_rng(rows)
    shape = (inner, rows) if turned else (rows, inner)
    first = made.put(generator.normal(size=shape).astype(np.float32))
    second = made.put(generator.normal(size=(inner, columns)).astype(np.float32))
    out = made.put(generator.normal(size=(rows, columns)).astype(np.float32))
    before = out.astype(float)
    by_kernel(first, second, out, turned=turned, adding=adding)
    made.check()
    expected = (first.T if turned else first).astype(float) @ second.astype(float) + adding * before
    np.testing.assert_allclose(out, expected, atol=1e-5)


def test_each_number_is_summed_in_order_however_many_rows_there_are(guarded):
    """So a row has the same bits, alone or among others."""
    generator = np.random.default_rng(0)
    first = generator.normal(size=(21, 30)).astype(np.float32)
    second = generator.normal(size=(30, 176)).astype(np.float32)
    whole = np.empty((21, 176), np.float32)
    by_kernel(first, second, whole)
    for count in (1, 7, 8, 9, 16):
        out = guarded.put(np.zeros((count, 176), np.float32))
        by_kernel(first[:count], second, out)
        np.testing.assert_array_equal(out, whole[:count])


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("rows", [3, 8, 11])
def test_what_is_no_number_stays(rows, value):
    first, second = np.zeros((rows, 5), np.float32), np.ones((5, 48), np.float32)
    first[rows - 1, 2] = value
    out = np.empty((rows, 48), np.float32)
    by_kernel(first, second, out)
    assert not np.isfinite(out[rows - 1]).any()
    assert (out[: rows - 1] == 0).all()
