"""The base class of all optimizers: the learning rate, the state, and the sequence of a step.

The trainable parameters of a network lie one after another in one flat array, their gradient in another of
the same length. So an optimizer is elementwise arithmetic on flat arrays, and threads can share a step: each
may update any chunk, in any order, with the same bits as a result.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt

from pellucid.core.arguments import real_number
from pellucid.core.old_spellings import explain_once
from pellucid.core.serializable import Serializable
from pellucid.errors import ArgumentError, NotBuiltError
from pellucid.fast.buffers import zeros
from pellucid.optimizers import schedules
from pellucid.optimizers.rows import Array, workspace_like
from pellucid.optimizers.schedules import LearningRateSchedule

Rate: TypeAlias = float | LearningRateSchedule

LR = "lr is the old spelling of learning_rate, and means the same."


class Optimizer(Serializable):
    """Updates the parameters by the gradient.

    A step is ``begin_step()``, which computes the step's constants; ``update(parameters, gradient, part)``
    for each chunk of the flat array, on any thread; and ``end_step()``, which counts the step. A subclass
    lists its ``state_names`` and defines ``_rule``.

    Parameters
    ----------
    learning_rate
        A number, or a schedule from :mod:`pellucid.optimizers.schedules`.
    weight_decay
        Share of each parameter, times the learning rate, subtracted before each update; None for no decay.
        Decoupled from the gradient, as in Loshchilov & Hutter 2019, and applied to biases too, as in Keras.
    name
        As in Keras; has no effect.
    old
        ``lr`` and ``decay``, the spellings before 2020.

    Raises
    ------
    ArgumentError
        When a number is outside its range, or not finite.
    UnknownNameError
        For an unknown argument; the message suggests the nearest.

    Examples
    --------
    >>> from pellucid.optimizers import SGD
    >>> parameters, gradient = np.array([1.0, 2.0]), np.array([0.5, -0.5])
    >>> optimizer = SGD(learning_rate=0.1)
    >>> optimizer.build(2, np.float64)
    >>> optimizer.begin_step()
    >>> optimizer.update(parameters, gradient, slice(0, 2))
    >>> optimizer.end_step()
    >>> parameters
    array([0.95, 2.05])
    """

    neutral: ClassVar[Mapping[str, Any]] = {
        "clipnorm": None,
        "clipvalue": None,
        "global_clipnorm": None,
        "use_ema": False,
        "ema_momentum": 0.99,
        "ema_overwrite_frequency": None,
        "loss_scale_factor": None,
        "gradient_accumulation_steps": None,
    }

    def __init__(
        self,
        learning_rate: Rate | None = 0.001,
        *,
        weight_decay: float | None = None,
        name: str | None = None,
        **old: Any,
    ) -> None:
        rate = self._old_rate(learning_rate, old)
        decay = old.pop("decay", None)
        super().__init__(**old)
        self.iterations = 0
        self.state: dict[str, Array] = {}
        self._size: int | None = None
        self._compiled = False  # whether to use compiled rules
        self.name = name or type(self).__name__.lower()
        self.weight_decay = (
            None if weight_decay is None else self._number("weight_decay", weight_decay, "[0, inf)")
        )
        self.decay = 0.0
        if decay is not None:
            self._take_old_decay(decay)
        self._rate: Rate = 0.0
        self.learning_rate = rate

    # The learning rate

    @property
    def learning_rate(self) -> float:
        """The rate of the next step, after the schedule or the old ``decay``.

        It can be set to a schedule or to a number, from which the old ``decay``, if any, continues. While the
        rate follows a schedule, a number is refused.
        """
        rate = self._rate
        if isinstance(rate, LearningRateSchedule):
            rate = real_number(type(rate).__name__, "the rate it returns", rate(self.iterations), "[0, inf)")
        return rate / self._shrinkage

    @learning_rate.setter
    def learning_rate(self, rate: Rate) -> None:
        if isinstance(rate, LearningRateSchedule):
            self._rate = rate
            return
        rate = self._number("learning_rate", rate, "[0, inf)")
        if isinstance(self._rate, LearningRateSchedule):
            raise ArgumentError(
                f"the learning rate of this {type(self).__name__} follows a schedule and cannot be set to a "
                "number; create the optimizer with a number as learning_rate instead. "
                f"Received: learning_rate={rate!r}"
            )
        self._rate = rate * self._shrinkage

    @property
    def lr(self) -> float:
        """The old spelling of ``learning_rate``."""
        explain_once("lr", LR)
        return self.learning_rate

    @lr.setter
    def lr(self, rate: float) -> None:
        explain_once("lr", LR)
        self.learning_rate = rate

    @property
    def _shrinkage(self) -> float:
        """The divisor of the rate due to the old ``decay``."""
        return 1 + self.decay * self.iterations

    # A step

    @property
    def state_names(self) -> tuple[str, ...]:
        """Names of the arrays that the optimizer keeps between steps, one value per parameter."""
        return ()

    def build(self, size: int, dtype: npt.DTypeLike, *, compiled: bool = False) -> None:
        """Create the state, all zeros, for ``size`` parameters; has no effect if it exists.

        Raises
        ------
        ArgumentError
            When the state exists for another number of parameters, or another dtype.
        """
        dtype = np.dtype(dtype)
        self._compiled = compiled and dtype == np.float32
        if self._size is None:
            self._size, self._dtype = size, dtype
            self.state = {name: zeros((size,), dtype) for name in self.state_names}
        elif (self._size, self._dtype) != (size, dtype):
            raise ArgumentError(
                f"this {type(self).__name__} belongs to a network of {self._size} parameters "
                f"({self._dtype}); make a new optimizer for another network. "
                f"Received: {size} parameters ({dtype})"
            )

    def warm_up(self) -> None:
        """Compile the rule, if it is compiled, or load it from disk."""
        if self._compiled and self._size is not None:
            nothing = np.empty(0, np.float32)
            self.begin_step()
            self._compiled_rule(nothing, nothing, dict.fromkeys(self.state_names, nothing))

    def begin_step(self) -> None:
        """Compute the constants that all chunks of this step share."""
        if self._size is None:
            raise NotBuiltError(
                f"this {type(self).__name__} does not know yet how many parameters it trains: "
                "call build(size, dtype) before the first step."
            )
        self.step_rate = self.learning_rate

    def update(self, parameters: Array, gradient: Array, part: slice) -> None:
        """Update one chunk of the parameters in place.

        Parameters
        ----------
        parameters, gradient
            The chunk of the two flat arrays, 1-D. The gradient is overwritten: it serves as workspace.
        part
            Position of the chunk in the flat array. Several threads may update different chunks at the same
            time.
        """
        if self.weight_decay:
            shrink = workspace_like(parameters)
            np.multiply(parameters, self.weight_decay * self.step_rate, out=shrink)
            parameters -= shrink
        state = {name: row[part] for name, row in self.state.items()}
        if not (self._compiled and self._compiled_rule(parameters, gradient, state)):
            self._rule(parameters, gradient, state)

    def _compiled_rule(
        self,
        parameters: Array,
        gradient: Array,
        state: dict[str, Array],
    ) -> bool:
        """Compute ``_rule`` by a compiled function, with the same bits; return False if there is none."""
        return False

    def _rule(self, parameters: Array, gradient: Array, state: dict[str, Array]) -> None:
        """Change ``parameters`` and their ``state`` in place; ``gradient`` may be overwritten."""
        raise NotImplementedError

    def end_step(self) -> None:
        """Count the step."""
        self.iterations += 1

    # Configuration

    def get_config(self) -> dict[str, Any]:
        """Return the arguments by name, as JSON-able data that Keras can read too, without the state."""
        config = {option: getattr(self, option) for option in self.options}
        rate = self._rate
        config["learning_rate"] = (
            schedules.serialize(rate) if isinstance(rate, LearningRateSchedule) else rate
        )
        if self.decay:
            config["decay"] = self.decay
        return config

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Optimizer:
        """Return the optimizer from what ``get_config``, of pellucid or of Keras, returned."""
        arguments = dict(config)
        decay = arguments.pop("decay", None)
        if isinstance(arguments.get("learning_rate"), Mapping):
            arguments["learning_rate"] = schedules.deserialize(arguments["learning_rate"])
        optimizer = cls(**arguments)
        if decay is not None:
            optimizer.decay = optimizer._number("decay", decay, "[0, inf)")
        return optimizer

    # Arguments

    def _number(self, name: str, value: Any, interval: str) -> float:
        return real_number(type(self).__name__, name, value, interval)

    def _old_rate(self, learning_rate: Rate | None, old: dict[str, Any]) -> Any:
        """Return the learning rate, called ``lr`` in old scripts."""
        if "lr" not in old:
            return learning_rate
        argument = inspect.signature(type(self)).parameters.get("learning_rate")
        if argument is not None and learning_rate != argument.default:
            raise ArgumentError(
                f"{type(self).__name__} takes learning_rate or lr, its old spelling, not both. "
                f"Received: learning_rate={learning_rate!r}, lr={old['lr']!r}"
            )
        explain_once("lr", LR)
        return old.pop("lr")

    def _take_old_decay(self, decay: Any) -> None:
        self.decay = self._number("decay", decay, "[0, inf)")
        explain_once(
            "decay",
            "decay= is an old argument that Keras 3 ignores; here the learning rate is still "
            "divided by 1 + decay · iterations, today's schedules.InverseTimeDecay(learning_rate, 1, decay).",
        )

    def _old_epsilon(self, epsilon: float | None) -> float:
        """Return epsilon; old scripts write None for the default."""
        if epsilon is None:
            explain_once("epsilon", "epsilon=None is the old way to say epsilon=1e-07, the default.")
            return 1e-7
        return self._number("epsilon", epsilon, "(0, inf)")
