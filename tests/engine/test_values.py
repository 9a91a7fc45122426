"""Values of a batch: any images of what was made micro-batch by micro-batch, and sums of gradients."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pellucid.engine.values import InputBatch, MicroBatches, SummedValues


class Source:
    def __init__(self, images):
        self.images = images

    def rows(self, numbers):
        return self.images[numbers]


def cut(values, sizes):
    ends = np.minimum(np.cumsum(sizes), len(values)).tolist()
    bounds = [(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True) if start < end]
    return MicroBatches(bounds, [values[start:end] for start, end in bounds])


@given(images=st.integers(1, 30), size=st.integers(1, 12), data=st.data())
def test_any_images_of_what_was_made_in_micro_batches(images, size, data):
    values = np.random.default_rng(images).normal(size=(images, 2))
    start = data.draw(st.integers(0, images - 1))
    end = data.draw(st.integers(start + 1, images))
    found = cut(values, [size] * images).between(start, end)
    np.testing.assert_array_equal(found, values[start:end])


def test_a_micro_batch_that_is_asked_for_as_it_was_made_is_not_copied():
    values = np.zeros((6, 2))
    assert np.shares_memory(cut(values, [2, 2, 2]).between(2, 4), values)
    assert not np.shares_memory(cut(values, [2, 2, 2]).between(1, 4), values)


def test_an_input_batch_fetches_its_rows():
    batch = InputBatch(Source(np.arange(10) * 10), np.array([7, 1, 3]))
    np.testing.assert_array_equal(batch.between(1, 3), [10, 30])


def test_gradients_are_added_in_their_order_and_none_is_changed():
    large, small = np.float32(1e8), np.float32(3)
    arrays = [np.full((4, 1), value, np.float32) for value in (large, small, -large)]
    values = [cut(array, [size] * 4) for array, size in zip(arrays, (1, 2, 4), strict=True)]
    np.testing.assert_array_equal(SummedValues(values).between(0, 4), (arrays[0] + arrays[1]) + arrays[2])
    assert [array[0, 0] for array in arrays] == [large, small, -large]
