"""The optimizers' rules compiled: one pass over parameters, gradient and state instead of one an operation.

The operations and their order are those of the rules in :mod:`pellucid.optimizers`, in float32, and
nothing is fused or put in another order: so the results are the same to the last bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.fast.compiling import compiled


@compiled
def sgd(parameters: Any, gradient: Any, rate: Any) -> None:
    """Plain gradient descent."""
    for i in range(parameters.size):
        parameters[i] -= gradient[i] * rate


@compiled
def sgd_with_momentum(
    parameters: Any, gradient: Any, velocity: Any, rate: Any, momentum: Any, nesterov: Any
) -> None:
    """Gradient descent with momentum, Nesterov's if so wanted."""
    for i in range(parameters.size):
        step = gradient[i] * rate
        speed = velocity[i] * momentum - step
        velocity[i] = speed
        parameters[i] += speed * momentum - step if nesterov else speed


@compiled
def rmsprop(
    parameters: Any, gradient: Any, velocity: Any, rate: Any, rho: Any, news: Any, epsilon: Any
) -> None:
    """RMSprop without momentum, not centered; ``news`` is 1 - rho."""
    for i in range(parameters.size):
        g = gradient[i]
        v = velocity[i] * rho + g * g * news
        velocity[i] = v
        parameters[i] -= g * rate / np.sqrt(v + epsilon)


@compiled
def adadelta(
    parameters: Any, gradient: Any, gradients: Any, steps: Any, rate: Any, rho: Any, news: Any, epsilon: Any
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
    parameters: Any,
    gradient: Any,
    momentum: Any,
    velocity: Any,
    alpha: Any,
    news: Any,
    news_2: Any,
    epsilon: Any,
) -> None:
    """Adam; ``news`` is 1 - beta_1 and ``news_2`` 1 - beta_2."""
    for i in range(parameters.size):
        g = gradient[i]
        m = momentum[i] + (g - momentum[i]) * news
        v = velocity[i] + (g * g - velocity[i]) * news_2
        momentum[i] = m
        velocity[i] = v
        parameters[i] -= m * alpha / (np.sqrt(v) + epsilon)
