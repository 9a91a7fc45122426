"""Dense layers of few units, there and back, against the same in double precision."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from normal import normal

from pellucid.fast.dense import compiled_few_units as few_units


def sevens(made, *shape):
    return made.put(np.full(shape, 7, np.float32))


def wide(units):
    return -(-units // 16) * 16


def there(made, inputs, weights, bias, *, rectified):
    (n, D), U = inputs.shape, bias.size
    outputs = sevens(made, n, U)
    space = sevens(made, D, wide(U)), sevens(made, n, wide(U))
    few_units.weighted_sums(inputs, weights, bias, rectified, outputs, *space)
    made.check()
    return outputs


def back(made, gradient, outputs, inputs, weights, *, rectified, wanted=True):
    (n, D), U = inputs.shape, gradient.shape[1]
    d_weights, d_bias = sevens(made, D, U), sevens(made, U)
    d_inputs = sevens(made, *((n, D) if wanted else (0, 0)))
    space = sevens(made, n, wide(U)), sevens(made, D, wide(U)), sevens(made, U, D)
    few_units.weighted_sums_backward(
        gradient, outputs, inputs, weights, rectified, wanted, d_weights, d_bias, d_inputs, *space
    )
    made.check()
    return d_weights, d_bias, d_inputs


@given(
    n=st.integers(1, 35),
    D=st.sampled_from([1, 7, 16, 45, 64, 100]),
    U=st.integers(1, 40),
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
    d_weights, d_bias, d_inputs = back(
        made, gradient, outputs, inputs, weights, rectified=rectified, wanted=wanted
    )
    reached = gradient.astype(float) * (outputs > 0) if rectified else gradient.astype(float)
    np.testing.assert_allclose(d_weights, inputs.T.astype(float) @ reached, atol=1e-4)
    np.testing.assert_allclose(d_bias, reached.sum(0), atol=1e-4)
    if wanted:
        np.testing.assert_allclose(d_inputs, reached @ weights.T.astype(float), atol=1e-4)


def test_a_small_case_by_hand(guarded):
    inputs = guarded.put(np.array([[1, 2]], np.float32))
    weights = guarded.put(np.array([[1, -1, 3], [1, 0, 1]], np.float32))
    outputs = there(guarded, inputs, weights, guarded.put(np.array([0, 0.5, 1], np.float32)), rectified=True)
    np.testing.assert_array_equal(outputs, [[3, 0, 6]])
    gradient = guarded.put(np.array([[1, 10, 100]], np.float32))
    d_weights, d_bias, d_inputs = back(guarded, gradient, outputs, inputs, weights, rectified=True)
    np.testing.assert_array_equal(d_weights, [[1, 0, 100], [2, 0, 200]])
    np.testing.assert_array_equal(d_bias, [1, 0, 100])
    np.testing.assert_array_equal(d_inputs, [[301, 101]])


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("rectified", [True, False])
def test_what_is_no_number_is_not_hidden(guards, rectified, value):
    inputs, weights = np.ones((11, 20), np.float32), np.ones((20, 10), np.float32)
    inputs[9, 3] = value
    outputs = there(guards(), inputs, weights, np.zeros(10, "f"), rectified=rectified)
    assert not np.isfinite(outputs[9]).any()
    assert np.isfinite(np.delete(outputs, 9, axis=0)).all()
