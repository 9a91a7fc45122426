"""Early stopping: no further epochs once a metric has stopped becoming better."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.callbacks.callback import reject_unknown_arguments
from pellucid.callbacks.monitor import Monitor
from pellucid.core.arguments import whole_number
from pellucid.core.terminal import say


class EarlyStopping(Monitor):
    """Ends training when a metric has not become better for some epochs.

    The method is Prechelt's (1998, "Early stopping – but when?"); arguments and decisions are Keras 3's. A
    metric of training itself (``loss``, ``accuracy``) is a mean over its epoch, while the weights moved, and
    the weights kept are those at the end of that epoch: watch a ``val_…`` metric and both are of one moment.

    Parameters
    ----------
    monitor, mode, min_delta
        The metric, whether it should fall or rise, the least change that counts; see
        :class:`~pellucid.callbacks.monitor.Monitor`.
    patience
        Epochs without improvement after which training ends.
    verbose
        1 says on standard error what was done.
    baseline
        A value that the metric must beat too for its improvement to start the patience again.
    restore_best_weights
        Whether the network ends with the weights of its best epoch, also when all epochs were trained.
    start_from_epoch
        Epochs at the beginning that do not count at all.

    Attributes
    ----------
    stopped_epoch : int
        The epoch, from 0, after which training was ended; 0 if it was not.
    best, best_epoch, best_weights
        The best value, the epoch it was reached in (from 0), and its weights where they are to be restored.

    Raises
    ------
    UnknownNameError
        For an unknown argument or mode.
    ArgumentError
        For a value that makes no sense.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> early = EarlyStopping("val_loss", patience=2)
    >>> early.set_model(SimpleNamespace(stop_training=False))
    >>> early.on_train_begin()
    >>> for epoch, val_loss in enumerate([0.5, 0.4, 0.45, 0.41]):
    ...     early.on_epoch_end(epoch, {"val_loss": val_loss})
    >>> early.model.stop_training, early.stopped_epoch, early.best_epoch
    (True, 3, 1)
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0.0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
        **unknown: Any,
    ) -> None:
        reject_unknown_arguments(self, unknown)
        super().__init__(monitor, mode, min_delta)
        self.patience = whole_number("EarlyStopping", "patience", patience, least=0)
        self.verbose = verbose
        self.baseline = baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = whole_number("EarlyStopping", "start_from_epoch", start_from_epoch, least=0)
        self._start_afresh()

    def _start_afresh(self) -> None:
        self.wait = 0
        self.stopped_epoch = 0
        self.best: float | None = None
        self.best_epoch = 0
        self.best_weights: list[Any] | None = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Forget an earlier training."""
        self._start_afresh()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Compare this epoch with the best so far; stop when patience has run out."""
        current = self.watched(logs, "cannot stop training")
        if current is None or epoch < self.start_from_epoch:
            return
        improved = self.improves(current, on=self.best)
        if improved:
            self.best = current
            self.best_epoch = epoch
        if improved and self.restore_best_weights:
            # Copied: a network may well hand out the very arrays that it goes on training.
            self.best_weights = [np.array(weights) for weights in self.model.get_weights()]
        # The baseline decides about patience alone: without beating it no improvement starts the wait again.
        if improved and (self.baseline is None or self.improves(current, on=self.baseline)):
            self.wait = 0
            return
        self.wait += 1
        if not improved and self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Put the best weights back, if that was asked for."""
        if self.stopped_epoch > 0 and self.verbose:
            epochs = "1 epoch" if self.wait == 1 else f"{self.wait} epochs"
            say(
                f"Epoch {self.stopped_epoch + 1}: stopped early, as {self.monitor} "
                f"has not become better in {epochs}"
            )
        if self.restore_best_weights and self.best_weights is not None:
            if self.verbose:
                say(f"The weights are again those of the best epoch, {self.best_epoch + 1}")
            self.model.set_weights(self.best_weights)
