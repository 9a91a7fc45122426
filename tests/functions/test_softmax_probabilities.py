import math
import warnings

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pellucid.errors import ShapeError
from pellucid.functions import softmax, softmax_backward

SHAPES = hnp.array_shapes(min_dims=1, max_dims=3, max_side=6)


def softmax_by_loops(logits):
    result = np.empty(logits.shape)
    for row in np.ndindex(logits.shape[:-1]):
        top = max(logits[row])
        powers = [math.exp(score - top) for score in logits[row]]
        result[row] = [power / math.fsum(powers) for power in powers]
    return result


def test_known_answers_of_the_lab():
    np.testing.assert_allclose(
        softmax([2.48737338, 0.62093306, 2.10904643]), [0.54357286, 0.08407619, 0.37235094], atol=5e-9
    )
    np.testing.assert_allclose(softmax([14, 32]), [1.52299795e-08, 0.999999985], rtol=1e-6)
    np.testing.assert_allclose(softmax([14.0, 32.0]), [1.52299795e-08, 0.999999985], rtol=1e-8)


def test_by_hand():
    np.testing.assert_allclose(softmax([[0.0, math.log(3)], [5.0, 5.0]]), [[0.25, 0.75], [0.5, 0.5]])


@given(hnp.arrays(np.float64, SHAPES, elements=st.floats(-1e6, 1e6)))
def test_equals_loops_and_scipy(logits):
    np.testing.assert_allclose(softmax(logits), softmax_by_loops(logits), rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(
        softmax(logits), scipy.special.softmax(logits, axis=-1), rtol=1e-9, atol=1e-300
    )


def test_equals_keras(keras):
    logits = np.random.default_rng(0).normal(0, 5, (7, 10)).astype(np.float32)
    np.testing.assert_allclose(softmax(logits), np.asarray(keras.ops.softmax(logits)), rtol=2e-6)


@given(hnp.arrays(np.float32, SHAPES, elements=st.floats(allow_nan=False, allow_infinity=False, width=32)))
def test_any_finite_scores_give_probabilities(logits):
    probabilities = softmax(logits)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_largest_numbers_that_there_are(dtype):
    top = np.finfo(dtype).max
    assert softmax(np.array([top, -top, top], dtype)).tolist() == [0.5, 0.0, 0.5]


def test_the_maximum_is_taken_by_row():
    # with the maximum of the whole batch, the second row would be 0/0
    np.testing.assert_allclose(softmax([[1e4, 0.0], [-1e4, -1e4]]), [[1.0, 0.0], [0.5, 0.5]])


def test_minus_infinity_has_probability_zero():
    assert softmax([-np.inf, 0.0, 0.0]).tolist() == [0.0, 0.5, 0.5]


@pytest.mark.parametrize("row", [[-np.inf, -np.inf], [np.inf, 0.0], [np.inf, np.inf], [np.nan, 0.0]])
def test_a_row_without_a_softmax_is_nan_and_leaves_the_others_alone(row):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        probabilities = softmax([row, [0.0, 0.0]])
    assert np.isnan(probabilities[0]).all()
    assert probabilities[1].tolist() == [0.5, 0.5]


def test_backward_by_hand():
    # p = (1/4, 3/4), g = (8, 0): Σ g p = 2, so p (g - 2) = (6/4, -6/4)
    np.testing.assert_allclose(softmax_backward([8.0, 0.0], [0.25, 0.75]), [1.5, -1.5])


@given(SHAPES, st.integers(0, 2**32 - 1))
def test_backward_equals_the_jacobian(shape, seed):
    rng = np.random.default_rng(seed)
    probabilities, gradient = softmax(rng.normal(0, 3, shape)), rng.normal(size=shape)
    expected = np.empty(shape)
    for row in np.ndindex(shape[:-1]):
        p = probabilities[row]
        expected[row] = gradient[row] @ (np.diag(p) - np.outer(p, p))
    np.testing.assert_allclose(softmax_backward(gradient, probabilities), expected, atol=1e-12)


def test_backward_equals_jax(keras, jax_gradient):
    logits, gradient = np.random.default_rng(1).normal(size=(2, 6, 10)).astype(np.float32)
    expected = jax_gradient(keras.ops.softmax, gradient, logits)[0]
    np.testing.assert_allclose(softmax_backward(gradient, softmax(logits)), expected, atol=1e-6)


def test_backward_equals_central_differences(central_differences):
    logits, gradient = np.random.default_rng(2).normal(size=(2, 3, 4))
    slopes = central_differences(softmax, gradient, logits)
    p = softmax(logits)
    np.testing.assert_allclose(softmax_backward(gradient, p), slopes, atol=1e-9)
    assert not np.allclose(gradient * p * (1 - p), slopes)  # the diagonal alone would be noticed


@pytest.mark.parametrize("logits", [5.0, np.zeros((3, 0))])
def test_no_scores(logits):
    with pytest.raises(ShapeError, match=r"a last axis with at least one score. Received: logits\.shape="):
        softmax(logits)


def test_a_batch_of_no_samples():
    assert softmax(np.zeros((0, 3))).shape == (0, 3)


def test_backward_refuses_another_shape():
    with pytest.raises(ShapeError, match=r"shape of the output, \(3,\). Received: gradient\.shape=\(2,\)"):
        softmax_backward([1.0, 2.0], [0.2, 0.3, 0.5])
