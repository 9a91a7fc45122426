"""Sixteen numbers at a time, against one at a time."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from numba.core.errors import TypingError

from pellucid.fast.vectors import (
    add,
    at_least,
    both,
    but_not,
    exceeds,
    fused,
    high_product,
    load,
    load_first,
    load_truths,
    number_at,
    spread,
    start_of,
    store,
    store_first,
    store_truths,
    where,
)

RESULTS = ["add", "+", "-", "*", "/", "fused", "number_at", "spread", "where >", "exceeds", "both", "but_not"]


@numba.njit
def everything(a, b, results, words):
    first, second, to, bits = start_of(a), start_of(b), start_of(results), start_of(words)
    x, y = load(first, 0), load(second, 0)
    one, zero = spread(np.float32(1)), spread(np.float32(0))
    store(to, 0, x)
    add(to, 0, y)
    store(to, 16, x + y)
    store(to, 32, x - y)
    store(to, 48, x * y)
    store(to, 64, x / y)
    store(to, 80, fused(x, y, one))
    store(to, 96, number_at(first, 5))
    store(to, 112, spread(np.float32(2.5)))
    store(to, 128, where(x > y, x, y))
    store(to, 144, where(exceeds(x, y), one, zero))
    store_truths(bits, 0, x > y)
    store_truths(bits, 1, x > zero)
    larger, positive = load_truths(bits, 0), load_truths(bits, 1)
    store(to, 160, where(both(larger, positive), one, zero))
    store(to, 176, where(but_not(larger, positive), one, zero))


@numba.njit
def first_of(a, results, number):
    start, to = start_of(a), start_of(results)
    store(to, 0, load_first(start, 0, number))
    store_first(to, 16, load(start, 0), number)


@pytest.mark.parametrize("number", [-1, 0, 1, 5, 15, 16, 17, 300])
def test_so_many_are_read_and_written_and_no_more(number):
    a = np.arange(1, 17, dtype=np.float32)
    results = np.full((2, 16), 7, np.float32)
    first_of(a, results, number)
    there = np.arange(16) < number
    np.testing.assert_array_equal(results[0], np.where(there, a, 0))
    np.testing.assert_array_equal(results[1], np.where(there, a, 7))


@pytest.fixture(scope="module")
def found():
    generator = np.random.default_rng(0)
    a, b = generator.normal(size=(2, 16)).astype(np.float32)
    a[3], b[4], a[6], b[6] = np.nan, np.nan, np.inf, -np.inf
    a[7] = b[7] = np.nan
    a[8] = b[8] = 1
    results, words = np.empty((12, 16), np.float32), np.empty(2, np.uint16)
    everything(a, b, results, words)
    return a, b, dict(zip(RESULTS, results, strict=True)), words


def test_arithmetic(found):
    a, b, results, _ = found
    with np.errstate(invalid="ignore"):
        for name, expected in {"add": a + b, "+": a + b, "-": a - b, "*": a * b, "/": a / b}.items():
            np.testing.assert_array_equal(results[name], expected)
        np.testing.assert_allclose(results["fused"], a.astype(float) * b + 1, rtol=1e-6)
    np.testing.assert_array_equal(results["number_at"], a[5])
    np.testing.assert_array_equal(results["spread"], 2.5)


def test_comparisons(found):
    a, b, results, words = found
    with np.errstate(invalid="ignore"):
        larger, positive = a > b, a > 0
    np.testing.assert_array_equal(results["where >"], np.where(larger, a, b))
    np.testing.assert_array_equal(results["exceeds"], larger | np.isnan(a))
    np.testing.assert_array_equal(results["both"], larger & positive)
    np.testing.assert_array_equal(results["but_not"], larger & ~positive)
    for word, truths in zip(words, (larger, positive), strict=True):  # the lowest bit first
        assert [bool(word >> place & 1) for place in range(16)] == truths.tolist()


@numba.njit
def upper_half(one, other):
    return high_product(one, other)


@numba.njit
def compared(words, limit, result):
    store_truths(start_of(result), 0, at_least(words[0], words[1], words[2], words[3], limit))


def test_the_upper_half_of_a_product():
    for one, other in [(2**64 - 1, 2**64 - 1), (0xD2E7470EE14C6C93, 0x123456789ABCDEF0), (1, 5)]:
        assert int(upper_half(np.uint64(one), np.uint64(other))) == one * other >> 64


@pytest.mark.parametrize("limit", [0, 1, 32768, 65535])
def test_words_are_cut_into_shorts_the_lowest_first(limit):
    words = np.random.default_rng(1).integers(0, 2**64, 4, np.uint64)
    result = np.zeros(1, np.uint16)
    compared(words, np.uint16(limit), result)
    expected = [(int(word) >> (16 * place)) & 0xFFFF for word in words for place in range(4)]
    assert [bool(result[0] >> place & 1) for place in range(16)] == [number >= limit for number in expected]


@numba.njit
def start(array):
    return start_of(array)


def test_where_an_array_starts():
    array = np.zeros((3, 4), np.float32)
    assert start(array) == array.ctypes.data
    assert start(array[1:]) == array.ctypes.data + 16
    assert start(array[:0]) == 0
    assert start(array[:, :0]) == 0


@pytest.mark.parametrize("dtype", [np.float64, np.float16, np.int32, bool, np.dtype(">f4")])
def test_other_numbers_are_refused_before_they_are_misread(dtype):
    with pytest.raises(TypingError, match=r"compiled functions take float32|Unsupported array dtype"):
        start(np.zeros(16, dtype))
