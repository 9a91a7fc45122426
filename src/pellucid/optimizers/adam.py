"""Adam: momentum, with each parameter's step divided by the recent magnitude of its gradients."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from pellucid.errors import ArgumentError
from pellucid.optimizers.base import Optimizer, Rate
from pellucid.optimizers.rows import Array, singles, workspace_like


class Adam(Optimizer):
    """Kingma & Ba 2015 (arXiv:1412.6980), in the form described just before its section 2.1, as in Keras.

        momentum ← momentum + (1 - beta_1) · (gradient - momentum)
        velocity ← velocity + (1 - beta_2) · (gradient² - velocity)
        parameter ← parameter - alpha · momentum / (√velocity + epsilon)
        where, at step t (from 1), alpha = rate · √(1 - beta_2^t) / (1 - beta_1^t) corrects the start at 0

    Parameters
    ----------
    learning_rate, weight_decay, name
        See :class:`~pellucid.optimizers.Optimizer`.
    beta_1, beta_2
        Share of the old averages kept at each step; from 0 to below 1.
    epsilon
        Keeps the divisor above 0.
    amsgrad
        Whether to divide by the largest velocity so far instead of the current one (Reddi et al. 2018).

    Raises
    ------
    ArgumentError, UnknownNameError
        See :class:`~pellucid.optimizers.Optimizer`.

    Examples
    --------
    >>> Adam().learning_rate
    0.001
    """

    options: ClassVar[tuple[str, ...]] = (
        "learning_rate",
        "beta_1",
        "beta_2",
        "epsilon",
        "amsgrad",
        "weight_decay",
        "name",
    )

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-7,
        amsgrad: bool = False,
        weight_decay: float | None = None,
        *,
        name: str | None = None,
        **old: Any,
    ) -> None:
        super().__init__(learning_rate, weight_decay=weight_decay, name=name, **old)
        self.beta_1 = self._number("beta_1", beta_1, "[0, 1)")
        self.beta_2 = self._number("beta_2", beta_2, "[0, 1)")
        self.epsilon = self._old_epsilon(epsilon)
        self.amsgrad = bool(amsgrad)

    @property
    def state_names(self) -> tuple[str, ...]:
        """The averages of the gradients and of their squares, and the largest of the latter."""
        return ("momentum", "velocity", "velocity_hat") if self.amsgrad else ("momentum", "velocity")

    def begin_step(self) -> None:
        """Compute alpha."""
        super().begin_step()
        t = self.iterations + 1
        self.alpha = self.step_rate * math.sqrt(1 - self.beta_2**t) / (1 - self.beta_1**t)

    def _compiled_rule(self, parameters: Array, gradient: Array, state: dict[str, Array]) -> bool:
        from pellucid.fast.updates import compiled_updates as updates

        if self.amsgrad:
            return False
        numbers = singles(self.alpha, 1 - self.beta_1, 1 - self.beta_2, self.epsilon)
        updates.adam(parameters, gradient, state["momentum"], state["velocity"], *numbers)
        return True

    def _rule(self, parameters: Array, gradient: Array, state: dict[str, Array]) -> None:
        momentum, velocity = state["momentum"], state["velocity"]
        work = workspace_like(parameters)
        np.subtract(gradient, momentum, out=work)
        work *= 1 - self.beta_1
        momentum += work
        np.multiply(gradient, gradient, out=work)
        work -= velocity
        work *= 1 - self.beta_2
        velocity += work
        if self.amsgrad:
            velocity = np.maximum(state["velocity_hat"], velocity, out=state["velocity_hat"])
        np.sqrt(velocity, out=work)
        work += self.epsilon
        step = np.multiply(momentum, self.alpha, out=gradient)
        step /= work
        parameters -= step


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov & Hutter 2019, arXiv:1711.05101), and Adam's arguments.

    Examples
    --------
    >>> AdamW().weight_decay
    0.004
    """

    aliases: ClassVar[tuple[str, ...]] = ("adamw",)

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float | None = 1e-7,
        amsgrad: bool = False,
        *,
        name: str | None = None,
        **old: Any,
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay, name=name, **old)
        if self.weight_decay is None:
            raise ArgumentError(
                "AdamW takes weight_decay as a number; Adam is AdamW without it. Received: weight_decay=None"
            )
