import threading

import numpy as np
import pytest

from pellucid.optimizers.rows import blend, workspace_like


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_blend(dtype):
    average, news = np.array([1.0, -2.0], dtype), np.array([3.0, 4.0], dtype)
    blend(average, news, 0.75)
    np.testing.assert_array_equal(average, np.array([1.5, -0.5], dtype), strict=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scratch_has_the_length_and_dtype_of_the_row(dtype):
    for size in (5, 100, 7):
        space = workspace_like(np.zeros(size, dtype))
        assert space.shape == (size,)
        assert space.dtype == dtype


def test_a_thread_keeps_its_space_and_another_has_its_own():
    row = np.zeros(5)
    here = workspace_like(row)
    assert np.shares_memory(here, workspace_like(row))
    elsewhere = []
    thread = threading.Thread(target=lambda: elsewhere.append(workspace_like(row)))
    thread.start()
    thread.join()
    assert not np.shares_memory(here, elsewhere[0])
