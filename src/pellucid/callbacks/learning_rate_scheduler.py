"""A learning rate that is a function of the epoch."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from pellucid.callbacks.callback import Callback, reject_unknown_arguments
from pellucid.core.arguments import is_real
from pellucid.core.terminal import say
from pellucid.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable


class LearningRateScheduler(Callback):
    """Sets the learning rate at the beginning of each epoch.

    The rate joins the metrics of each epoch as ``learning_rate``.

    Parameters
    ----------
    schedule
        A function of the epoch (from 0), or of the epoch and the rate so far, that returns the rate.
    verbose
        1 says on standard error what was done.

    Raises
    ------
    ArgumentError
        Where the schedule takes other arguments, or returns no number of at least 0.
    UnknownNameError
        For an unknown argument.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> scheduler = LearningRateScheduler(lambda epoch, rate: rate / 2 if epoch > 0 else rate)
    >>> scheduler.set_model(SimpleNamespace(optimizer=SimpleNamespace(learning_rate=0.1)))
    >>> for epoch in range(3):
    ...     scheduler.on_epoch_begin(epoch)
    >>> scheduler.model.optimizer.learning_rate
    0.025
    """

    def __init__(self, schedule: Callable[..., float], verbose: int = 0, **unknown: Any) -> None:
        reject_unknown_arguments(self, unknown)
        self.schedule = schedule
        self.verbose = verbose
        self._takes_rate = _takes_rate(schedule)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Ask the schedule and set the rate."""
        optimizer = self.model.optimizer
        arguments = (epoch, float(optimizer.learning_rate)) if self._takes_rate else (epoch,)
        rate: Any = self.schedule(*arguments)
        if not is_real(rate, "[0, inf)"):
            raise ArgumentError(
                "The schedule of LearningRateScheduler must return a learning rate, a number of at least 0. "
                f"Received: schedule({epoch})={rate!r}"
            )
        optimizer.learning_rate = float(rate)
        if self.verbose:
            say(f"Epoch {epoch + 1}: learning rate set to {float(rate):g}")

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Add the rate to the metrics of the epoch."""
        if logs is not None:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)


def _takes_rate(schedule: Callable[..., float]) -> bool:
    """Return whether ``schedule`` takes (epoch, rate) rather than (epoch).

    Asked of its signature: trying out, as Keras does, would take an error inside the schedule for a
    signature.
    """
    if not callable(schedule):
        raise ArgumentError(
            "LearningRateScheduler takes a function of the epoch, or of the epoch and the rate so far. "
            f"Received: schedule={schedule!r}"
        )
    try:
        signature = inspect.signature(schedule)
    except (TypeError, ValueError):
        return True  # some functions written in C have no signature
    for arguments in ((0, 0.1), (0,)):
        try:
            signature.bind(*arguments)
        except TypeError:
            continue
        return len(arguments) == 2
    raise ArgumentError(
        "LearningRateScheduler calls schedule(epoch) or schedule(epoch, rate). "
        f"Received: a schedule that takes {signature}"
    )
