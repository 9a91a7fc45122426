import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.errors import ArgumentError, ShapeError
from pellucid.functions.arrays import as_batch, as_floats, as_gradient, mean_over


@pytest.mark.parametrize(
    ("given_dtype", "kept_dtype"),
    [
        ("float32", "float32"),
        ("float64", "float64"),
        ("uint8", "float32"),
        ("int64", "float32"),
        ("bool", "float32"),
        ("float16", "float32"),
        (">f4", "float32"),
        (">f8", "float64"),
        (np.longdouble, "float64"),
    ],
)
def test_dtypes(given_dtype, kept_dtype):
    floats = as_floats("maps", np.array([0, 1, 1], given_dtype))
    assert floats.dtype == np.dtype(kept_dtype)
    assert floats.tolist() == [0, 1, 1]


def test_floats_are_not_copied():
    maps = np.ones(3, np.float32)
    assert as_floats("maps", maps) is maps
    assert as_gradient(maps, (3,), np.float32) is maps


@pytest.mark.parametrize("values", [["a"], [1j], [None]])
def test_other_things_are_refused(values):
    with pytest.raises(ArgumentError, match=r"maps must be an array of real numbers. Received: maps\.dtype="):
        as_floats("maps", values)


def test_ragged_rows_are_refused():
    with pytest.raises(
        ShapeError, match=r"logits must be one array. Received: logits with rows of unequal length"
    ):
        as_floats("logits", [[1, 2], [3]])


@pytest.mark.parametrize(
    ("shape", "batch_shape"),
    [
        ((5, 4), (1, 5, 4, 1)),
        ((5, 4, 3), (1, 5, 4, 3)),
        ((2, 5, 4, 3), (2, 5, 4, 3)),
        ((0, 5, 4, 3), (0, 5, 4, 3)),
    ],
)
def test_as_batch(shape, batch_shape):
    assert as_batch("maps", np.zeros(shape)).shape == batch_shape


@pytest.mark.parametrize("shape", [(), (3,), (1, 2, 3, 4, 5)])
def test_as_batch_refuses_other_ranks(shape):
    with pytest.raises(
        ShapeError, match=r"maps must be \(H, W\), \(H, W, C\) or \(N, H, W, C\). Received: maps.shape="
    ):
        as_batch("maps", np.zeros(shape))


@pytest.mark.parametrize("shape", [(0, 4), (4, 0), (4, 4, 0), (2, 0, 4, 1)])
def test_as_batch_refuses_maps_without_pixels(shape):
    with pytest.raises(
        ShapeError, match=r"maps must have pixels and channels. Received: maps\.shape="
    ) as caught:
        as_batch("maps", np.zeros(shape))
    assert str(caught.value).endswith(str(shape))


def test_a_gradient_has_the_shape_of_the_output():
    with pytest.raises(
        ShapeError, match=r"shape of the output, \(2, 3\). Received: gradient\.shape=\(3, 2\)"
    ):
        as_gradient(np.zeros((3, 2)), (2, 3), np.float32)


@given(shape=st.lists(st.integers(1, 5), min_size=1, max_size=4), data=st.data())
def test_mean_over_is_the_mean(shape, data):
    values = np.random.default_rng(0).normal(size=shape)
    axes = tuple(sorted(data.draw(st.sets(st.integers(0, len(shape) - 1)))))
    np.testing.assert_allclose(mean_over(values, axes), values.mean(axis=axes, keepdims=True), atol=1e-15)


def test_mean_over_rounds_little():
    values = np.full((200, 30, 30, 2), 0.1, np.float32)
    exact = float(np.float32(0.1))
    assert abs(mean_over(values, (0, 1, 2)) / exact - 1).max() < 1e-5
    assert (
        abs(values.reshape(-1, 2).mean(axis=0) / exact - 1).max() > 1e-4
    )  # all at once: the difference shows
