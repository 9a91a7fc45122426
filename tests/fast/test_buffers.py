"""Working space: reused, of the right size, never shared between threads."""

from __future__ import annotations

import platform
import subprocess
import sys
import threading

import numpy as np
import pytest

from pellucid.fast import buffers as space
from pellucid.fast.buffers import BufferPool, plane_stride, workspace, workspace_planes, zeros


def test_a_workspace_of_one_name_is_the_same_memory():
    first = workspace("test", (3, 4))
    first[...] = 7
    assert (workspace("test", (4, 3)) == 7).all()
    assert np.shares_memory(workspace("test", (2, 2)), first)


def test_a_workspace_differs_by_name_and_dtype():
    assert not np.shares_memory(workspace("test", (3,)), workspace("other", (3,)))
    assert not np.shares_memory(workspace("test", (3,)), workspace("test", (3,), np.float64))


def test_a_workspace_that_grew_forgets_what_was_smaller():
    small = workspace("growing", (2, 3))
    large = workspace("growing", (4, 5))
    assert np.shares_memory(workspace("growing", (2, 3)), large)
    assert not np.shares_memory(small, large)


def test_a_workspace_of_ever_new_shapes_does_not_pile_up():
    for size in range(1, 2 * space.MOST_VIEWS):
        workspace("piling", (size,))
    assert len(space._workspace.views) <= space.MOST_VIEWS


@pytest.mark.parametrize("shape", [(), (0,), (1,), (5, 7), (0, 3)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint16, bool])
def test_space_begins_where_a_line_of_the_cache_does(shape, dtype):
    for made in (
        zeros(shape, dtype),
        BufferPool().acquire(shape, dtype),
        workspace(("line", shape), shape, dtype),
    ):
        assert (made.shape, made.dtype) == (shape, dtype)
        assert made.ctypes.data % space.SHAPE.cache_line == 0
        assert made.flags.writeable
    assert not zeros(shape, dtype).any()


def test_each_thread_has_its_own_workspace():
    mine = workspace("test", (3, 4))
    found = []
    thread = threading.Thread(target=lambda: found.append(workspace("test", (3, 4))))
    thread.start()
    thread.join()
    assert not np.shares_memory(mine, found[0])


def test_a_pool_lends_each_array_to_one_at_a_time():
    pool = BufferPool()
    one, other = pool.acquire((5,)), pool.acquire((5,))
    assert not np.shares_memory(one, other)
    pool.release(one)
    assert np.shares_memory(pool.acquire((5,)), one)


def test_a_pool_keeps_sizes_and_dtypes_apart():
    pool = BufferPool()
    pool.release(pool.acquire((6,)))
    assert pool.acquire((2, 3)).shape == (2, 3)
    assert pool.acquire((6,), bool).dtype == bool
    assert pool.acquire((7,)).size == 7


def test_planes_lie_apart_and_come_back():
    pool = BufferPool()
    for planes in (pool.acquire_planes(36, 64, 32), workspace_planes("test", 36, 64, 32)):
        assert planes.shape == (36, 64, 32)
        assert planes.strides == (4 * plane_stride(64 * 32), 4 * 32, 4)
        assert planes.strides[0] % 4096
    first = pool.acquire_planes(4, 5, 6)
    pool.release(first)
    assert np.shares_memory(pool.acquire_planes(4, 5, 6), first)


FAULTS = """
import resource, sys
import numpy as np
from pellucid.fast.buffers import keep_freed_memory
if sys.argv[1] == "keeping":
    keep_freed_memory()
def arrays():
    return [np.ones(75_000, np.float32) for _ in range(4)]  # 300 kB each
arrays()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(100):
    arrays()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have rules of their own")
def test_memory_of_freed_arrays_is_kept_for_the_next():
    """Without, each of a hundred times asks the system for some three hundred pages."""
    faults = {
        how: int(subprocess.run([sys.executable, "-c", FAULTS, how], check=True, capture_output=True).stdout)
        for how in ("keeping", "as it comes")
    }
    assert faults["keeping"] < 1000 < faults["as it comes"]
