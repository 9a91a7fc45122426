"""What the tests of the functions share."""

import os
from collections.abc import Callable

import numpy as np
import pytest


@pytest.fixture(scope="session")
def keras():
    """Keras on JAX, the independent implementation; the test is skipped where it is not installed."""
    os.environ["KERAS_BACKEND"] = "jax"
    return pytest.importorskip("keras")


@pytest.fixture(scope="session")
def jax_gradient(keras):
    """``jax_gradient(f, gradient, *arguments)``: the gradients of sum(gradient * f(...)), derived by JAX."""
    jax = pytest.importorskip("jax")

    def derive(function, gradient, *arguments):
        _, backward = jax.vjp(function, *(jax.numpy.asarray(a) for a in arguments))
        return [np.asarray(d) for d in backward(jax.numpy.asarray(gradient))]

    return derive


@pytest.fixture(scope="session")
def central_differences() -> Callable[..., np.ndarray]:
    """``central_differences(f, gradient, x)``: the slope of sum(gradient * f(x)) along each element of x."""

    def slopes(function, gradient, x, step=1e-6):
        x = np.array(x, dtype=np.float64)
        result = np.empty_like(x)
        for index in np.ndindex(x.shape):
            middle = x[index]
            x[index] = middle + step
            above = np.sum(gradient * function(x.copy()))
            x[index] = middle - step
            below = np.sum(gradient * function(x.copy()))
            x[index] = middle
            result[index] = (above - below) / (2 * step)
        return result

    return slopes
