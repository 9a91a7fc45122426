"""Callbacks of a run: they measure training images, keep the best epoch, write history and checkpoints."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from pellucid.callbacks.callback import Callback
from pellucid.callbacks.early_stopping import EarlyStopping
from pellucid.core.randomness import stream
from pellucid.engine.images import part_of
from pellucid.models.saving import save_model
from pellucid.runs.folder import RunFolder
from pellucid.runs.record.history import EpochRecord, History
from pellucid.runs.record.json_form import to_json

CHECKPOINT = "checkpoint.safetensors"
BEST = "best.safetensors"


class MeasureTraining(Callback):
    """Measures a fixed sample of the training images after each epoch, in inference mode.

    Training loss and accuracy in the history are running means over an epoch in which the weights change and
    dropout is on, so they are not comparable with validation. ``train_loss`` and ``train_accuracy`` are: they
    are measured in the same way.

    Parameters
    ----------
    inputs, targets
        The training data, (N, …) and (N, U).
    count
        Number of images in the sample: as many as in validation.
    """

    def __init__(self, inputs: Any, targets: Any, count: int, *, seed: int, threads: int) -> None:
        rows = stream(seed, "measured training images").permutation(len(inputs))[:count]
        rows.sort()
        self.inputs, self.targets = part_of(inputs, rows), targets[rows]
        self.threads = threads

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Add the sample's metrics to those of the epoch."""
        found = self.model.evaluate(
            self.inputs, self.targets, verbose=0, return_dict=True, threads=self.threads
        )
        if logs is not None:
            logs.update({f"train_{name}": value for name, value in found.items()})


class KeepBest(EarlyStopping):
    """Writes the network whenever its validation loss is the lowest so far; ends training after ``patience``.

    It must come before :class:`Recorder`. A run killed between the two then has a network that is one epoch
    ahead of its checkpoint; the resumed run repeats that epoch, and writes the same bits.

    Parameters
    ----------
    history
        The epochs trained before: what was decided in them is decided again.
    """

    def __init__(self, run: RunFolder, history: History, patience: int) -> None:
        super().__init__("val_loss", patience=patience)
        self.run = run
        self.before = history
        self._replay()

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Start from the epochs trained before."""
        self._replay()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write the network if it is the best so far."""
        best = self.best
        super().on_epoch_end(epoch, logs)
        if self.best != best or best is None:
            save_model(self.model, self.run.path / BEST, include_optimizer=False)

    @property
    def has_ended_training(self) -> bool:
        """Whether no epoch is to follow."""
        return self.stopped_epoch > 0

    def _replay(self) -> None:
        self._start_afresh()
        model, self.model = self.model, SimpleNamespace(stop_training=False)
        for record in self.before:
            super().on_epoch_end(record.epoch - 1, {"val_loss": record.val_loss})
        self.model = model


class Recorder(Callback):
    """Writes the history and a checkpoint into the run folder after each epoch.

    A checkpoint is a model file with the optimizer's state and the history so far. All random numbers follow
    from the seed and the number of steps taken, so a checkpoint is enough to resume exactly.
    """

    def __init__(self, run: RunFolder, history: History) -> None:
        self.run = run
        self.history = history

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write both atomically: after a kill at any point, either the old or the new one is intact."""
        record = EpochRecord(
            epoch=epoch + 1,
            **(logs or {}),
            seconds=None if self.clock is None else self.clock.training,
            learning_rate=self.model.optimizer.learning_rate,
        )
        self.history = self.history.and_then(record)
        save_model(self.model, self.run.path / CHECKPOINT, extra={"history": to_json(self.history.epochs)})
        self.run.write_history(self.history)
