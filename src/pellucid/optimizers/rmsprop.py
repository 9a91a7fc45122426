"""RMSprop: each parameter's step is divided by the recent magnitude of its gradients."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from pellucid.optimizers.base import Optimizer, Rate
from pellucid.optimizers.rows import Array, blend, singles, workspace_like


class RMSprop(Optimizer):
    """Tieleman & Hinton 2012 (Coursera lecture 6e), in Keras's form.

        velocity ← rho · velocity + (1 - rho) · gradient²
        step = rate · gradient / √(velocity + epsilon)
        momentum ← momentum · momentum + step          (without momentum: the step itself)
        parameter ← parameter - momentum

    If centered, the square of the gradients' own average is subtracted from the velocity, which makes it
    their variance (Graves 2013, section 4.2).

    Parameters
    ----------
    learning_rate, weight_decay, name
        See :class:`~pellucid.optimizers.Optimizer`.
    rho
        Share of the old average kept at each step; from 0 to below 1.
    momentum
        From 0 (none) to 1.
    epsilon
        Keeps the divisor above 0.
    centered
        Whether to divide by the variance instead of the mean square.

    Raises
    ------
    ArgumentError, UnknownNameError
        See :class:`~pellucid.optimizers.Optimizer`.

    Examples
    --------
    >>> RMSprop().learning_rate
    0.001
    """

    aliases: ClassVar[tuple[str, ...]] = ("rmsprop",)
    options: ClassVar[tuple[str, ...]] = (
        "learning_rate",
        "rho",
        "momentum",
        "epsilon",
        "centered",
        "weight_decay",
        "name",
    )

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float | None = 1e-7,
        centered: bool = False,
        weight_decay: float | None = None,
        *,
        name: str | None = None,
        **old: Any,
    ) -> None:
        super().__init__(learning_rate, weight_decay=weight_decay, name=name, **old)
        self.rho = self._number("rho", rho, "[0, 1)")
        self.momentum = self._number("momentum", momentum, "[0, 1]")
        self.epsilon = self._old_epsilon(epsilon)
        self.centered = bool(centered)

    @property
    def state_names(self) -> tuple[str, ...]:
        """The mean square of the gradients, and the arrays for momentum and centering."""
        names = ["velocity"]
        if self.momentum:
            names.append("momentum")
        if self.centered:
            names.append("average_gradient")
        return tuple(names)

    def _compiled_rule(self, parameters: Array, gradient: Array, state: dict[str, Array]) -> bool:
        from pellucid.fast.updates import compiled_updates as updates

        if self.momentum or self.centered:
            return False
        numbers = singles(self.step_rate, self.rho, 1 - self.rho, self.epsilon)
        updates.rmsprop(parameters, gradient, state["velocity"], *numbers)
        return True

    def _rule(self, parameters: Array, gradient: Array, state: dict[str, Array]) -> None:
        spread = workspace_like(parameters)
        np.multiply(gradient, gradient, out=spread)
        blend(state["velocity"], spread, self.rho)
        if self.centered:
            average = state["average_gradient"]
            np.copyto(spread, gradient)
            blend(average, spread, self.rho)
            np.multiply(average, average, out=spread)
            np.subtract(state["velocity"], spread, out=spread)
            np.maximum(spread, 0, out=spread)  # rounding can make the variance negative
            spread += self.epsilon
        else:
            np.add(state["velocity"], self.epsilon, out=spread)
        np.sqrt(spread, out=spread)
        gradient *= self.step_rate
        gradient /= spread
        if self.momentum:
            state["momentum"] *= self.momentum
            state["momentum"] += gradient
            parameters -= state["momentum"]
        else:
            parameters -= gradient
