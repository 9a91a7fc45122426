"""Gradient descent, plain or with momentum."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from pellucid.optimizers.base import Optimizer, Rate
from pellucid.optimizers.rows import Array, singles, workspace_like


class SGD(Optimizer):
    """Gradient descent, with momentum if wanted.

        velocity ← momentum · velocity - rate · gradient
        parameter ← parameter + velocity                                    or, with nesterov,
        parameter ← parameter + momentum · velocity - rate · gradient

    Momentum is that of Polyak 1964, its variant that of Nesterov 1983 in the form of Sutskever et al. 2013.

    Parameters
    ----------
    learning_rate, weight_decay, name
        See :class:`~pellucid.optimizers.Optimizer`.
    momentum
        From 0 (none) to 1.
    nesterov
        Whether to look ahead by one velocity; has no effect without momentum.

    Raises
    ------
    ArgumentError, UnknownNameError
        See :class:`~pellucid.optimizers.Optimizer`.

    Examples
    --------
    >>> SGD(0.1, momentum=0.9, nesterov=True)
    SGD(learning_rate=0.1, momentum=0.9, nesterov=True, weight_decay=None, name='sgd')
    """

    options: ClassVar[tuple[str, ...]] = ("learning_rate", "momentum", "nesterov", "weight_decay", "name")

    def __init__(
        self,
        learning_rate: Rate = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float | None = None,
        *,
        name: str | None = None,
        **old: Any,
    ) -> None:
        super().__init__(learning_rate, weight_decay=weight_decay, name=name, **old)
        self.momentum = self._number("momentum", momentum, "[0, 1]")
        self.nesterov = bool(nesterov)

    @property
    def state_names(self) -> tuple[str, ...]:
        """The velocity, which Keras also calls momentum."""
        return ("momentum",) if self.momentum else ()

    def _compiled_rule(self, parameters: Array, gradient: Array, state: dict[str, Array]) -> bool:
        from pellucid.fast.updates import compiled_updates as updates

        rate, momentum = singles(self.step_rate, self.momentum)
        if self.momentum:
            velocity = state["momentum"]
            updates.sgd_with_momentum(parameters, gradient, velocity, rate, momentum, self.nesterov)
        else:
            updates.sgd(parameters, gradient, rate)
        return True

    def _rule(self, parameters: Array, gradient: Array, state: dict[str, Array]) -> None:
        gradient *= self.step_rate
        if not self.momentum:
            parameters -= gradient
            return
        velocity = state["momentum"]
        velocity *= self.momentum
        velocity -= gradient
        if self.nesterov:
            ahead = workspace_like(parameters)
            np.multiply(velocity, self.momentum, out=ahead)
            ahead -= gradient
            parameters += ahead
        else:
            parameters += velocity
