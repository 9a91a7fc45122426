import io
import re
import sys
import time

import pytest

from pellucid.callbacks import CallbackList, LambdaCallback, Progress
from pellucid.errors import ArgumentError

LOGS = {"loss": 0.04123, "accuracy": 0.98712, "val_loss": 0.0398, "val_accuracy": 0.9886}


class FakeTerminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True

    @property
    def screen(self):
        """What one would see: of each line what stood in it last, column by column."""
        lines = []
        for line in self.getvalue().split("\n"):
            shown = ""
            for part in line.split("\r"):
                shown = part + shown[len(part) :]
            lines.append(shown.rstrip())
        return lines


@pytest.fixture
def clock(monkeypatch):
    """A time that passes when told to."""

    class Clock:
        now = 0.0

        def passes(self, seconds):
            self.now += seconds

    clock = Clock()
    monkeypatch.setattr(time, "perf_counter", lambda: clock.now)
    return clock


@pytest.fixture
def terminal(monkeypatch):
    def make(columns):
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", str(columns))
        return FakeTerminal()

    return make


def train(progress, clock, epochs=1, steps=4, images=48_000, others=()):
    """Train for 4 s an epoch, then measure for 1 s; return what was on the screen before each step's end."""
    callbacks = CallbackList([progress, *others], model="m", epochs=epochs, steps=steps, images=images)
    callbacks.on_train_begin()
    for epoch in range(epochs):
        callbacks.on_epoch_begin(epoch)
        for step in range(steps):
            clock.passes(4 / steps)
            callbacks.on_train_batch_end(step, {"loss": 0.5, "accuracy": 0.25})
        callbacks.on_test_begin()
        clock.passes(1)
        callbacks.on_test_batch_end(0, {"loss": 0.1})
        callbacks.on_test_end({"loss": 0.1})
        callbacks.on_epoch_end(epoch, dict(LOGS))
    callbacks.on_train_end(LOGS)


LINE = "  4.0 s  12,000 images/s  loss 0.0412  accuracy 0.9871  val_loss 0.0398  val_accuracy 0.9886"


@pytest.mark.parametrize("verbose", [1, 2, "auto", True])
def test_a_file_gets_one_plain_line_an_epoch(clock, verbose):
    stream = io.StringIO()
    train(Progress(verbose, stream), clock, epochs=2)
    assert stream.getvalue() == f"Epoch 1/2{LINE}\nEpoch 2/2{LINE}\n"


def test_plain_lines_on_a_terminal_too_where_asked(clock, terminal):
    stream = terminal(200)
    train(Progress(2, stream), clock)
    assert [line for line in stream.screen if line] == [f"Epoch 1/1{LINE}"]
    assert stream.getvalue().count("\n") == 1


@pytest.mark.parametrize("verbose", [0, False])
def test_silent(clock, terminal, verbose):
    for stream in (io.StringIO(), terminal(80)):
        train(Progress(verbose, stream), clock)
        assert stream.getvalue() == ""


def test_goes_to_standard_error(clock, capsys):
    train(Progress(), clock)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"Epoch 1/1{LINE}\n"


def test_a_file_never_gets_control_characters(clock):
    stream = io.StringIO()
    train(Progress(1, stream), clock, epochs=3)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", stream.getvalue())


def test_a_notebook_gets_plain_lines(clock, terminal, monkeypatch):
    stream = terminal(120)
    monkeypatch.setattr("pellucid.core.terminal.in_notebook", lambda: True)
    train(Progress(1, stream), clock)
    assert stream.getvalue() == f"Epoch 1/1{LINE}\n"


def test_wants_batches_only_for_a_live_bar(terminal):
    stream = terminal(80)
    assert Progress(1, stream).wants_batches
    assert not Progress(2, stream).wants_batches
    assert not Progress(0, stream).wants_batches
    assert not Progress(1, io.StringIO()).wants_batches


def live(terminal, clock, columns, done=1, **params):
    """The line on a terminal after ``done`` of four steps."""
    stream = terminal(columns)
    callbacks = CallbackList(Progress(1, stream), **{"epochs": 12, "steps": 4, "images": 48_000, **params})
    callbacks.on_train_begin()
    callbacks.on_epoch_begin(2)
    for step in range(done):
        clock.passes(1)
        callbacks.on_train_batch_end(step, {"loss": 0.5, "accuracy": 0.25})
    (line,) = stream.screen
    return line


def test_a_live_bar(terminal, clock):
    assert live(terminal, clock, 140) == (
        "Epoch 3/12  ━━━━━━──────────────────   25%  mean so far: loss 0.5000  accuracy 0.2500  "
        "12,000 images/s  3.0 s left"
    )
    assert live(terminal, clock, 140, done=4).startswith("Epoch 3/12  ━━━━━━━━━━━━━━━━━━━━━━━━  100%  ")


@pytest.mark.parametrize("columns", [20, 40, 60, 79, 80, 81, 100, 120, 300])
def test_a_live_bar_never_fills_its_line(terminal, clock, columns):
    line = live(terminal, clock, columns)
    assert len(line) < columns
    assert line.startswith("Epoch 3/12  ")


def test_the_usual_terminal_has_room_for_a_bar(terminal, clock):
    assert live(terminal, clock, 80) == (
        "Epoch 3/12  ━━──────  loss 0.5000  accuracy 0.2500  12,000 images/s  3.0 s left"
    )


def test_a_narrower_terminal_loses_the_bar_before_the_metrics(terminal, clock):
    line = live(terminal, clock, 76)
    assert "━" not in line
    assert line == "Epoch 3/12   25%  loss 0.5000  accuracy 0.2500  12,000 images/s  3.0 s left"


def test_a_bar_without_letters_where_the_terminal_has_none(terminal, clock, monkeypatch):
    monkeypatch.setattr(FakeTerminal, "encoding", "latin-1")
    line = live(terminal, clock, 140)
    assert "======..................  " in line
    line.encode("ascii")


def test_a_live_bar_without_knowing_how_much_there_is(terminal, clock):
    line = live(terminal, clock, 140, steps=None, images=None, epochs=None)
    assert line.startswith("Epoch 3/?  ")
    assert "images/s" not in line


def test_the_finished_line_takes_the_place_of_the_bar(terminal, clock):
    stream = terminal(200)
    train(Progress(1, stream), clock, epochs=2)
    assert stream.screen == [
        f"Epoch {epoch}/2  4.0 s  12,000 images/s  mean over the epoch: loss 0.0412  accuracy 0.9871  "
        "after it: val_loss 0.0398  val_accuracy 0.9886"
        for epoch in (1, 2)
    ] + [""]


def test_the_finished_line_is_short_where_there_is_no_room(terminal, clock):
    stream = terminal(110)
    train(Progress(1, stream), clock)
    assert stream.screen == [f"Epoch 1/1{LINE}", ""]


def test_measuring_after_the_epoch_is_shown(terminal, clock):
    stream = terminal(100)
    callbacks = CallbackList(Progress(1, stream), epochs=1, steps=1, images=100)
    callbacks.on_train_begin()
    callbacks.on_epoch_begin(0)
    clock.passes(2)
    callbacks.on_test_begin()
    assert stream.screen == ["Epoch 1/1  2.0 s  measuring after the epoch"]


def test_what_others_print_stands_below_the_finished_line(terminal, clock):
    stream = terminal(110)
    talker = LambdaCallback(on_epoch_end=lambda *_: stream.write("stopping\n"))
    train(Progress(1, stream), clock, others=[talker])
    assert stream.screen == [f"Epoch 1/1{LINE}", "stopping", ""]


def test_draws_at_most_ten_times_a_second(terminal, clock):
    stream = terminal(100)
    train(Progress(1, stream), clock, steps=4000)
    assert 30 < stream.getvalue().count(" s left") <= 41  # in the 4 s of this epoch


def test_a_step_between_two_drawings_does_a_handful_of_calls(terminal, clock):
    stream = terminal(100)
    callbacks = CallbackList(Progress(1, stream), epochs=1, steps=1000, images=100)
    callbacks.on_train_begin()
    callbacks.on_epoch_begin(0)
    clock.passes(1)
    callbacks.on_train_batch_end(0, {"loss": 0.5})  # draws
    drawn, calls = stream.getvalue(), []
    sys.setprofile(lambda _, event, __: calls.append(event))
    try:
        for step in range(1, 1000):
            callbacks.on_train_batch_end(step, {"loss": 0.5})
    finally:
        sys.setprofile(None)
    assert stream.getvalue() == drawn
    assert calls.count("call") < 30 * 1000


def test_an_evaluation_is_a_line_of_its_own(clock):
    stream = io.StringIO()
    callbacks = CallbackList(Progress(1, stream), steps=2, images=10_000)
    callbacks.on_test_begin()
    clock.passes(2)
    callbacks.on_test_end({"loss": 0.5, "accuracy": 0.25})
    assert stream.getvalue() == "Evaluation  2.0 s  5,000 images/s  loss 0.5000  accuracy 0.2500\n"


def test_an_evaluation_has_a_live_bar(clock, terminal):
    stream = terminal(100)
    callbacks = CallbackList(Progress(1, stream), steps=2, images=10_000)
    callbacks.on_test_begin()
    clock.passes(2)
    callbacks.on_test_batch_end(0, {"loss": 0.5})
    (line,) = stream.screen
    assert line == "Evaluation  ━━━━━━━━━━━━────────────   50%  loss 0.5000  2,500 images/s  2.0 s left"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.12345, "0.1235"),
        (0, "0.0000"),
        (1e-4, "1.00e-04"),
        (-2.5, "-2.5000"),
        (float("nan"), "nan"),
        ("x", "x"),
    ],
)
def test_metrics(clock, value, shown):
    stream = io.StringIO()
    progress = Progress(2, stream)
    progress.on_epoch_begin(0)
    progress.on_epoch_end(0, {"metric": value})
    assert stream.getvalue().endswith(f"  metric {shown}\n")


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.04, "0.0 s"), (59.9, "59.9 s"), (59.96, "1 min 0 s"), (3725, "1 h 2 min")]
)
def test_durations(clock, seconds, shown):
    stream = io.StringIO()
    progress = Progress(2, stream)
    progress.on_epoch_begin(0)
    clock.passes(seconds)
    progress.on_epoch_end(0, {})
    assert stream.getvalue() == f"Epoch 1/?  {shown}\n"


def test_a_program_without_a_console_trains_on(clock, monkeypatch):
    monkeypatch.setattr("sys.stderr", None)
    train(Progress(1), clock)


@pytest.mark.parametrize("verbose", [3, -1, "yes", None])
def test_another_verbose_is_refused(verbose):
    with pytest.raises(
        ArgumentError, match=rf"verbose must be 0 \(silent\), .* Received: verbose={verbose!r}$"
    ):
        Progress(verbose)
