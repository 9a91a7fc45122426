"""Saving the network while it trains."""

from __future__ import annotations

import os
import string
from pathlib import Path
from typing import Any

from pellucid.callbacks.callback import reject_unknown_arguments
from pellucid.callbacks.logs import Logs
from pellucid.callbacks.monitor import Monitor
from pellucid.core.arguments import is_whole, whole_number
from pellucid.core.old_spellings import explain_once
from pellucid.core.terminal import say
from pellucid.errors import ArgumentError, OutputError


class ModelCheckpoint(Monitor):
    """Saves the network after every epoch, or whenever a metric has become better.

    Folders on the way are made; a file is written aside and renamed, so that there is never half of one.

    Parameters
    ----------
    filepath
        The file, in pellucid's own format whatever its ending; ``.safetensors`` says so. It may
        name the epoch (from 1), the batch and any metric:
        ``"weights.{epoch:02d}-{val_loss:.2f}.safetensors"``.
    monitor, mode
        The metric, and whether it should fall or rise; see
        :class:`~pellucid.callbacks.monitor.Monitor`.
    verbose
        1 says on standard error what was done.
    save_best_only
        Whether to save only an epoch that is better than all before it.
    save_weights_only
        Whether to save the weights without the architecture.
    save_freq
        ``"epoch"``, or the number of batches between two savings.
    initial_value_threshold
        A value that the first epoch saved has to beat, with ``save_best_only``.

    Raises
    ------
    ArgumentError
        For another ``save_freq``, or a metric in the path that is not measured.
    UnknownNameError
        For an unknown argument or mode.
    OutputError
        Where it cannot write.

    Examples
    --------
    >>> class Network:
    ...     def save(self, path):
    ...         print("saved", path)
    >>> checkpoint = ModelCheckpoint("best-{epoch:02d}-{val_loss:.2f}.safetensors", save_best_only=True)
    >>> checkpoint.set_model(Network())
    >>> for epoch, val_loss in enumerate([0.5, 0.6, 0.4]):
    ...     checkpoint.on_epoch_end(epoch, {"val_loss": val_loss})
    saved best-01-0.50.safetensors
    saved best-03-0.40.safetensors
    """

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: int | str = "epoch",
        initial_value_threshold: float | None = None,
        **unknown: Any,
    ) -> None:
        self._epochs_between = _period(unknown)
        reject_unknown_arguments(self, unknown)
        super().__init__(monitor, mode)
        self.filepath = os.fspath(filepath)
        _check_name(self.filepath)
        if save_freq != "epoch" and not is_whole(save_freq):
            raise ArgumentError(
                "ModelCheckpoint saves every epoch (save_freq='epoch') or after a number of batches, "
                f"1 or more. Received: save_freq={save_freq!r}"
            )
        self.verbose = verbose
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.save_freq = save_freq
        self.best = initial_value_threshold
        self._epoch = 0
        self._epochs_since = 0
        self._batches_since = 0

    @property
    def wants_batches(self) -> bool:
        """Whether it saves between epochs."""
        return self.save_freq != "epoch"

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Remember the epoch, for the names of files."""
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Save after every ``save_freq`` batches."""
        if not self.wants_batches:
            return
        self._batches_since += 1
        if self._batches_since >= int(self.save_freq):
            self._batches_since = 0
            self._save_if_due(self._epoch, logs, batch=batch + 1)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Save after the epoch."""
        if self.wants_batches:
            return
        self._epochs_since += 1
        if self._epochs_since >= self._epochs_between:
            self._epochs_since = 0
            self._save_if_due(epoch, logs)

    def _save_if_due(self, epoch: int, logs: dict[str, Any] | None, **names: int) -> None:
        metrics: Logs[Any] = Logs(logs or {})
        if not self._is_due(epoch, metrics):
            return
        path = self._path({**names, **metrics, "epoch": epoch + 1})
        _make_folder(path.parent)
        if self.save_weights_only:
            self.model.save_weights(path)
        else:
            self.model.save(path)
        if self.verbose:
            say(f"Epoch {epoch + 1}: saved {path}")

    def _is_due(self, epoch: int, metrics: Logs[Any]) -> bool:
        if not self.save_best_only:
            return True
        current = self.watched(metrics, "cannot know the best epoch and saves every one")
        if current is None:
            return True
        before, improved = self.best, self.improves(current, on=self.best)
        if improved:
            self.best = current
        if self.verbose:
            known = "first" if before is None else f"best before {before:.5f}"
            verdict = "better" if improved else "not better, not saved"
            say(f"Epoch {epoch + 1}: {self.monitor} {current:.5f} ({known}): {verdict}")
        return improved

    def _path(self, names: dict[str, Any]) -> Path:
        try:
            return Path(self.filepath.format_map(Logs(names)))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise ArgumentError(
                f"ModelCheckpoint cannot name its file: {error.args[0]}. Received: filepath={self.filepath!r}"
            ) from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"ModelCheckpoint cannot make the folder {folder}: {error.strerror or error}. "
            "Choose another place."
        ) from error


def _period(unknown: dict[str, Any]) -> int:
    """Take the old argument ``period``, the number of epochs between two savings, out of ``unknown``."""
    if "period" not in unknown:
        return 1
    explain_once(
        "ModelCheckpoint period",
        "period= of ModelCheckpoint still means epochs between two savings; Keras 3 has only save_freq=.",
    )
    return whole_number("ModelCheckpoint", "period", unknown.pop("period"))


def _check_name(filepath: str) -> None:
    """Raise for a name that is not a pattern."""
    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(filepath) if field is not None]
    except ValueError as error:
        raise ArgumentError(
            f"ModelCheckpoint cannot read its file name as a pattern: {error}. "
            f"Received: filepath={filepath!r}"
        ) from error
    if any(not field or field.isdigit() for field in fields):
        raise ArgumentError(
            "ModelCheckpoint fills in names, as in '{epoch:02d}' or '{val_loss:.2f}': give each field one. "
            f"Received: filepath={filepath!r}"
        )
