"""The optimizers' update rules as functions of arrays, for libraries without optimizers.

The formulas are Keras's, as in :mod:`pellucid.optimizers`; ``xp`` is NumPy, or a module with its interface.
Factors that depend on the step alone are in ``rate``: see :func:`step_rate`.
"""

from __future__ import annotations

import math
from typing import Any

from pellucid.bench.translation import rate_at
from pellucid.optimizers import Adadelta, Adam, Optimizer, RMSprop


def states(optimizer: Optimizer) -> int:
    """Return how many numbers the optimizer keeps for each parameter; all start at 0."""
    return 1 if isinstance(optimizer, RMSprop) else 2


def step_rate(optimizer: Optimizer, step: int) -> float:
    """Return the learning rate at ``step`` (from 0); for Adam with its bias correction.

    Examples
    --------
    >>> step_rate(RMSprop(0.5), 0)
    0.5
    """
    rate = rate_at(optimizer, step)
    if isinstance(optimizer, Adam):
        t = step + 1
        return rate * math.sqrt(1 - optimizer.beta_2**t) / (1 - optimizer.beta_1**t)
    return rate


def updated(
    xp: Any, optimizer: Optimizer, rate: Any, parameter: Any, gradient: Any, state: tuple[Any, ...]
) -> tuple[Any, tuple[Any, ...]]:
    """Return the parameter after a step, and the new state.

    Examples
    --------
    >>> import numpy as np
    >>> one, two, state = np.array([1.0]), np.array([2.0]), (np.zeros(1),)
    >>> updated(np, RMSprop(rho=0.75, epsilon=1e-30), 0.5, one, two, state)
    (array([0.]), (array([1.]),))
    """
    if isinstance(optimizer, RMSprop):
        velocity = optimizer.rho * state[0] + (1 - optimizer.rho) * gradient * gradient
        return parameter - rate * gradient / xp.sqrt(velocity + optimizer.epsilon), (velocity,)
    if isinstance(optimizer, Adadelta):
        kept, new = optimizer.rho, 1 - optimizer.rho
        squares = kept * state[0] + new * gradient * gradient
        step = gradient * xp.sqrt(state[1] + optimizer.epsilon) / xp.sqrt(squares + optimizer.epsilon)
        return parameter - rate * step, (squares, kept * state[1] + new * step * step)
    assert isinstance(optimizer, Adam)  # noqa: S101 - graph_of_logits made sure
    momentum = state[0] + (1 - optimizer.beta_1) * (gradient - state[0])
    velocity = state[1] + (1 - optimizer.beta_2) * (gradient * gradient - state[1])
    return parameter - rate * momentum / (xp.sqrt(velocity) + optimizer.epsilon), (momentum, velocity)
