"""Dense layers of any size, there and back, against the same in double precision."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from normal import normal

from pellucid.fast.dense import compiled_dense as dense


def there(made, inputs, weights, bias, *, rectified):
    outputs = made.put(np.full((len(inputs), bias.size), 7, np.float32))
    dense.weighted_sums(inputs, weights, bias, rectified, outputs)
    made.check()
    return outputs


def back(made, gradient, outputs, weights, *, rectified, wanted=True):
    n, U = gradient.shape
    m = -(-n // 16) * 16
    reached, d_bias = made.put(np.full((n, U), 7, np.float32)), made.put(np.full(U, 7, np.float32))
    d_inputs = made.put(np.full((n, len(weights)) if wanted else (0, 0), 7, np.float32))
    space = (made.put(np.full(shape, 7, np.float32)) for shape in ((U, m), (dense.BLOCK, m)))
    dense.weighted_sums_backward(
        gradient, outputs, weights, rectified, wanted, reached, d_bias, d_inputs, *space
    )
    made.check()
    return reached, d_bias, d_inputs


@given(
    n=st.integers(1, 35),
    D=st.integers(1, 140),
    U=st.sampled_from([16, 32, 48, 144, 272]),
    rectified=st.booleans(),
    wanted=st.booleans(),
)
def test_there_and_back(guards, n, D, U, rectified, wanted):
    made = guards()
    inputs, weights, bias = (made.put(normal(*shape)) for shape in ((n, D), (D, U), (U,)))
    outputs = there(made, inputs, weights, bias, rectified=rectified)
    exact = inputs.astype(float) @ weights.astype(float) + bias
    np.testing.assert_allclose(outputs, np.maximum(exact, 0) if rectified else exact, atol=1e-4)
    gradient = made.put(normal(n, U, seed=1))
    reached, d_bias, d_inputs = back(made, gradient, outputs, weights, rectified=rectified, wanted=wanted)
    np.testing.assert_array_equal(reached, gradient * (outputs > 0) if rectified else gradient)
    np.testing.assert_allclose(d_bias, reached.astype(float).sum(0), atol=1e-4)
    if wanted:
        np.testing.assert_allclose(d_inputs, reached.astype(float) @ weights.T.astype(float), atol=2e-4)


@given(n=st.integers(0, 20), D=st.integers(1, 40), U=st.sampled_from([16, 48, 144]), data=st.data())
def test_some_rows_of_the_weights_gradient(guards, n, D, U, data):
    first = data.draw(st.integers(0, D))
    last = data.draw(st.integers(first, D))
    made = guards()
    inputs, gradient = made.put(normal(n, D)), made.put(normal(n, U, seed=1))
    total = made.put(np.full((last - first, U), 7, np.float32))
    dense.weights_gradient(inputs, gradient, first, last, total, False)
    made.check()
    expected = inputs[:, first:last].T.astype(float) @ gradient.astype(float)
    np.testing.assert_allclose(total, expected, atol=1e-4)
    dense.weights_gradient(inputs, gradient, first, last, total, True)
    made.check()
    np.testing.assert_allclose(total, 2 * expected, atol=2e-4)


def test_many_inputs_are_summed_by_stretches(guarded):
    """More weights than one stretch holds."""
    D, U = dense.AT_A_TIME // 48 + 70, 48
    inputs, weights, bias = (guarded.put(normal(*shape)) for shape in ((9, D), (D, U), (U,)))
    outputs = there(guarded, inputs, weights, bias, rectified=False)
    np.testing.assert_allclose(outputs, inputs.astype(float) @ weights.astype(float) + bias, atol=1e-3)


def test_a_small_case_by_hand(guarded):
    inputs, weights = guarded.put(np.array([[1, 2]], np.float32)), np.ones((2, 16), np.float32)
    weights[1] = -1
    weights = guarded.put(weights)
    for bias, expected in ((3, 2), (0, 0)):
        offset = guarded.put(np.full(16, bias, np.float32))
        outputs = there(guarded, inputs, weights, offset, rectified=True)
        np.testing.assert_array_equal(outputs, np.full((1, 16), expected))
        gradient = guarded.put(np.ones((1, 16), np.float32))
        reached, _, d_inputs = back(guarded, gradient, outputs, weights, rectified=True)
        assert reached.sum() == 16 * (expected > 0)
        np.testing.assert_array_equal(d_inputs, [[16, -16]] if expected else [[0, 0]])


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("rectified", [True, False])
def test_what_is_no_number_is_not_hidden(guards, rectified, value):
    made = guards()
    inputs, weights, bias = np.ones((11, 20), np.float32), np.ones((20, 16), np.float32), np.zeros(16, "f")
    inputs[9, 3] = value
    outputs = there(made, inputs, weights, bias, rectified=rectified)
    assert not np.isfinite(outputs[9]).any()
    assert np.isfinite(np.delete(outputs, 9, axis=0)).all()
