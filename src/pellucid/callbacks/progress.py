"""Progress of training: a table of the epochs, and one live line where there can be one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, TextIO

from pellucid.callbacks.callback import Callback
from pellucid.callbacks.clock import EpochClock
from pellucid.callbacks.epoch_table import EpochTable, number, stacked
from pellucid.callbacks.live_bar import Moment, bar_line
from pellucid.core.arguments import whole_number
from pellucid.core.live_line import LiveLine
from pellucid.core.styling import styled
from pellucid.core.terminal import UNLIMITED, is_terminal, progress_stream, say, width_of
from pellucid.core.wording.durations import duration
from pellucid.core.wording.plurals import counted
from pellucid.errors import ArgumentError

_SECONDS_BETWEEN_DRAWINGS = 0.1
_MOST_LINES = 20  # of a training on a terminal, unless more are asked for


class Progress(Callback):
    """Shows how training goes: loss, accuracy, images per second, time left.

    A line is written for each epoch, in columns under a head. On a terminal and in a notebook a live line
    shows the epoch that is being trained; where there are more than 20 epochs it shows the whole training,
    and only every second, fifth or tenth epoch (and so on) keeps its line.

    Seconds and images per second are of the training part of the epoch. What is shown during an epoch are
    means over the batches so far, while the weights move; ``val_…`` metrics are measured after it.

    Parameters
    ----------
    verbose
        0 shows nothing; 1 or ``"auto"`` a live line where there can be one, and the lines of the epochs; 2
        only the lines. The lines in a file hold no backspaces and no escape codes.
    stream
        Where to; if None standard error, so that standard output holds results only, but in a notebook
        standard output.
    every
        Write the line of every so many epochs, and those of the first and of the last.

    Raises
    ------
    ArgumentError
        For another ``verbose``, or an ``every`` that is no whole number of at least 1.

    Examples
    --------
    >>> import sys
    >>> progress = Progress(verbose=2, stream=sys.stdout)
    >>> progress.set_params({"epochs": 3, "steps": 8, "images": 1000})
    >>> progress.on_train_begin()
    >>> progress.on_epoch_begin(0)
    >>> progress.on_epoch_end(0, {"loss": 0.25, "accuracy": 0.9, "val_loss": 0.3})
                         while training  after it
    Epoch        time    loss  accuracy  val_loss
      1/3       0.0 s  0.2500    0.9000    0.3000
    """

    def __init__(
        self, verbose: int | str = "auto", stream: TextIO | None = None, every: int | None = None
    ) -> None:
        if verbose not in ("auto", 0, 1, 2):
            raise ArgumentError(
                "verbose must be 0 (silent), 1 or 'auto' (a live bar) or 2 (one line an epoch). "
                f"Received: verbose={verbose!r}"
            )
        self.verbose = 1 if verbose == "auto" else int(verbose)
        self.every = None if every is None else whole_number("Progress", "every", every)
        self._given_stream = stream
        self._in_training = False
        self._label = ""
        self._stopwatch = EpochClock()
        self._drawn = 0.0
        self._live = LiveLine()
        self._begin_training()

    def _begin_training(self) -> None:
        self._table = EpochTable(self._unit)
        self._waiting: tuple[str, float, dict[str, Any]] | None = None  # an epoch without a line yet
        self._first: int | None = None
        self._epoch = 0
        self._began = time.perf_counter()

    @property
    def _unit(self) -> str:
        return str((self.params or {}).get("unit", "Epoch"))

    @property
    def wants_batches(self) -> bool:
        """Whether there is a live line to keep up to date."""
        return self.verbose == 1 and self._live.lives(self._stream)

    @property
    def _stream(self) -> TextIO:
        return self._given_stream or progress_stream()  # type: ignore[return-value]  # None: see say

    # Training

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Know that what follows is training, with validation as a part of its epochs."""
        self._in_training = True
        self._begin_training()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Write the line of the last epoch, if it has none; what follows is no training."""
        self._in_training = False
        if self._waiting is not None:
            self._write(*self._waiting)
        if self.wants_batches:
            self._live.end(self._summary(), self._stream)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Begin the line of this epoch."""
        self._epoch = epoch
        if self._first is None:
            self._first = epoch
        self._begin(f"{epoch + 1}/{self._param('epochs') or '?'}")

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Redraw the live line, ten times a second at the most."""
        self._redraw(batch, logs or {})

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write the line of this epoch, if it is one of those that are written."""
        done = (self._label, self._stopwatch.training, dict(logs or {}))
        if self._has_line(epoch):
            self._write(*done)
        else:
            self._waiting = done

    def _has_line(self, epoch: int) -> bool:
        done = epoch + 1
        return epoch == self._first or done % self._lines_every == 0 or done == self._param("epochs")

    @property
    def _lines_every(self) -> int:
        """Every how many epochs a line is written."""
        if self.every is not None:
            return self.every
        epochs = (self._param("epochs") or 0) if self.wants_batches else 0
        return next(step for step in _steps() if epochs <= step * _MOST_LINES)

    def _write(self, label: str, seconds: float, logs: dict[str, Any]) -> None:
        self._waiting = None
        if self.verbose == 0:
            return
        stream = self._stream
        width = width_of(stream) if self._is_narrow else UNLIMITED
        head, row = self._table.lines(label, seconds, logs, width)
        if head:
            head = [*self._objective, *head]
        for line in [*(styled(line, "dim", stream=stream) for line in head), *row]:
            say(line, stream)

    @property
    def _objective(self) -> list[str]:
        """What the loss is, where its name does not say it: with smoothed labels it is never near 0."""
        loss = getattr(self.model, "loss", None)
        smoothed = getattr(loss, "label_smoothing", 0)
        return [f"loss: {loss.objective}"] if loss is not None and smoothed else []

    @property
    def _is_narrow(self) -> bool:
        return is_terminal(self._stream) or self._live.lives(self._stream)

    def _summary(self) -> str:
        done = self._epoch + 1 - (self._first or 0)
        return f"{counted(done, self._unit.lower())} in {duration(time.perf_counter() - self._began)}"

    # Validation: part of the epoch in training, a separate line in ``evaluate``

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Stop counting training seconds, or begin the line of an evaluation."""
        if not self._in_training:
            self._begin("Evaluation")
            return
        self._stopwatch.test_begins()
        if self.wants_batches and self._lines_every == 1:
            self._show(
                f"{self._unit} {self._label}  {duration(self._stopwatch.training)}  measuring after the epoch"
            )

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Redraw the live line of an evaluation."""
        if not self._in_training and self.wants_batches:
            self._redraw(batch, logs or {})

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Write the finished line of an evaluation."""
        if self._in_training:
            self._stopwatch.test_ends()
        elif self.verbose != 0:
            self._write_evaluation(logs or {})

    def _write_evaluation(self, logs: dict[str, Any]) -> None:
        seconds, stream = self._stopwatch.training, self._stream
        rate = self._rate(1.0, seconds)
        speed = [] if rate is None else [f"{rate:,.0f} images/s"]
        metrics = [f"{name} {number(value)}" for name, value in logs.items()]
        parts = [self._label, duration(seconds), *speed, *metrics]
        for line in stacked(parts, width_of(stream) if self._is_narrow else UNLIMITED):
            say(line, stream)
        self._live.end("", stream)

    # The live line

    def _begin(self, label: str) -> None:
        self._label = label
        self._stopwatch.epoch_begins()
        if self._lines_every == 1:
            self._drawn = 0.0

    def _redraw(self, batch: int, logs: dict[str, Any]) -> None:
        now = time.perf_counter()
        if now - self._drawn < _SECONDS_BETWEEN_DRAWINGS:
            return
        self._drawn = now
        letters = (self._stream.encoding or "").lower().startswith("utf")
        moment = self._moment(batch, now, logs)
        self._show(bar_line(moment, width_of(self._stream), letters=letters, so_far=self._in_training))

    def _moment(self, batch: int, now: float, logs: dict[str, Any]) -> Moment:
        """Return how far the epoch is, or the whole training where not each epoch has a line."""
        done = min((batch + 1) / (self._param("steps") or batch + 1), 1.0)
        seconds = self._stopwatch.training
        rate = self._rate(done, seconds)
        if not self._in_training:
            return Moment(self._label, done, seconds, rate, logs)
        if self._lines_every > 1:
            first, epochs = self._first or 0, self._param("epochs") or self._epoch + 1
            done = (self._epoch - first + done) / (epochs - first)
            seconds = now - self._began
        return Moment(f"{self._unit} {self._label}", done, seconds, rate, logs)

    def _rate(self, done: float, seconds: float) -> float | None:
        images = self._param("images")
        return images * done / max(seconds, 1e-9) if images else None

    def _show(self, text: str) -> None:
        self._live.show(text, self._stream)

    def _param(self, name: str) -> int | None:
        return (self.params or {}).get(name)


def as_progress(verbose: Any) -> Progress:
    """Return a ``Progress`` as it is, and one for another ``verbose``.

    Examples
    --------
    >>> as_progress(0).verbose, as_progress(Progress(2)).verbose
    (0, 2)
    """
    return verbose if isinstance(verbose, Progress) else Progress(verbose)


def _steps() -> Iterator[int]:
    """Return 1, 2, 5, 10, 20, 50, …."""
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10
