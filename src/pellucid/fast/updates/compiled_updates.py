"""Compiled optimizer rules: one pass over parameters, gradient and state instead of one per operation.

The operations and their order are those of the rules in :mod:`pellucid.optimizers`, in float32, and nothing
is fused or reordered, so the results are the same to the last bit.
"""

from __future__ import annotations

import numpy as np

from pellucid.fast.buffers import Array
from pellucid.fast.compiling import compiled


@compiled
def sgd(parameters: Array, gradient: Array, rate: np.float32) -> None:
    """Plain gradient descent."""
    for i in range(parameters.size):
        parameters[i] -= gradient[i] * rate


@compiled
def sgd_with_momentum(
    parameters: Array,
    gradient: Array,
    velocity: Array,
    rate: np.float32,
    momentum: np.float32,
    nesterov: bool,
) -> None:
    """Gradient descent with momentum, Nesterov's if wanted."""
    for i in range(parameters.size):
        step = gradient[i] * rate
        speed = velocity[i] * momentum - step
        velocity[i] = speed
        parameters[i] += speed * momentum - step if nesterov else speed


@compiled
def rmsprop(
    parameters: Array,
    gradient: Array,
    velocity: Array,
    rate: np.float32,
    rho: np.float32,
    news: np.float32,
    epsilon: np.float32,
) -> None:
    """RMSprop without momentum, not centered; ``news`` is 1 - rho."""
    for i in range(parameters.size):
        g = gradient[i]
        v = velocity[i] * rho + g * g * news
        velocity[i] = v
        parameters[i] -= g * rate / np.sqrt(v + epsilon)


@compiled
def adadelta(
    parameters: Array,
    gradient: Array,
    gradients: Array,
    steps: Array,
    rate: np.float32,
    rho: np.float32,
    news: np.float32,
    epsilon: np.float32,
) -> None:
    """Adadelta; ``news`` is 1 - rho."""
    for i in range(parameters.size):
        g = gradient[i]
        mean = gradients[i] * rho + g * g * news
        gradients[i] = mean
        step = g * np.sqrt(steps[i] + epsilon) / np.sqrt(mean + epsilon)
        steps[i] = steps[i] * rho + step * step * news
        parameters[i] -= step * rate


@compiled
def adam(
    parameters: Array,
    gradient: Array,
    momentum: Array,
    velocity: Array,
    alpha: np.float32,
    news: np.float32,
    news_2: np.float32,
    epsilon: np.float32,
) -> None:
    """Adam; ``news`` is 1 - beta_1 and ``news_2`` 1 - beta_2."""
    for i in range(parameters.size):
        g = gradient[i]
        m = momentum[i] + (g - momentum[i]) * news
        v = velocity[i] + (g * g - velocity[i]) * news_2
        momentum[i] = m
        velocity[i] = v
        parameters[i] -= m * alpha / (np.sqrt(v) + epsilon)
