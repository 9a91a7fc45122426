"""Pooling against hand-worked cases, naive loops and Keras; its gradients against central differences."""

import os
from itertools import product

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given
from hypothesis import strategies as st

from pellucid.errors import ArgumentError, ShapeError, UnknownNameError
from pellucid.functions.pooling import (
    average_pool,
    average_pool_backward,
    global_average_pool,
    global_average_pool_backward,
    max_pool,
    max_pool_backward,
)

POOLS = [(max_pool, max_pool_backward), (average_pool, average_pool_backward)]
SIXTEEN = np.arange(16.0).reshape(4, 4)


def distinct(*shape, seed=0):
    """Whole numbers, each once, in random order: no ties, and no small step changes which is the largest."""
    return np.random.default_rng(seed).permutation(np.prod(shape, dtype=int)).reshape(shape).astype(float)


def random(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


# --- By hand ----------------------------------------------------------------------------------------------


def test_windows_side_by_side():
    np.testing.assert_array_equal(max_pool(SIXTEEN), [[5, 7], [13, 15]])
    np.testing.assert_array_equal(average_pool(SIXTEEN), [[2.5, 4.5], [10.5, 12.5]])


def test_overlapping_windows():
    np.testing.assert_array_equal(max_pool(SIXTEEN, 3, strides=1), [[10, 11], [14, 15]])
    np.testing.assert_array_equal(average_pool(SIXTEEN, 3, strides=1), [[5, 6], [9, 10]])


def test_what_is_left_over_is_not_looked_at_by_valid_windows():
    maps = SIXTEEN[:3].copy()
    maps[2] = 1000
    np.testing.assert_array_equal(max_pool(maps), [[5, 7]])
    np.testing.assert_array_equal(average_pool(maps), [[2.5, 4.5]])
    for _, backward in POOLS:
        assert not backward(np.ones((1, 2)), maps)[2].any()


def test_same_windows_reach_over_the_border():
    maps = -1 - SIXTEEN[:3]  # all below zero: a zero from outside would win, and would change the mean
    np.testing.assert_array_equal(max_pool(maps, padding="same"), [[-1, -3], [-9, -11]])
    np.testing.assert_array_equal(average_pool(maps, padding="same"), [[-3.5, -5.5], [-9.5, -11.5]])


def test_same_makes_no_window_more_where_the_sizes_divide():
    for pool, _ in POOLS:
        np.testing.assert_array_equal(pool(SIXTEEN, padding="same"), pool(SIXTEEN, padding="valid"))


def test_windows_wider_than_high_with_their_own_strides():
    np.testing.assert_array_equal(max_pool(SIXTEEN, (1, 3)), [[2], [6], [10], [14]])
    np.testing.assert_array_equal(max_pool(SIXTEEN, (3, 1), strides=(1, 2)), [[8, 10], [12, 14]])


def test_the_gradient_goes_to_the_maximum():
    d_maps = max_pool_backward([[1.0, 2.0], [3.0, 4.0]], SIXTEEN)
    expected = np.zeros((4, 4))
    expected[1, 1], expected[1, 3], expected[3, 1], expected[3, 3] = 1, 2, 3, 4
    np.testing.assert_array_equal(d_maps, expected)


def test_a_maximum_of_several_windows_sums_their_gradients():
    maps = np.zeros((3, 3))
    maps[1, 1] = 1
    d_maps = max_pool_backward([[1.0, 10.0], [100.0, 1000.0]], maps, 2, strides=1)
    np.testing.assert_array_equal(d_maps, [[0, 0, 0], [0, 1111, 0], [0, 0, 0]])


def test_the_first_of_equal_maxima_in_row_major_order_receives_the_gradient():
    d_maps = max_pool_backward(np.ones((2, 2)), np.zeros((4, 4)))
    np.testing.assert_array_equal(d_maps, np.kron(np.ones((2, 2)), [[1, 0], [0, 0]]))
    column, row = [[0.0, 7.0], [7.0, 7.0]], [[0.0, 0.0], [7.0, 7.0]]
    np.testing.assert_array_equal(max_pool_backward([[1.0]], column), [[0, 1], [0, 0]])
    np.testing.assert_array_equal(max_pool_backward([[1.0]], row), [[0, 0], [1, 0]])


def test_a_map_of_minus_infinity_keeps_its_gradient_inside():
    d_maps = max_pool_backward(np.ones((2, 2)), np.full((2, 2), -np.inf), 3, strides=1, padding="same")
    np.testing.assert_array_equal(d_maps, [[4, 0], [0, 0]])


def test_the_gradient_of_a_mean_is_shared():
    np.testing.assert_array_equal(
        average_pool_backward([[4.0, 8.0]], SIXTEEN[:2]), [[1, 1, 2, 2], [1, 1, 2, 2]]
    )


def test_global_average_is_the_mean_of_each_map():
    maps = np.stack([SIXTEEN, 2 * SIXTEEN], axis=-1)
    np.testing.assert_array_equal(global_average_pool(maps), [7.5, 15])
    np.testing.assert_array_equal(global_average_pool(np.stack([maps, -maps])), [[7.5, 15], [-7.5, -15]])
    np.testing.assert_array_equal(global_average_pool(SIXTEEN), 7.5)
    assert global_average_pool(SIXTEEN).shape == ()
    d_maps = global_average_pool_backward([16.0, 32.0], maps)
    np.testing.assert_array_equal(d_maps, np.broadcast_to([1.0, 2.0], maps.shape))


# --- NaN --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_nan_comes_out_and_receives_the_gradient(place):
    maps = SIXTEEN.copy()
    maps[place] = np.nan
    for pool, _ in POOLS:
        pooled = pool(maps)
        assert np.isnan(pooled[0, 0])
        assert np.isnan(pooled).sum() == 1
    d_maps = max_pool_backward([[1.0, 2.0], [3.0, 4.0]], maps)
    assert d_maps[place] == 1
    assert d_maps.sum() == 10


def test_the_first_nan_receives_the_gradient():
    d_maps = max_pool_backward([[1.0]], [[5.0, np.nan], [np.nan, 9.0]])
    np.testing.assert_array_equal(d_maps, [[0, 1], [0, 0]])


# --- Naive loops ------------------------------------------------------------------------------------------


def cells_of_window(i, j, size, window, strides, padding):
    """The pixels of a window, in row-major order, that lie in the map."""
    before = [0, 0]
    if padding == "same":
        before = [
            max(extent - (pixels % stride or stride), 0) // 2
            for pixels, extent, stride in zip(size, window, strides, strict=True)
        ]
    top, left = i * strides[0] - before[0], j * strides[1] - before[1]
    cells = product(range(top, top + window[0]), range(left, left + window[1]))
    return [(row, column) for row, column in cells if 0 <= row < size[0] and 0 <= column < size[1]]


def out_size_by_counting(size, window, strides, padding):
    if padding == "same":
        return tuple(len(range(0, pixels, stride)) for pixels, stride in zip(size, strides, strict=True))
    return tuple(
        len(range(0, pixels - extent + 1, stride))
        for pixels, extent, stride in zip(size, window, strides, strict=True)
    )


def pool_by_loops(reduce, maps, window, strides, padding):
    N, H, W, C = maps.shape
    pooled = np.zeros((N, *out_size_by_counting((H, W), window, strides, padding), C))
    for n, i, j, c in np.ndindex(pooled.shape):
        cells = cells_of_window(i, j, (H, W), window, strides, padding)
        pooled[n, i, j, c] = reduce([maps[n, row, column, c] for row, column in cells])
    return pooled


def max_pool_backward_by_loops(gradient, maps, window, strides, padding):
    d_maps = np.zeros(maps.shape)
    for n, i, j, c in np.ndindex(gradient.shape):
        cells = cells_of_window(i, j, maps.shape[1:3], window, strides, padding)
        row, column = cells[np.argmax([maps[n, row, column, c] for row, column in cells])]  # the first one
        d_maps[n, row, column, c] += gradient[n, i, j, c]
    return d_maps


@st.composite
def cases(draw):
    """The size (N, H, W, C) of maps, and window, strides and padding that fit them; and a seed."""
    padding = draw(st.sampled_from(["valid", "same"]))
    N, H, W, C = draw(st.tuples(*[st.integers(1, top) for top in (2, 7, 7, 3)]))
    most = (H, W) if padding == "valid" else (4, 4)
    window = draw(st.tuples(st.integers(1, min(4, most[0])), st.integers(1, min(4, most[1]))))
    strides = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    return (N, H, W, C), window, strides, padding, draw(st.integers(0, 2**32 - 1))


@given(cases())
def test_pooling_equals_naive_loops(case):
    shape, window, strides, padding, seed = case
    maps = random(*shape, seed=seed)
    for pool, reduce in ((max_pool, max), (average_pool, np.mean)):
        expected = pool_by_loops(reduce, maps, window, strides, padding)
        np.testing.assert_allclose(pool(maps, window, strides=strides, padding=padding), expected, atol=1e-14)


@given(cases())
def test_ties_and_overlaps_equal_naive_loops(case):
    shape, window, strides, padding, seed = case
    maps = np.random.default_rng(seed).integers(0, 3, shape).astype(np.float64)  # ties everywhere
    pooled = max_pool(maps, window, strides=strides, padding=padding)
    gradient = random(*pooled.shape, seed=seed + 1)
    expected = max_pool_backward_by_loops(gradient, maps, window, strides, padding)
    options = {"strides": strides, "padding": padding}
    np.testing.assert_allclose(max_pool_backward(gradient, maps, window, **options), expected, atol=1e-14)
    with_pooled = max_pool_backward(gradient, maps, window, **options, pooled=pooled)
    np.testing.assert_array_equal(with_pooled, max_pool_backward(gradient, maps, window, **options))


# --- Independent libraries --------------------------------------------------------------------------------


@pytest.mark.parametrize("window", [(2, 2), (3, 2), (1, 4)])
def test_the_maximum_equals_scipy(window):
    maps = random(7, 8)
    filtered = scipy.ndimage.maximum_filter(maps, window, origin=[-(extent // 2) for extent in window])
    inside = filtered[: 7 - window[0] + 1, : 8 - window[1] + 1]
    np.testing.assert_array_equal(max_pool(maps, window, strides=1), inside)


@pytest.fixture(scope="module")
def keras():
    os.environ["KERAS_BACKEND"] = "jax"
    return pytest.importorskip("keras")


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(
    ("size", "window", "strides"),
    [((6, 6), (2, 2), (2, 2)), ((7, 5), (2, 2), (2, 2)), ((7, 8), (3, 2), (2, 1)), ((5, 6), (2, 4), (3, 2))],
)
@pytest.mark.parametrize(("name", "pools"), [("max_pool", POOLS[0]), ("average_pool", POOLS[1])])
def test_forward_and_backward_equal_keras(keras, padding, size, window, strides, name, pools):
    jax = pytest.importorskip("jax")
    maps = distinct(2, *size, 3).astype(np.float32)

    def pool(maps):
        return getattr(keras.ops, name)(maps, window, strides, padding, data_format="channels_last")

    expected, vjp = jax.vjp(pool, maps)
    gradient = random(*expected.shape, seed=2).astype(np.float32)
    forward, backward = pools
    np.testing.assert_allclose(forward(maps, window, strides=strides, padding=padding), expected, rtol=1e-6)
    d_maps = backward(gradient, maps, window, strides=strides, padding=padding)
    np.testing.assert_allclose(d_maps, vjp(gradient)[0], atol=1e-6)


# --- Gradients against central differences ----------------------------------------------------------------


def slopes(function, array, gradient, step=0.01):
    """How <function(array), gradient> changes with each element of the array."""
    result = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        shift = np.zeros_like(array)
        shift[place] = step
        above, below = (np.vdot(function(array + sign * shift), gradient) for sign in (1, -1))
        result[place] = (above - below) / (2 * step)
    return result


def agree(claimed, measured):
    return claimed.shape == measured.shape and np.allclose(claimed, measured, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize(("pool", "backward"), POOLS)
@given(case=cases())
def test_backward_equals_central_differences(pool, backward, case):
    shape, window, strides, padding, seed = case
    maps = distinct(*shape, seed=seed)
    gradient = random(*pool(maps, window, strides=strides, padding=padding).shape, seed=seed + 1)
    claimed = backward(gradient, maps, window, strides=strides, padding=padding)
    assert agree(claimed, slopes(lambda x: pool(x, window, strides=strides, padding=padding), maps, gradient))


@given(cases())
def test_global_average_backward_equals_central_differences(case):
    maps = random(*case[0])
    gradient = random(*global_average_pool(maps).shape, seed=1)
    claimed = global_average_pool_backward(gradient, maps)
    assert agree(claimed, slopes(global_average_pool, maps, gradient))


@pytest.mark.parametrize(("pool", "backward"), POOLS)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: 2 * d,
        lambda d: -d,
        lambda d: d[:, ::-1],
        lambda d: d.swapaxes(1, 2),
        lambda d: d * (np.arange(5) < 4)[:, None],
        lambda d: d + 1e-5,
    ],
)
def test_the_comparison_catches_a_wrong_gradient(pool, backward, spoil):
    maps, gradient = distinct(2, 5, 5, 2), random(2, 3, 3, 2, seed=1)
    claimed = backward(gradient, maps, 2, padding="same")
    measured = slopes(lambda x: pool(x, 2, padding="same"), maps, gradient)
    assert agree(claimed, measured)
    assert not agree(spoil(claimed), measured)


def test_the_loops_catch_a_gradient_that_goes_to_every_maximum():
    maps, gradient = np.ones((1, 4, 4, 1)), np.ones((1, 2, 2, 1))
    expected = max_pool_backward_by_loops(gradient, maps, (2, 2), (2, 2), "valid")
    to_all = np.kron(gradient[0, :, :, 0], np.ones((2, 2))).reshape(maps.shape)
    assert agree(max_pool_backward(gradient, maps), expected)
    assert not agree(to_all, expected)


# --- Forms of the arguments -------------------------------------------------------------------------------


@pytest.mark.parametrize(("pool", "backward"), POOLS)
def test_one_map_a_stack_of_maps_and_a_batch(pool, backward):
    batch = random(2, 5, 6, 3)
    pooled = pool(batch, padding="same")
    gradient = random(*pooled.shape, seed=1)
    d_batch = backward(gradient, batch, padding="same")
    assert pooled.shape == (2, 3, 3, 3)
    np.testing.assert_array_equal(pool(batch[1], padding="same"), pooled[1])
    np.testing.assert_array_equal(pool(batch[1, ..., 2], padding="same"), pooled[1, ..., 2])
    np.testing.assert_array_equal(backward(gradient[1], batch[1], padding="same"), d_batch[1])
    one_map = backward(gradient[1, ..., 2], batch[1, ..., 2], padding="same")
    np.testing.assert_array_equal(one_map, d_batch[1, ..., 2])
    assert pool(batch[:0]).shape == (0, 2, 3, 3)
    assert backward(np.ones((0, 2, 3, 3)), batch[:0]).shape == (0, 5, 6, 3)
    assert pool(batch[0, ..., 0].tolist()).dtype == np.float64


@pytest.mark.parametrize(
    ("given", "kept"),
    [(np.float32, np.float32), (np.float64, np.float64), (np.uint8, np.float32), (np.int64, np.float32)],
)
def test_the_dtype_of_the_maps_is_kept(given, kept):
    maps = np.ones((2, 5, 5, 2), given)
    for pool, backward in [*POOLS, (global_average_pool, global_average_pool_backward)]:
        pooled = pool(maps)
        assert pooled.dtype == kept
        assert backward(pooled.astype(np.float64), maps).dtype == kept


def test_the_arguments_are_not_changed():
    for pool, backward in [*POOLS, (global_average_pool, global_average_pool_backward)]:
        maps = random(2, 5, 5, 2)
        gradient = random(*pool(maps).shape, seed=1)
        kept = maps.copy(), gradient.copy()
        maps.flags.writeable = gradient.flags.writeable = False
        pool(maps)
        backward(gradient, maps)
        np.testing.assert_array_equal(maps, kept[0])
        np.testing.assert_array_equal(gradient, kept[1])


def test_pooled_is_not_changed():
    maps = random(2, 5, 5, 2)
    pooled = max_pool(maps)
    kept = pooled.copy()
    pooled.flags.writeable = False
    max_pool_backward(np.ones(pooled.shape), maps, pooled=pooled)
    np.testing.assert_array_equal(pooled, kept)


def test_what_comes_out_shares_no_memory_with_what_went_in():
    maps = random(2, 3, 3, 2)
    for pool, backward in POOLS:
        pooled = pool(maps, 1)
        assert not np.shares_memory(pooled, maps)
        assert not np.shares_memory(backward(pooled, maps, 1), pooled)
    means = global_average_pool(maps[:, :1, :1])
    assert not np.shares_memory(means, maps)
    assert not np.shares_memory(global_average_pool_backward(means, maps[:, :1, :1]), means)


def test_what_comes_out_can_be_written_to():
    maps = random(2, 4, 4, 3)
    for pool, backward in [*POOLS, (global_average_pool, global_average_pool_backward)]:
        pooled = pool(maps)
        assert pooled.flags.writeable
        assert backward(pooled, maps).flags.writeable


def test_arrays_of_any_layout():
    wide = random(4, 10, 5, 6)
    for maps in (wide[::2, ::2, ::-1, ::2], np.asfortranarray(wide), wide.swapaxes(1, 2)):
        for pool, backward in [*POOLS, (global_average_pool, global_average_pool_backward)]:
            np.testing.assert_allclose(pool(maps), pool(maps.copy()), rtol=1e-14)
            gradient = random(*pool(maps).shape[::-1], seed=1).T
            expected = backward(gradient.copy(), maps.copy())
            np.testing.assert_allclose(backward(gradient, maps), expected, rtol=1e-14)


# --- Bad input --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("maps", "error", "message"),
    [
        (np.ones(5), ShapeError, "maps must be (H, W), (H, W, C) or (N, H, W, C). Received: maps.shape=(5,)"),
        (
            np.ones((1, 2, 3, 4, 5)),
            ShapeError,
            "maps must be (H, W), (H, W, C) or (N, H, W, C). Received: maps.shape=(1, 2, 3, 4, 5)",
        ),
        (
            np.ones((2, 4, 0, 1)),
            ShapeError,
            "maps must have pixels and channels. Received: maps.shape=(2, 4, 0, 1)",
        ),
        (
            np.full((4, 4), "1"),
            ArgumentError,
            "maps must be an array of real numbers. Received: maps.dtype=<U1",
        ),
        (
            np.full((4, 4), 1, object),
            ArgumentError,
            "maps must be an array of real numbers. Received: maps.dtype=object",
        ),
    ],
)
def test_maps_that_cannot_be_pooled(maps, error, message):
    for pool, backward in [*POOLS, (global_average_pool, global_average_pool_backward)]:
        for call in (lambda pool=pool: pool(maps), lambda backward=backward: backward(1, maps)):
            with pytest.raises(error) as caught:
                call()
            assert str(caught.value) == message


def refusal(error, *arguments, **options):
    """The message with which all four functions refuse the arguments."""
    messages = set()
    for pool, backward in POOLS:
        for call, arrays in ((pool, (SIXTEEN,)), (backward, (1, SIXTEEN))):
            with pytest.raises(error) as caught:
                call(*arrays, *arguments, **options)
            messages.add(str(caught.value))
    (message,) = messages
    return message


def test_a_window_larger_than_the_maps():
    assert refusal(ShapeError, 5) == (
        "a kernel or window must fit into the padded image: take a smaller one, or padding='same'. "
        "Received: a window of 5×5 for 4×4 pixels, padding='valid'"
    )


@pytest.mark.parametrize("value", [0, -2, (2, 0), 2.5, "2"])
@pytest.mark.parametrize("name", ["window", "strides"])
def test_windows_and_strides_that_cannot_be_used(name, value):
    options = {"window": 2, name: value}
    assert refusal(ArgumentError, **options) == (
        f"{name} must be one whole number or two (vertical, horizontal), each at least 1. "
        f"Received: {name}={value!r}"
    )


@pytest.mark.parametrize(
    ("padding", "offer"),
    [
        ("sam", "did you mean 'same'?"),
        ("Valid", "did you mean 'valid'?"),
        ("edge", "known are 'same', 'valid'"),
        (1, "known are 'same', 'valid'"),
    ],
)
def test_an_unknown_padding_is_offered_the_nearest(padding, offer):
    assert refusal(UnknownNameError, padding=padding) == (
        f"padding of a pooling must be 'valid' or 'same'. Received: padding={padding!r}: {offer}"
    )


def test_a_gradient_or_pooled_without_the_shape_of_the_output():
    for backward in (max_pool_backward, average_pool_backward):
        with pytest.raises(ShapeError) as caught:
            backward(np.ones((4, 4)), SIXTEEN)
        assert str(caught.value) == (
            "gradient must have the shape of the output, (2, 2). Received: gradient.shape=(4, 4)"
        )
    with pytest.raises(ShapeError) as caught:
        max_pool_backward(np.ones((2, 2)), SIXTEEN, pooled=SIXTEEN)
    assert (
        str(caught.value) == "pooled must have the shape of the output, (2, 2). Received: pooled.shape=(4, 4)"
    )
    with pytest.raises(ShapeError) as caught:
        global_average_pool_backward(np.ones((2, 2)), np.ones((2, 4, 4, 3)))
    assert str(caught.value) == (
        "gradient must have the shape of the output, (2, 3). Received: gradient.shape=(2, 2)"
    )
