"""Dropout drops the very values that functions.dropout_mask says, wherever a piece begins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.core.randomness import stream, stream_key
from pellucid.fast.dropout.compiled_dropout import drop, drop_backward
from pellucid.functions.dropout_masks import dropout, dropout_backward, dropout_mask, dropped_levels


def dropped(made, inputs, seed, rate, first):
    blocks = inputs[0].size // 16 if len(inputs) else 1
    outputs = made.put(np.full(inputs.shape, 7, np.float32))
    kept = made.put(np.zeros(inputs.size // 16, np.uint16))
    key = stream_key(seed, "dropout")
    share, levels = np.float32(1 - rate), np.uint16(dropped_levels(rate))
    drop(inputs, *key, first * blocks, levels, share, outputs, kept)
    made.check()
    return outputs, kept


@given(
    n=st.integers(0, 5),
    blocks=st.integers(1, 9),
    rate=st.floats(0, 1, exclude_max=True),
    first=st.integers(0, 2**40),
    seed=st.integers(0, 2**64),
)
def test_the_values_and_the_gradient_are_those_of_the_plain_form(guards, n, blocks, rate, first, seed):
    made = guards()
    inputs = made.put(np.random.default_rng(n).normal(size=(n, 16 * blocks)).astype(np.float32))
    outputs, kept = dropped(made, inputs, seed, rate, first)
    mask = dropout_mask(inputs.shape, rate, stream(seed, "dropout"), first=first)
    np.testing.assert_array_equal(outputs, dropout(inputs, mask, rate))
    bits = np.unpackbits(kept.view(np.uint8), bitorder="little").astype(bool)
    np.testing.assert_array_equal(bits.reshape(mask.shape), mask)
    d_inputs = made.put(np.full(inputs.shape, 7, np.float32))
    drop_backward(inputs, kept, np.float32(1 - rate), d_inputs)
    made.check()
    np.testing.assert_array_equal(d_inputs, dropout_backward(inputs, mask, rate))


def test_another_block_is_noticed(guards):
    inputs = np.ones((2, 64), np.float32)
    one, other = (dropped(guards(), inputs, 3, 0.5, first)[0] for first in (0, 1))
    np.testing.assert_array_equal(one[1], other[0])
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_is_not_hidden(guards, value):
    outputs, kept = dropped(guards(), np.full((1, 64), value, np.float32), 0, 0.5, 0)
    assert not np.isfinite(outputs).any()
    assert (kept != 0xFFFF).any()
