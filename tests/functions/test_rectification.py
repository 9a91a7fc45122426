import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pellucid.errors import ArgumentError, ShapeError
from pellucid.functions import relu, relu_backward

VALUES = st.floats(allow_nan=False, allow_infinity=False, width=32)
MAPS = hnp.arrays(np.float32, hnp.array_shapes(max_dims=4, max_side=5), elements=VALUES)


def relu_by_loops(maps):
    result = np.zeros_like(maps)
    for index, value in np.ndenumerate(maps):
        if value > 0:
            result[index] = value
    return result


def test_by_hand():
    maps = np.array([[[-1.0, 2.0], [0.0, -0.5]], [[3.0, -4.0], [1e-30, -1e-30]]])
    expected = np.array([[[0.0, 2.0], [0.0, 0.0]], [[3.0, 0.0], [1e-30, 0.0]]])
    np.testing.assert_array_equal(relu(maps), expected)


@given(MAPS)
def test_equals_loops(maps):
    np.testing.assert_array_equal(relu(maps), relu_by_loops(maps))


def test_equals_keras(keras):
    maps = np.random.default_rng(0).normal(size=(2, 5, 4, 3)).astype(np.float32)
    np.testing.assert_array_equal(relu(maps), np.asarray(keras.ops.relu(maps)))


def test_backward_by_hand():
    gradient = np.array([[1.0, 2.0], [3.0, -4.0]])
    maps = np.array([[-1.0, 0.0], [1e-300, 5.0]])
    np.testing.assert_array_equal(relu_backward(gradient, maps), [[0.0, 0.0], [3.0, -4.0]])


def test_the_gradient_at_zero_is_zero():
    assert relu_backward([7.0, 7.0], [0.0, -0.0]).tolist() == [0.0, 0.0]


@given(MAPS, st.data())
def test_backward_equals_loops(maps, data):
    gradient = data.draw(hnp.arrays(np.float32, maps.shape, elements=st.floats(-10, 10, width=32)))
    expected = [g if x > 0 else 0 for g, x in zip(gradient.ravel(), maps.ravel(), strict=True)]
    np.testing.assert_array_equal(relu_backward(gradient, maps).ravel(), expected)


@given(MAPS)
def test_the_output_serves_the_backward_as_well(maps):
    gradient = np.random.default_rng(0).normal(size=maps.shape).astype(np.float32)
    np.testing.assert_array_equal(relu_backward(gradient, relu(maps)), relu_backward(gradient, maps))


def test_backward_equals_jax(keras, jax_gradient):
    rng = np.random.default_rng(1)
    maps, gradient = rng.normal(size=(2, 2, 5, 4, 3)).astype(np.float32)
    np.testing.assert_array_equal(
        relu_backward(gradient, maps), jax_gradient(keras.ops.relu, gradient, maps)[0]
    )


def test_backward_equals_central_differences(central_differences):
    rng = np.random.default_rng(2)
    maps, gradient = rng.normal(size=(2, 3, 4, 2))
    maps += np.sign(maps) * 0.01  # off the kink
    slopes = central_differences(relu, gradient, maps)
    np.testing.assert_allclose(relu_backward(gradient, maps), slopes, atol=1e-8)
    assert not np.allclose(gradient, slopes)  # the gradient let through everywhere would be noticed


def test_nan_stays():
    assert np.isnan(relu([np.nan, 1.0])).tolist() == [True, False]


def test_errors():
    with pytest.raises(ArgumentError, match="maps must be an array of real numbers"):
        relu(["a"])
    with pytest.raises(ShapeError, match=r"shape of the output, \(2, 2\). Received: gradient\.shape=\(2,\)"):
        relu_backward(np.zeros(2), np.zeros((2, 2)))
