"""The base of all callbacks: a hook for each event of training, which does nothing."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from pellucid.core.old_spellings import reject_unknown

if TYPE_CHECKING:
    from pellucid.callbacks.clock import EpochClock

BATCH_HOOKS = ("on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end")


class Callback:
    """A listener to the events of training; a subclass overrides the hooks that it needs.

    Hooks and arguments are Keras's. ``epoch`` and ``batch`` count from 0. ``logs`` maps names to metrics:
    after a batch the running means so far, at the end of an epoch everything measured in it (what is added to
    it there goes into the history). Setting ``self.model.stop_training = True`` ends training after this
    epoch.

    Attributes
    ----------
    model
        The network in training.
    params
        What ``fit`` was asked for: ``epochs``, ``steps`` (batches an epoch), ``images`` (an epoch),
        ``verbose``.
    clock
        The wall seconds of the current epoch: ``clock.training`` and ``clock.validation``.

    Examples
    --------
    >>> class StopAt99(Callback):
    ...     def on_epoch_end(self, epoch, logs=None):
    ...         if logs["accuracy"] >= 0.99:
    ...             self.model.stop_training = True
    """

    # On the class, so that a subclass whose __init__ does not call ours works as well.
    model: Any = None
    params: dict[str, Any] | None = None
    clock: EpochClock | None = None

    @property
    def wants_batches(self) -> bool:
        """Whether this callback has anything to do at a training batch."""
        return overrides(self, *BATCH_HOOKS)

    def set_model(self, model: Any) -> None:
        """Take the network that is going to be trained."""
        self.model = model

    def set_params(self, params: dict[str, Any]) -> None:
        """Take what ``fit`` was asked for."""
        self.params = params

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Run once, before the first epoch."""

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Run once, after the last epoch, with the metrics of that epoch."""

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Run before the first batch of an epoch."""

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Run after validation, with all metrics of the epoch."""

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Run before a training batch."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Run after a training batch, with the running means of the epoch so far."""
        self.on_batch_end(batch, logs)

    def on_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Older name of ``on_train_batch_begin``."""

    def on_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Older name of ``on_train_batch_end``."""

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Run before validation, and at the beginning of ``evaluate``."""

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Run after validation, and at the end of ``evaluate``, with what was measured."""

    def on_test_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Run before the images of validation or of ``evaluate``: all of them are batch 0."""

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Run after the images of validation or of ``evaluate``, with what was measured."""

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Run at the beginning of ``predict``."""

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        """Run at the end of ``predict``."""

    def on_predict_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Run before the images of ``predict``: all of them are batch 0."""

    def on_predict_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Run after the images of ``predict``, with their ``outputs``."""


HOOKS = tuple(name for name in vars(Callback) if name.startswith("on_"))


def overrides(callback: Callback, *hooks: str) -> bool:
    """Return whether ``callback`` overrides one of ``hooks``.

    Examples
    --------
    >>> overrides(Callback(), "on_epoch_end")
    False
    """
    return any(
        getattr(getattr(callback, hook), "__func__", None) is not getattr(Callback, hook) for hook in hooks
    )


def reject_unknown_arguments(callback: Callback, unknown: dict[str, object]) -> None:
    """Raise :class:`~pellucid.errors.UnknownNameError` for a constructor argument that there is not.

    Examples
    --------
    >>> reject_unknown_arguments(Callback(), {})
    """
    parameters = inspect.signature(type(callback)).parameters.values()
    known = [parameter.name for parameter in parameters if parameter.kind is not parameter.VAR_KEYWORD]
    reject_unknown(type(callback).__name__, unknown, known)
