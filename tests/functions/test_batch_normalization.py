import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.errors import ArgumentError, ShapeError
from pellucid.functions import (
    batch_normalize,
    batch_normalize_backward,
    batch_normalize_inference,
    update_running_statistics,
)

SHAPES = st.one_of(
    st.tuples(st.integers(1, 6), st.integers(1, 4)),
    st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3)),
)


def draw(shape, seed, dtype=np.float64):
    """inputs, gradient (N, …, C); gamma, beta (C,)."""
    rng = np.random.default_rng(seed)
    inputs, gradient = rng.normal(3, 2, shape), rng.normal(size=shape)
    gamma, beta = rng.normal(1, 1, shape[-1]), rng.normal(size=shape[-1])
    return [array.astype(dtype) for array in (inputs, gradient, gamma, beta)]


def batch_normalize_by_loops(inputs, gamma, beta, epsilon):
    rows = inputs.reshape(-1, inputs.shape[-1])  # (N, …, C) -> (M, C)
    outputs, means, variances = np.empty_like(rows), [], []
    for c in range(rows.shape[1]):
        mean = sum(rows[:, c]) / len(rows)
        variance = sum((x - mean) ** 2 for x in rows[:, c]) / len(rows)
        for m in range(len(rows)):
            outputs[m, c] = gamma[c] * (rows[m, c] - mean) / (variance + epsilon) ** 0.5 + beta[c]
        means.append(mean)
        variances.append(variance)
    return outputs.reshape(inputs.shape), means, variances


def test_by_hand():
    # channel 0: 1, 3 -> mean 2, variance 1; channel 1: 4, 4 -> mean 4, variance 0
    inputs = [[1.0, 4.0], [3.0, 4.0]]
    outputs, mean, variance = batch_normalize(inputs, [2.0, 5.0], [10.0, 7.0], epsilon=3.0)
    np.testing.assert_allclose(outputs, [[9.0, 7.0], [11.0, 7.0]])  # x̂ = ±1/√4
    np.testing.assert_allclose(mean, [2.0, 4.0])
    np.testing.assert_allclose(variance, [1.0, 0.0])


@given(SHAPES, st.integers(0, 2**32 - 1), st.sampled_from([1e-3, 1e-5, 0.5]))
def test_equals_loops(shape, seed, epsilon):
    inputs, _, gamma, beta = draw(shape, seed)
    expected = batch_normalize_by_loops(inputs, gamma, beta, epsilon)
    for got, want in zip(batch_normalize(inputs, gamma, beta, epsilon=epsilon), expected, strict=True):
        np.testing.assert_allclose(got, want, atol=1e-10)


@pytest.mark.parametrize("shape", [(16, 5), (4, 6, 5, 3)])
def test_equals_keras(keras, shape):
    inputs, _, gamma, beta = draw(shape, 0, np.float32)
    layer = keras.layers.BatchNormalization()
    layer.build(shape)
    layer.gamma.assign(gamma)
    layer.beta.assign(beta)
    running = np.zeros_like(gamma), np.ones_like(gamma)
    for _ in range(3):  # three training steps, then inference, all with the default epsilon and momentum
        inputs = inputs * np.float32(1.1)
        outputs, mean, variance = batch_normalize(inputs, gamma, beta)
        running = update_running_statistics(*running, mean, variance)
        np.testing.assert_allclose(outputs, np.asarray(layer(inputs, training=True)), atol=1e-5)
    np.testing.assert_allclose(running[0], np.asarray(layer.moving_mean), rtol=1e-5)
    np.testing.assert_allclose(running[1], np.asarray(layer.moving_variance), rtol=1e-5)
    expected = np.asarray(layer(inputs, training=False))
    np.testing.assert_allclose(batch_normalize_inference(inputs, gamma, beta, *running), expected, atol=1e-5)


def test_inference_by_hand():
    gamma, beta, mean, variance = [2.0, 3.0], [1.0, -1.0], [2.0, 1.0], [3.0, 9.0]
    outputs = batch_normalize_inference([[4.0, 1.0]], gamma, beta, mean, variance, epsilon=1.0)
    np.testing.assert_allclose(outputs, [[2 * (4 - 2) / 2 + 1, -1.0]])


@given(SHAPES, st.integers(0, 2**32 - 1))
def test_inference_with_the_statistics_of_the_batch_is_training(shape, seed):
    inputs, _, gamma, beta = draw(shape, seed)
    outputs, mean, variance = batch_normalize(inputs, gamma, beta)
    again = batch_normalize_inference(inputs, gamma, beta, mean, variance)
    np.testing.assert_allclose(again, outputs, atol=1e-12)


def test_inference_takes_each_image_by_itself():
    inputs, _, gamma, beta = draw((4, 3, 3, 2), 0)
    mean, variance = np.array([1.0, 2.0]), np.array([0.5, 2.0])
    together = batch_normalize_inference(inputs, gamma, beta, mean, variance)
    alone = [batch_normalize_inference(inputs[n : n + 1], gamma, beta, mean, variance)[0] for n in range(4)]
    np.testing.assert_array_equal(together, alone)


def test_a_constant_channel_becomes_beta():
    outputs, _, variance = batch_normalize(np.full((8, 2), [0.5, 4.0]), [3.0, 3.0], [1.0, -2.0])
    np.testing.assert_array_equal(outputs, np.full((8, 2), [1.0, -2.0]))
    assert variance.tolist() == [0.0, 0.0]


def test_running_statistics_by_hand():
    mean, variance = update_running_statistics([0.0, 2.0], [1.0, 1.0], [10.0, 2.0], [3.0, 0.0], momentum=0.9)
    np.testing.assert_allclose(mean, [1.0, 2.0])
    np.testing.assert_allclose(variance, [1.2, 0.9])


def test_the_default_momentum_is_that_of_keras():
    mean, _ = update_running_statistics([0.0], [1.0], [1.0], [1.0])
    assert mean[0] == pytest.approx(0.01)


def test_backward_by_hand():
    # inputs 1, 3; mean 2, variance 1, epsilon 3: x̂ = (-1/2, 1/2), γ = 4, g = (1, 0)
    # dβ = 1, dγ = -1/2; γ/s (g - 1/2 - x̂ (-1/4)) = 4/2 · (1 - 1/2 - 1/8, -1/2 + 1/8) = (3/4, -3/4)
    d_inputs, d_gamma, d_beta = batch_normalize_backward(
        [[1.0], [0.0]], [[1.0], [3.0]], [4.0], [2.0], [1.0], epsilon=3.0
    )
    np.testing.assert_allclose(d_inputs, [[0.75], [-0.75]])
    assert (d_gamma.tolist(), d_beta.tolist()) == ([-0.5], [1.0])


@pytest.mark.parametrize("shape", [(16, 5), (4, 6, 5, 3)])
def test_backward_equals_jax(keras, jax_gradient, shape):
    inputs, gradient, gamma, beta = draw(shape, 1, np.float32)

    def forward(x, scale, shift):
        mean, variance = keras.ops.moments(x, tuple(range(len(shape) - 1)))
        return keras.ops.batch_normalization(x, mean, variance, -1, shift, scale, epsilon=1e-3)

    _, mean, variance = batch_normalize(inputs, gamma, beta)
    got = batch_normalize_backward(gradient, inputs, gamma, mean, variance)
    for ours, theirs in zip(got, jax_gradient(forward, gradient, inputs, gamma, beta), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-5)


@pytest.mark.parametrize("shape", [(6, 3), (2, 3, 2, 2), (1, 4)])
def test_backward_equals_central_differences(shape, central_differences):
    inputs, gradient, gamma, beta = draw(shape, 2)
    _, mean, variance = batch_normalize(inputs, gamma, beta)
    d_inputs, d_gamma, d_beta = batch_normalize_backward(gradient, inputs, gamma, mean, variance)

    of_inputs = central_differences(lambda x: batch_normalize(x, gamma, beta)[0], gradient, inputs)
    of_gamma = central_differences(lambda x: batch_normalize(inputs, x, beta)[0], gradient, gamma)
    of_beta = central_differences(lambda x: batch_normalize(inputs, gamma, x)[0], gradient, beta)
    np.testing.assert_allclose(d_inputs, of_inputs, atol=1e-7)
    np.testing.assert_allclose(d_gamma, of_gamma, atol=1e-7)
    np.testing.assert_allclose(d_beta, of_beta, atol=1e-7)


def test_statistics_as_constants_would_be_noticed(central_differences):
    inputs, gradient, gamma, beta = draw((6, 3), 3)
    _, _, variance = batch_normalize(inputs, gamma, beta)
    slopes = central_differences(lambda x: batch_normalize(x, gamma, beta)[0], gradient, inputs)
    assert not np.allclose(gradient * gamma / np.sqrt(variance + 1e-3), slopes, atol=1e-3)


@pytest.mark.parametrize("shape", [(5,), (0, 3), (4, 0), (2, 0, 3, 1)])
def test_inputs_that_are_no_batch(shape):
    with pytest.raises(
        ShapeError, match=r"inputs must be a batch with at least one value .* Received: inputs\.shape="
    ):
        batch_normalize(np.zeros(shape), np.ones(shape[-1]), np.ones(shape[-1]))


@pytest.mark.parametrize("name", ["gamma", "beta"])
def test_one_number_for_each_channel(name):
    arguments = {"gamma": np.ones(3), "beta": np.ones(3), name: np.ones(2)}
    with pytest.raises(
        ShapeError, match=rf"{name} must have one number for each channel, \(3,\). Received: {name}.shape="
    ):
        batch_normalize(np.ones((2, 3)), **arguments)


@pytest.mark.parametrize("name", ["gamma", "beta", "mean", "variance"])
def test_one_number_for_each_channel_in_inference(name):
    arguments = dict.fromkeys(["gamma", "beta", "mean", "variance"], np.ones(3)) | {name: np.ones((3, 1))}
    with pytest.raises(ShapeError, match=rf"{name} must have one number .* Received: {name}\.shape=\(3, 1\)"):
        batch_normalize_inference(np.ones((2, 3)), **arguments)


@pytest.mark.parametrize("name", ["running_variance", "mean", "variance"])
def test_running_statistics_of_another_shape(name):
    arguments = dict.fromkeys(["running_mean", "running_variance", "mean", "variance"], np.ones(3))
    with pytest.raises(ShapeError, match=rf"{name} must have one number .* Received: {name}\.shape=\(2,\)"):
        update_running_statistics(**arguments | {name: np.ones(2)})


def test_a_gradient_of_another_shape():
    with pytest.raises(ShapeError, match=r"shape of the output, \(2, 3\). Received: gradient\.shape=\(3,\)"):
        batch_normalize_backward(np.ones(3), np.ones((2, 3)), np.ones(3), np.ones(3), np.ones(3))


@pytest.mark.parametrize("epsilon", [0, -1.0, float("nan")])
def test_epsilon_must_be_above_zero(epsilon):
    with pytest.raises(ArgumentError, match=r"epsilon must be above 0. Received: epsilon="):
        batch_normalize(np.ones((2, 3)), np.ones(3), np.ones(3), epsilon=epsilon)


@pytest.mark.parametrize("momentum", [-0.1, 1.1, float("nan")])
def test_momentum_must_be_a_share(momentum):
    with pytest.raises(ArgumentError, match=r"momentum must be from 0 to 1. Received: momentum="):
        update_running_statistics([0.0], [1.0], [1.0], [1.0], momentum=momentum)
