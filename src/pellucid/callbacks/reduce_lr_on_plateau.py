"""A lower learning rate once a metric has stopped becoming better."""

from __future__ import annotations

from typing import Any

from pellucid.callbacks.callback import reject_unknown_arguments
from pellucid.callbacks.monitor import Monitor
from pellucid.core.arguments import real_number, whole_number
from pellucid.core.old_spellings import explain_once
from pellucid.core.terminal import say


class ReduceLROnPlateau(Monitor):
    """Lowers the learning rate when a metric has not become better for some epochs.

    Arguments and decisions are Keras 3's. The rate joins the metrics of each epoch as ``learning_rate``: the
    rate that the epoch was trained with.

    Parameters
    ----------
    monitor, mode, min_delta
        The metric, whether it should fall or rise, the least change that counts; see
        :class:`~pellucid.callbacks.monitor.Monitor`.
    factor
        What the rate is multiplied by, at least 0 and below 1.
    patience
        Epochs without improvement after which it is.
    verbose
        1 says on standard error what was done.
    cooldown
        Epochs after a reduction in which nothing is counted.
    min_lr
        The rate below which it never goes.

    Raises
    ------
    UnknownNameError
        For an unknown argument or mode.
    ArgumentError
        For a value that makes no sense, such as a factor that does not reduce.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> reduce = ReduceLROnPlateau("val_loss", factor=0.5, patience=2)
    >>> reduce.set_model(SimpleNamespace(optimizer=SimpleNamespace(learning_rate=0.1)))
    >>> reduce.on_train_begin()
    >>> for epoch, val_loss in enumerate([0.4, 0.4, 0.4, 0.3]):
    ...     reduce.on_epoch_end(epoch, {"val_loss": val_loss})
    >>> reduce.model.optimizer.learning_rate
    0.05
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
        **unknown: Any,
    ) -> None:
        if "epsilon" in unknown:
            explain_once(
                "ReduceLROnPlateau epsilon",
                "epsilon= of ReduceLROnPlateau is taken as min_delta=, its name in Keras since 2018.",
            )
            min_delta = unknown.pop("epsilon")
        reject_unknown_arguments(self, unknown)
        super().__init__(monitor, mode, min_delta)
        self.factor = real_number("ReduceLROnPlateau", "factor", factor, "[0, 1)")
        self.patience = whole_number("ReduceLROnPlateau", "patience", patience, least=0)
        self.verbose = verbose
        self.cooldown = whole_number("ReduceLROnPlateau", "cooldown", cooldown, least=0)
        self.min_lr = real_number("ReduceLROnPlateau", "min_lr", min_lr, "[0, inf)")
        self._start_afresh()

    def _start_afresh(self) -> None:
        self.wait = 0
        self.cooldown_counter = 0
        self.best: float | None = None

    def in_cooldown(self) -> bool:
        """Return whether the last reduction is still too fresh to count epochs."""
        return self.cooldown_counter > 0

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Forget an earlier training."""
        self._start_afresh()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Compare this epoch with the best so far; reduce the rate when patience has run out."""
        logs = {} if logs is None else logs
        logs["learning_rate"] = float(self.model.optimizer.learning_rate)
        current = self.watched(logs, "cannot reduce the learning rate")
        if current is None:
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
        if self.improves(current, on=self.best):
            self.best = current
            self.wait = 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience:
                self._reduce(epoch)

    def _reduce(self, epoch: int) -> None:
        rate = float(self.model.optimizer.learning_rate)
        if rate <= self.min_lr:
            return
        reduced = max(rate * self.factor, self.min_lr)
        self.model.optimizer.learning_rate = reduced
        self.cooldown_counter = self.cooldown
        self.wait = 0
        if self.verbose:
            say(f"Epoch {epoch + 1}: learning rate reduced from {rate:g} to {reduced:g}")
