import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.core.randomness import stream
from pellucid.errors import ArgumentError, ShapeError
from pellucid.functions import draw_weights, fully_connected, fully_connected_backward

SHAPES = [(6,), (4, 6), (2, 3, 2), (4, 1, 3, 2)]  # (D,), (N, D), (H, W, C), (N, H, W, C)
ANY_SHAPE = st.one_of(*(st.tuples(*[st.integers(1, 4)] * rank) for rank in (1, 2, 3, 4)))


def draw(shape, U, seed, dtype=np.float64):
    """inputs of the shape, weights (D, U), bias (U,), gradient (U,) or (N, U)."""
    rng = np.random.default_rng(seed)
    batch = shape[:1] if len(shape) in (2, 4) else ()
    D = int(np.prod(shape[len(batch) :]))
    arrays = rng.normal(size=shape), rng.normal(size=(D, U)), rng.normal(size=U), rng.normal(size=(*batch, U))
    return [array.astype(dtype) for array in arrays]


def fully_connected_by_loops(inputs, weights, bias):
    outputs = []
    for row in inputs if inputs.ndim in (2, 4) else [inputs]:
        values = list(row.flat)
        outputs.append(
            [
                sum(x * w for x, w in zip(values, weights[:, u], strict=True)) + bias[u]
                for u in range(len(bias))
            ]
        )
    return np.array(outputs if inputs.ndim in (2, 4) else outputs[0])


def test_known_answer_of_the_lab():
    rows = np.array([[1, 2, 3], [4, 5, 6]])  # one row per output node, as the lab writes them
    assert fully_connected([1, 2, 3], rows.T).tolist() == [14, 32]


def test_by_hand():
    weights, bias = [[1.0, 10.0], [2.0, 20.0]], [0.5, -0.5]
    np.testing.assert_array_equal(
        fully_connected([[1.0, 1.0], [3.0, 0.0]], weights, bias), [[3.5, 29.5], [3.5, 29.5]]
    )


def test_a_stack_of_maps_is_laid_out_row_by_row_with_channels_side_by_side():
    stack = np.arange(12.0).reshape(2, 3, 2)  # already numbered in that order
    weights = np.eye(12)
    np.testing.assert_array_equal(fully_connected(stack, weights), np.arange(12.0))
    np.testing.assert_array_equal(fully_connected(stack[np.newaxis], weights), [np.arange(12.0)])


@given(ANY_SHAPE, st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_equals_loops(shape, U, seed):
    inputs, weights, bias, _ = draw(shape, U, seed)
    expected = fully_connected_by_loops(inputs, weights, bias)
    outputs = fully_connected(inputs, weights, bias)
    assert outputs.shape == expected.shape
    np.testing.assert_allclose(outputs, expected, atol=1e-12)
    np.testing.assert_allclose(fully_connected(inputs, weights), expected - bias, atol=1e-12)


def test_equals_keras(keras):
    inputs, weights, bias, _ = draw((5, 3, 4, 2), 7, 0, np.float32)
    dense = keras.layers.Dense(7)
    dense.build((None, 24))
    dense.set_weights([weights, bias])
    expected = np.asarray(dense(keras.layers.Flatten()(inputs)))
    np.testing.assert_allclose(fully_connected(inputs, weights, bias), expected, atol=1e-5)


def test_a_number_of_output_nodes_draws_weights():
    inputs = np.random.default_rng(0).normal(size=(5, 3, 4, 2))
    outputs = fully_connected(inputs, 7, generator=stream(0, "weights"))
    weights = draw_weights(24, 7, stream(0, "weights"), dtype=np.float64)
    np.testing.assert_array_equal(outputs, fully_connected(inputs, weights))
    assert not np.allclose(outputs, fully_connected(inputs, np.int64(7), generator=stream(1, "weights")))


def test_weights_are_glorot_uniform():
    weights = draw_weights(300, 200, stream(0, "weights"))
    limit = np.sqrt(6 / 500)
    assert (weights.shape, weights.dtype) == ((300, 200), np.float32)
    assert 0.999 * limit < abs(weights).max() <= np.float32(limit)
    assert abs(weights.mean()) < 4 * limit / np.sqrt(3 * weights.size)
    assert weights.std() == pytest.approx(limit / np.sqrt(3), rel=0.01)


def test_weights_are_drawn_as_keras_draws_them(keras):
    theirs = np.asarray(keras.initializers.GlorotUniform(seed=0)((300, 200)))
    ours = draw_weights(300, 200, stream(0, "weights"))
    assert abs(ours).max() == pytest.approx(abs(theirs).max(), rel=1e-3)
    assert ours.std() == pytest.approx(theirs.std(), rel=0.01)


def test_backward_by_hand():
    d_inputs, d_weights, d_bias = fully_connected_backward(
        [[1.0, 2.0], [0.0, 1.0]], [[3.0, 4.0], [5.0, 6.0]], [[1.0, 10.0], [2.0, 20.0]]
    )
    np.testing.assert_array_equal(d_inputs, [[21.0, 42.0], [10.0, 20.0]])
    np.testing.assert_array_equal(d_weights, [[3.0, 11.0], [4.0, 14.0]])  # summed over the two samples
    np.testing.assert_array_equal(d_bias, [1.0, 3.0])


@given(ANY_SHAPE, st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_backward_equals_loops(shape, U, seed):
    inputs, weights, _, gradient = draw(shape, U, seed)
    rows, g = inputs.reshape(-1, len(weights)), gradient.reshape(-1, U)
    expected = np.zeros_like(rows), np.zeros_like(weights), np.zeros(U)
    for n, u in np.ndindex(g.shape):
        expected[2][u] += g[n, u]
        for d in range(len(weights)):
            expected[0][n, d] += g[n, u] * weights[d, u]
            expected[1][d, u] += g[n, u] * rows[n, d]
    d_inputs, d_weights, d_bias = fully_connected_backward(gradient, inputs, weights)
    assert d_inputs.shape == shape
    np.testing.assert_allclose(d_inputs.reshape(rows.shape), expected[0], atol=1e-12)
    np.testing.assert_allclose(d_weights, expected[1], atol=1e-12)
    np.testing.assert_allclose(d_bias, expected[2], atol=1e-12)


def test_backward_equals_jax(keras, jax_gradient):
    inputs, weights, bias, gradient = draw((5, 24), 7, 1, np.float32)
    theirs = jax_gradient(lambda x, w, b: keras.ops.matmul(x, w) + b, gradient, inputs, weights, bias)
    ours = fully_connected_backward(gradient, inputs, weights)
    for got, expected in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(got, expected, atol=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_backward_equals_central_differences(shape, central_differences):
    inputs, weights, bias, gradient = draw(shape, 3, 2)
    d_inputs, d_weights, d_bias = fully_connected_backward(gradient, inputs, weights)

    of_inputs = central_differences(lambda x: fully_connected(x, weights, bias), gradient, inputs)
    of_weights = central_differences(lambda x: fully_connected(inputs, x, bias), gradient, weights)
    of_bias = central_differences(lambda x: fully_connected(inputs, weights, x), gradient, bias)
    np.testing.assert_allclose(d_inputs, of_inputs, atol=1e-8)
    np.testing.assert_allclose(d_weights, of_weights, atol=1e-8)
    np.testing.assert_allclose(d_bias, of_bias, atol=1e-8)
    if len(shape) in (2, 4):  # a mean over the batch in place of the sum would be noticed
        assert not np.allclose(d_weights / shape[0], of_weights, atol=1e-3)


def test_the_gradient_of_the_inputs_can_be_left_out():
    inputs, weights, _, gradient = draw((4, 6), 3, 3)
    left_out, d_weights, d_bias = fully_connected_backward(gradient, inputs, weights, inputs_gradient=False)
    assert left_out is None
    _, expected_weights, expected_bias = fully_connected_backward(gradient, inputs, weights)
    np.testing.assert_array_equal(d_weights, expected_weights)
    np.testing.assert_array_equal(d_bias, expected_bias)


def test_the_inputs_decide_the_dtype():
    inputs, weights, bias, gradient = draw((4, 6), 3, 4)
    assert fully_connected(inputs.astype(np.float32), weights, bias).dtype == np.float32
    assert {d.dtype for d in fully_connected_backward(gradient, inputs.astype(np.float32), weights)} == {
        np.dtype("f4")
    }


def test_a_batch_of_no_images():
    assert fully_connected(np.zeros((0, 2, 3, 1)), np.zeros((6, 5))).shape == (0, 5)
    assert fully_connected_backward(np.zeros((0, 5)), np.zeros((0, 2, 3, 1)), np.zeros((6, 5)))[1].shape == (
        6,
        5,
    )


MISFITS = {
    "transposed": (
        (3,),
        (2, 3),
        r"write weights\.T. Received: weights\.shape=\(2, 3\), inputs\.shape=\(3,\)",
    ),
    "a single map": ((4, 5), (20, 3), r"for a single map write inputs\.ravel\(\). Received: weights"),
    "a batch of single maps": (
        (7, 4, 5),
        (20, 3),
        r"for a batch of single maps write inputs\[\.\.\., None\]. Received: weights",
    ),
    "another D": (
        (4, 5),
        (6, 3),
        r"weights must be \(D, U\), one row for each of the D=5 inputs and one column per",
    ),
    "rank": (
        (4, 5),
        (5,),
        r"one column per output node. Received: weights\.shape=\(5,\), inputs\.shape=\(4, 5\)",
    ),
}


@pytest.mark.parametrize("case", MISFITS)
def test_weights_that_do_not_fit(case):
    inputs_shape, weights_shape, message = MISFITS[case]
    with pytest.raises(ShapeError, match=message):
        fully_connected(np.ones(inputs_shape), np.ones(weights_shape))
    with pytest.raises(ShapeError, match=message):
        fully_connected_backward(np.ones((1, 1)), np.ones(inputs_shape), np.ones(weights_shape))


def test_a_bias_that_does_not_fit():
    with pytest.raises(ShapeError, match=r"for each of the 3 output nodes. Received: bias\.shape=\(2,\)"):
        fully_connected(np.ones(5), np.ones((5, 3)), np.ones(2))


@pytest.mark.parametrize("shape", [(), (1, 1, 1, 1, 1)])
def test_inputs_of_another_rank(shape):
    with pytest.raises(ShapeError, match=r"inputs must be one flat array \(D,\).* Received: inputs\.shape="):
        fully_connected(np.ones(shape), np.ones((1, 1)))


def test_a_gradient_that_does_not_fit():
    with pytest.raises(ShapeError, match=r"shape of the output, \(4, 3\). Received: gradient\.shape=\(3,\)"):
        fully_connected_backward(np.ones(3), np.ones((4, 5)), np.ones((5, 3)))


def test_a_number_of_nodes_needs_a_generator():
    with pytest.raises(
        ArgumentError, match=r"weights=10 asks for 10 output nodes .* Received: generator=None"
    ):
        fully_connected(np.ones(5), 10)


@pytest.mark.parametrize("U", [0, -1])
def test_at_least_one_node(U):
    with pytest.raises(ArgumentError, match=rf"at least one input and one output node. Received: D=5, U={U}"):
        fully_connected(np.ones(5), U, generator=stream(0, "weights"))
