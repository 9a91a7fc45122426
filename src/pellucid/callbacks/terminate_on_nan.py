"""Ends a training whose loss is no longer finite."""

from __future__ import annotations

import math
from typing import Any

from pellucid.callbacks.callback import Callback, reject_unknown_arguments
from pellucid.core.terminal import say
from pellucid.errors import NonFiniteLossError


class TerminateOnNaN(Callback):
    """Ends training when the loss becomes NaN or infinite, and says at which batch.

    Training ends as it does after its last epoch, all other callbacks included.

    Parameters
    ----------
    raise_error
        Whether to raise at once instead.

    Raises
    ------
    NonFiniteLossError
        In training, with ``raise_error``.
    UnknownNameError
        For an unknown argument.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> terminate = TerminateOnNaN()
    >>> terminate.set_model(SimpleNamespace(stop_training=False))
    >>> terminate.on_train_batch_end(7, {"loss": float("nan")})
    >>> terminate.model.stop_training
    True
    """

    def __init__(self, raise_error: bool = False, **unknown: Any) -> None:
        reject_unknown_arguments(self, unknown)
        self.raise_error = raise_error
        self._epoch = 0
        self._found: str | None = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Forget an earlier training."""
        self._found = None

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Remember the epoch, to say it."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Look at the loss."""
        loss = (logs or {}).get("loss")
        if loss is None or math.isfinite(loss) or self._found:
            return
        self._found = (
            f"The loss became {float(loss)} at batch {batch + 1} of epoch {self._epoch + 1}; "
            "a lower learning rate or inputs scaled to 0–1 often help"
        )
        if self.raise_error:
            raise NonFiniteLossError(self._found + ".")
        self.model.stop_training = True

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Say why training ended: here, where the line of progress is out of the way."""
        if self._found:
            say(f"Training was ended: {self._found}.")
