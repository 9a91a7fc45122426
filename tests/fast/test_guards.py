"""The guards themselves: a kernel that writes or reads outside is noticed."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid.fast import products
from pellucid.fast.dropout import compiled_dropout as dropout


def test_a_number_written_outside_is_noticed(guards):
    made = guards()
    short = made.put(np.zeros(24, np.float32))
    source = made.put(np.ones((1, 1), np.float32))
    row = made.put(np.ones((1, 32), np.float32))
    products.product(source.ctypes.data, 1, 1, row.ctypes.data, short.ctypes.data, 1, 1, 32, False)
    with pytest.raises(AssertionError, match="written outside"):
        made.check()


def test_a_number_written_between_planes_is_noticed(guards):
    made = guards()
    planes = made.planes(1, 16)
    made.check()
    whole, _ = made.whole[0]
    whole[planes.ctypes.data % 4 + 1003 + 16] = 1
    with pytest.raises(AssertionError, match="written outside"):
        made.check()


def test_a_number_read_outside_is_noticed(guards):
    short = guards().put(np.ones(16, np.float32))
    long = np.lib.stride_tricks.as_strided(short, (32,), (4,))
    outputs, kept = np.empty(32, np.float32), np.empty(2, np.uint16)
    key = np.uint64(1)
    dropout.drop(long, key, key, 0, np.uint16(0), np.float32(1), outputs, kept)
    assert np.isnan(outputs[16:]).all()
