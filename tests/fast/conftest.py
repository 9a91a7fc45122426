"""What the tests of kernels share: arrays with guards around them, since kernels check no bounds."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

if find_spec("numba") is None:
    collect_ignore_glob = ["*compiled*", "test_guards.py", "test_hand_off.py", "test_products.py"]
    collect_ignore_glob += [
        "test_availability.py",
        "test_compiling.py",
        "test_spin_wait.py",
        "test_vectors.py",
    ]

MARGIN = 1003  # numbers before and behind; odd, so that the array lies aligned to its numbers and no more
GUARDS = {"float32": np.float32(np.nan), "float64": np.nan, "uint16": np.uint16(0xABCD)}


class Guarded:
    """Lays arrays into larger ones; NaN around floats shows in results that read it."""

    def __init__(self):
        self.whole = []

    def put(self, array):
        """Return a copy of a contiguous array that has guards around it."""
        array = np.ascontiguousarray(array)
        whole = np.full(array.size + 2 * MARGIN, GUARDS[array.dtype.name], array.dtype)
        inner = whole[MARGIN : MARGIN + array.size]
        inner[...] = array.ravel()
        kept = np.ones(whole.size, bool)
        kept[MARGIN : MARGIN + array.size] = False
        self.whole.append((whole, kept))
        return inner.reshape(array.shape)

    def planes(self, T, C):
        """Return space (36, T, C) whose planes lie apart, with guards between them."""
        stride = T * C + 16
        whole = np.full(36 * stride + 2 * MARGIN, np.nan, np.float32)
        inner = whole[MARGIN:-MARGIN].reshape(36, stride)[:, : T * C]
        inner[...] = 7
        self.whole.append((whole, np.isnan(whole)))
        return inner.reshape(36, T, C)

    def check(self):
        for whole, kept in self.whole:
            guard = GUARDS[whole.dtype.name]
            np.testing.assert_array_equal(whole[kept], np.full(kept.sum(), guard), "written outside")


@pytest.fixture
def guarded():
    """Guards that are checked at the end of the test."""
    made = Guarded()
    yield made
    made.check()


@pytest.fixture(scope="session")
def guards():
    """The class, for tests of many examples: make one for each, and check it."""
    return Guarded
