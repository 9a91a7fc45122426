"""Adadelta: steps in the unit of the parameters, so that no learning rate has to be tuned."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from pellucid.core.old_spellings import explain_once
from pellucid.optimizers.base import Optimizer, Rate
from pellucid.optimizers.rows import Array, blend, singles, workspace_like


class Adadelta(Optimizer):
    """Zeiler 2012 (arXiv:1212.5701, algorithm 1), with an additional learning rate as in Keras.

        accumulated_grad ← rho · accumulated_grad + (1 - rho) · gradient²
        step = gradient · √(accumulated_delta_var + epsilon) / √(accumulated_grad + epsilon)
        accumulated_delta_var ← rho · accumulated_delta_var + (1 - rho) · step²
        parameter ← parameter - rate · step

    Parameters
    ----------
    learning_rate
        1.0 for the paper's method, and the default of Keras before 2019. By default it is 0.001, as since
        TensorFlow 2, with which a network hardly learns; a warning says so.
    rho
        Share of the old averages kept at each step; from 0 to below 1.
    epsilon
        Keeps the divisor above 0, and the first steps from being 0.
    weight_decay, name
        See :class:`~pellucid.optimizers.Optimizer`.

    Raises
    ------
    ArgumentError, UnknownNameError
        See :class:`~pellucid.optimizers.Optimizer`.

    Examples
    --------
    >>> Adadelta(learning_rate=1.0).learning_rate
    1.0
    """

    options: ClassVar[tuple[str, ...]] = ("learning_rate", "rho", "epsilon", "weight_decay", "name")

    def __init__(
        self,
        learning_rate: Rate | None = None,
        rho: float = 0.95,
        epsilon: float | None = 1e-7,
        weight_decay: float | None = None,
        *,
        name: str | None = None,
        **old: Any,
    ) -> None:
        if learning_rate is None and "lr" not in old:
            explain_once(
                "Adadelta",
                "Adadelta() without a learning_rate uses 0.001, the default since TensorFlow 2, at which a "
                "network hardly learns; Adadelta(learning_rate=1.0) is the paper's.",
            )
            learning_rate = 0.001
        super().__init__(learning_rate, weight_decay=weight_decay, name=name, **old)
        self.rho = self._number("rho", rho, "[0, 1)")
        self.epsilon = self._old_epsilon(epsilon)

    @property
    def state_names(self) -> tuple[str, ...]:
        """The mean squares of the gradients and of the steps."""
        return ("accumulated_grad", "accumulated_delta_var")

    def _compiled_rule(self, parameters: Array, gradient: Array, state: dict[str, Array]) -> bool:
        from pellucid.fast.updates import compiled_updates as updates

        numbers = singles(self.step_rate, self.rho, 1 - self.rho, self.epsilon)
        gradients, steps = state["accumulated_grad"], state["accumulated_delta_var"]
        updates.adadelta(parameters, gradient, gradients, steps, *numbers)
        return True

    def _rule(self, parameters: Array, gradient: Array, state: dict[str, Array]) -> None:
        gradients, steps = state["accumulated_grad"], state["accumulated_delta_var"]
        work = workspace_like(parameters)
        np.multiply(gradient, gradient, out=work)
        blend(gradients, work, self.rho)

        step = gradient
        np.add(steps, self.epsilon, out=work)
        np.sqrt(work, out=work)
        step *= work
        np.add(gradients, self.epsilon, out=work)
        np.sqrt(work, out=work)
        step /= work

        np.multiply(step, step, out=work)
        blend(steps, work, self.rho)
        step *= self.step_rate
        parameters -= step
