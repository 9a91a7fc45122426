import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.errors import ShapeError
from pellucid.functions import normalize_maps, normalize_maps_backward

SHAPES = st.tuples(st.integers(1, 3), st.integers(1, 6), st.integers(1, 6), st.integers(1, 3))


def normalize_by_loops(maps):
    result = np.zeros_like(maps)
    N, H, W, C = maps.shape
    for n in range(N):
        for c in range(C):
            pixels = [maps[n, h, w, c] for h in range(H) for w in range(W)]
            mean = sum(pixels) / len(pixels)
            deviation = (sum((x - mean) ** 2 for x in pixels) / len(pixels)) ** 0.5
            if min(pixels) != max(pixels):
                result[n, :, :, c] = (maps[n, :, :, c] - mean) / deviation
    return result


def test_known_answers_of_the_lab():
    expected = [[0.76249, 0.76249], [-1.67749, 0.15250]]  # in full: -11/√43 = -1.677484
    np.testing.assert_allclose(normalize_maps([[4, 4], [0, 3]]), expected, atol=1e-5)
    np.testing.assert_allclose(
        normalize_maps([[4.0, 4.0], [0.0, 3.0]]), np.array([[5, 5], [-11, 1]]) / 43**0.5
    )
    np.testing.assert_allclose(normalize_maps([[6, 11], [11, 6]]), [[-1, 1], [1, -1]], atol=1e-7)


def test_each_map_of_each_image_by_itself():
    first, second = np.array([[4.0, 4.0], [0.0, 3.0]]), np.array([[6.0, 11.0], [11.0, 6.0]])
    stack = np.stack([first, second], axis=-1)  # (H, W, C=2)
    batch = np.stack([stack, 1000 * stack - 5])  # (N=2, H, W, C)
    expected = np.stack([normalize_maps(first), normalize_maps(second)], axis=-1)
    np.testing.assert_allclose(normalize_maps(stack), expected, atol=1e-12)
    np.testing.assert_allclose(normalize_maps(batch), [expected, expected], atol=1e-12)


@given(SHAPES, st.integers(0, 2**32 - 1))
def test_equals_loops(shape, seed):
    maps = np.random.default_rng(seed).integers(-3, 4, shape).astype(np.float64)  # often constant
    np.testing.assert_allclose(normalize_maps(maps), normalize_by_loops(maps), atol=1e-12)


def test_equals_scipy():
    maps = np.random.default_rng(0).normal(3, 2, (2, 5, 7, 4))
    for n, c in np.ndindex(2, 4):
        expected = scipy.stats.zscore(maps[n, :, :, c], axis=None)  # the population deviation
        np.testing.assert_allclose(normalize_maps(maps)[n, :, :, c], expected, atol=1e-12)


def test_equals_keras(keras):
    maps = np.random.default_rng(1).normal(3, 2, (2, 6, 5, 4)).astype(np.float32)
    layer = keras.layers.GroupNormalization(groups=-1, epsilon=1e-12, center=False, scale=False)
    np.testing.assert_allclose(normalize_maps(maps), np.asarray(layer(maps)), atol=2e-6)


@given(SHAPES, st.integers(0, 2**32 - 1), st.sampled_from([np.float32, np.float64]))
def test_mean_zero_deviation_one(shape, seed, dtype):
    maps = np.random.default_rng(seed).normal(5, 2, shape).astype(dtype)
    y = normalize_maps(maps).astype(np.float64)
    np.testing.assert_allclose(y.mean(axis=(1, 2)), 0, atol=1e-5)
    np.testing.assert_allclose(y.std(axis=(1, 2)), 1 if shape[1] * shape[2] > 1 else 0, atol=1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("value", [0.0, 0.1, -0.7, 1 / 3, 1e-30, 123456.789, -1e30])
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 7), (26, 26), (199, 201)])
def test_a_constant_map_becomes_zeros(value, shape, dtype):
    maps = np.full((*shape, 2), value, dtype)
    np.testing.assert_array_equal(normalize_maps(maps), 0)
    gradient = np.random.default_rng(0).normal(size=maps.shape)
    np.testing.assert_array_equal(normalize_maps_backward(gradient, maps), 0)


@given(st.floats(0.01, 1e6), st.integers(0, 2**32 - 1), st.sampled_from([np.float32, np.float64]))
def test_a_map_that_is_constant_up_to_rounding_becomes_zeros(value, seed, dtype):
    noise = np.random.default_rng(seed).integers(-1, 2, (12, 12)) * np.finfo(dtype).eps
    maps = (value * (1 + noise)).astype(dtype)
    np.testing.assert_array_equal(normalize_maps(maps), 0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_difference_beyond_rounding_is_kept(dtype):
    maps = np.ones((100, 100), dtype)
    maps[3, 4] += 20 * np.finfo(dtype).eps  # its deviation is below rounding, its distance is not
    y = normalize_maps(maps)
    assert y[3, 4] == pytest.approx(np.sqrt(9999), rel=1e-4)
    assert y.std() == pytest.approx(1, rel=1e-4)


@given(st.floats(-35, 35), st.sampled_from([np.float32, np.float64]))
@settings(deadline=None)
def test_the_unit_of_the_values_does_not_matter(exponent, dtype):
    maps = np.random.default_rng(0).normal(size=(5, 4)).astype(dtype)
    scaled = (maps * 10.0**exponent).astype(dtype)
    np.testing.assert_allclose(normalize_maps(scaled), normalize_maps(maps), atol=2e-6)


def test_one_map_of_large_values_beside_one_of_small():
    small = np.arange(12.0, dtype=np.float32).reshape(3, 4)
    stack = np.stack([small * np.float32(1e30), small, small * np.float32(1e-30)], axis=-1)
    y = normalize_maps(stack)
    np.testing.assert_allclose(y[..., 0], y[..., 1], atol=1e-6)
    np.testing.assert_allclose(y[..., 2], y[..., 1], atol=1e-6)


def test_a_large_offset_costs_no_accuracy_beyond_its_own_rounding():
    maps = (np.random.default_rng(0).integers(-8, 9, (20, 20)) + 4096).astype(np.float32)  # exact
    exact = scipy.stats.zscore(maps.astype(np.float64), axis=None)
    np.testing.assert_allclose(normalize_maps(maps), exact, atol=1e-6)


def test_nan_stays_in_its_map():
    maps = np.arange(8.0).reshape(2, 2, 2)
    maps[0, 0, 0] = np.nan
    assert np.isnan(normalize_maps(maps)).all(axis=(0, 1)).tolist() == [True, False]
    assert np.isfinite(normalize_maps(maps)[..., 1]).all()


def test_backward_by_hand():
    # map (0, 1, 2): σ = √(2/3), y = (-√1.5, 0, √1.5); g = (1, 0, 0): mean(g) = 1/3, mean(g y) = -√1.5/3
    # g - 1/3 - y mean(g y) = (2/3 - 1.5/3, -1/3, -1/3 + 1.5/3) = (1/6, -1/3, 1/6), divided by σ
    expected = np.array([[1 / 6, -1 / 3, 1 / 6]]) * np.sqrt(1.5)
    np.testing.assert_allclose(normalize_maps_backward([[1.0, 0.0, 0.0]], [[0.0, 1.0, 2.0]]), expected)


def test_backward_equals_jax(keras, jax_gradient):
    ops = keras.ops
    maps, gradient = np.random.default_rng(2).normal(size=(2, 2, 5, 4, 3)).astype(np.float32)

    def forward(x):
        return (x - ops.mean(x, (1, 2), keepdims=True)) / ops.std(x, (1, 2), keepdims=True)

    expected = jax_gradient(forward, gradient, maps)[0]
    np.testing.assert_allclose(normalize_maps_backward(gradient, maps), expected, atol=2e-6)


@pytest.mark.parametrize("shape", [(3, 4), (3, 2, 3), (2, 3, 3, 2), (1, 2, 1, 2)])
def test_backward_equals_central_differences(shape, central_differences):
    maps, gradient = np.random.default_rng(3).normal(size=(2, *shape))
    slopes = central_differences(normalize_maps, gradient, maps)
    np.testing.assert_allclose(normalize_maps_backward(gradient, maps), slopes, atol=1e-8)


def test_mean_and_deviation_as_constants_would_be_noticed(central_differences):
    maps, gradient = np.random.default_rng(4).normal(size=(2, 4, 4))
    slopes = central_differences(normalize_maps, gradient, maps)
    through_neither = gradient / maps.std()
    through_the_mean_alone = (gradient - gradient.mean()) / maps.std()
    assert not np.allclose(through_neither, slopes, atol=1e-3)
    assert not np.allclose(through_the_mean_alone, slopes, atol=1e-3)


@given(SHAPES, st.integers(0, 2**32 - 1))
def test_backward_sums_to_zero_over_each_map(shape, seed):
    maps, gradient = np.random.default_rng(seed).normal(size=(2, *shape))
    d_maps = normalize_maps_backward(gradient, maps)
    assert d_maps.shape == shape
    np.testing.assert_allclose(d_maps.sum(axis=(1, 2)), 0, atol=1e-8 * np.abs(d_maps).max(initial=1))


def test_a_batch_of_no_images():
    assert normalize_maps(np.zeros((0, 3, 3, 2))).shape == (0, 3, 3, 2)


@pytest.mark.parametrize("shape", [(5,), (1, 1, 2, 2, 2)])
def test_other_ranks_are_refused(shape):
    with pytest.raises(
        ShapeError, match=r"maps must be \(H, W\), \(H, W, C\) or \(N, H, W, C\). Received: maps"
    ):
        normalize_maps(np.zeros(shape))


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(
        ShapeError, match=r"shape of the output, \(2, 3\). Received: gradient\.shape=\(3, 2\)"
    ):
        normalize_maps_backward(np.zeros((3, 2)), np.zeros((2, 3)))
