"""Progress of training: one live bar an epoch on a terminal, one plain line an epoch elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Any, TextIO

from pellucid.callbacks.callback import Callback
from pellucid.callbacks.clock import EpochClock
from pellucid.core.terminal import is_terminal, rewrite, say, width_of
from pellucid.core.wording.durations import duration
from pellucid.errors import ArgumentError

_SECONDS_BETWEEN_DRAWINGS = 0.1
_SHORTEST_BAR, _LONGEST_BAR = 5, 24
_PERCENT_TOO = 16  # columns that are enough for a bar and its percentage
_SO_FAR = "mean so far: "


class Progress(Callback):
    """Shows how training goes: images per second, loss, accuracy, time left.

    Seconds and images per second are of the training part of the epoch. What is shown during an epoch are
    means over the batches so far, while the weights move; ``val_…`` metrics are measured after it.

    Parameters
    ----------
    verbose
        0 shows nothing; 1 or ``"auto"`` one live bar an epoch on a terminal, and plain lines elsewhere (a
        pipe, a log file, a notebook); 2 plain lines everywhere. A plain line is written when its epoch is
        over; it holds no backspaces and no escape codes.
    stream
        Where to; standard error if None, so that standard output holds results only.

    Raises
    ------
    ArgumentError
        For another ``verbose``.

    Examples
    --------
    >>> import sys
    >>> progress = Progress(verbose=2, stream=sys.stdout)
    >>> progress.set_params({"epochs": 3, "steps": 8, "images": 1000})
    >>> progress.on_train_begin()
    >>> progress.on_epoch_begin(0)
    >>> progress.on_epoch_end(0, {"loss": 0.25, "accuracy": 0.9, "val_loss": 0.3})
    Epoch 1/3  0.0 s  ... images/s  loss 0.2500  accuracy 0.9000  val_loss 0.3000
    """

    def __init__(self, verbose: int | str = "auto", stream: TextIO | None = None) -> None:
        if verbose not in ("auto", 0, 1, 2):
            raise ArgumentError(
                "verbose must be 0 (silent), 1 or 'auto' (a live bar) or 2 (one line an epoch). "
                f"Received: verbose={verbose!r}"
            )
        self.verbose = 1 if verbose == "auto" else int(verbose)
        self._given_stream = stream
        self._in_training = False
        self._label = ""
        self._stopwatch = EpochClock()
        self._drawn = 0.0

    @property
    def wants_batches(self) -> bool:
        """Whether there is a live bar to keep up to date."""
        return self.verbose == 1 and is_terminal(self._stream)

    @property
    def _stream(self) -> TextIO:
        return self._given_stream or sys.stderr  # asked anew each time: a notebook exchanges it

    # Training

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Know that what follows is training, with validation as a part of its epochs."""
        self._in_training = True

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Know that what follows is no training."""
        self._in_training = False

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Begin the line of this epoch."""
        self._begin(f"Epoch {epoch + 1}/{self._param('epochs') or '?'}")

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Redraw the bar, ten times a second at the most."""
        self._redraw(batch, logs or {})

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write the finished line of this epoch."""
        self._finish(logs or {})

    # Validation: part of the epoch in training, a separate line in ``evaluate``

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Stop counting training seconds, or begin the line of an evaluation."""
        if not self._in_training:
            self._begin("Evaluation")
            return
        self._stopwatch.test_begins()
        if self.wants_batches:
            self._show(f"{self._label}  {duration(self._stopwatch.training)}  measuring after the epoch")

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Redraw the bar of an evaluation."""
        if not self._in_training and self.wants_batches:
            self._redraw(batch, logs or {})

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Write the finished line of an evaluation."""
        if self._in_training:
            self._stopwatch.test_ends()
        else:
            self._finish(logs or {})

    # One line, from its begin to its end

    def _begin(self, label: str) -> None:
        self._label = label
        self._stopwatch.epoch_begins()
        self._drawn = 0.0

    def _redraw(self, batch: int, logs: dict[str, Any]) -> None:
        now = time.perf_counter()
        if now - self._drawn < _SECONDS_BETWEEN_DRAWINGS:
            return
        self._drawn = now
        steps = self._param("steps") or batch + 1
        done = min((batch + 1) / steps, 1.0)
        self._show(self._bar_line(done, self._stopwatch.training, logs))

    def _finish(self, logs: dict[str, Any]) -> None:
        if self.verbose == 0:
            return
        seconds = self._stopwatch.training
        start = [self._label, duration(seconds), *self._rate(1.0, seconds)]
        plain = "  ".join([*start, *_metrics(logs)])
        if self.wants_batches:
            told_apart = "  ".join([*start, _metrics_told_apart(logs)])
            plain = told_apart if len(told_apart) < width_of(self._stream) else plain
        say(plain, self._stream)

    def _bar_line(self, done: float, seconds: float, logs: dict[str, Any]) -> str:
        """Return the line of a moment, as much of it as the terminal is wide enough for."""
        metrics = "  ".join(_metrics(logs))
        left = duration(seconds / done - seconds) + " left"
        rest = [metrics, *self._rate(done, seconds), left]
        room = self._room_beside(rest)
        if self._in_training and room >= len(_SO_FAR) + _PERCENT_TOO:
            rest[0] = _SO_FAR + metrics
            room -= len(_SO_FAR)
        return "  ".join([self._label, *_bar(done, room, self._stream), *rest])

    def _room_beside(self, parts: list[str]) -> int:
        """Return the columns that label and ``parts`` leave free; the last column is never used."""
        return width_of(self._stream) - 1 - len("  ".join([self._label, *parts, ""]))

    def _rate(self, done: float, seconds: float) -> list[str]:
        images = self._param("images")
        return [f"{images * done / max(seconds, 1e-9):,.0f} images/s"] if images else []

    def _show(self, text: str) -> None:
        rewrite(self._stream, text, width=width_of(self._stream))

    def _param(self, name: str) -> int | None:
        return (self.params or {}).get(name)


def _bar(done: float, room: int, stream: TextIO) -> list[str]:
    """Return a bar with the percentage, only the bar or only the percentage, as there is ``room`` for."""
    percentage = f"{done:4.0%}"
    if room < _SHORTEST_BAR:
        return [percentage]
    full, rest = ("━", "─") if (stream.encoding or "").lower().startswith("utf") else ("=", ".")
    length = min(room - len(percentage) - 2 if room >= _PERCENT_TOO else room, _LONGEST_BAR)
    filled = round(done * length)
    bar = full * filled + rest * (length - filled)
    return [bar, percentage] if room >= _PERCENT_TOO else [bar]


def _metrics(logs: dict[str, Any]) -> list[str]:
    return [f"{name} {_number(value)}" for name, value in logs.items()]


def _metrics_told_apart(logs: dict[str, Any]) -> str:
    """Return the metrics with a word on when they were measured: while the weights moved, or after."""
    after = [name for name in logs if name.startswith(("val_", "train_"))]
    settings = [name for name in logs if name == "learning_rate"]
    during = [name for name in logs if name not in after + settings]
    groups = [("mean over the epoch: ", during), ("after it: ", after), ("", settings)]
    return "  ".join(
        word + "  ".join(_metrics({name: logs[name] for name in names})) for word, names in groups if names
    )


def _number(value: Any) -> str:
    """Return four decimals, or an exponent where these would show next to nothing."""
    try:
        return f"{value:.4f}" if value == 0 or abs(value) >= 1e-3 else f"{value:.2e}"
    except TypeError:
        return str(value)
