import io
import re
import sys
import time
from types import SimpleNamespace

import pytest

from pellucid.callbacks import CallbackList, LambdaCallback, Progress
from pellucid.core.wrapping import unstyled
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


HEAD = (
    "                     while training                after it\n"
    "Epoch        time    loss  accuracy  val_loss  val_accuracy\n"
)
SHORT_HEAD = (
    "                   while training           after it\n"
    "Epoch        time    loss     acc  val_loss  val_acc\n"
)


def row(epoch, narrow=False):
    """The line of an epoch."""
    if narrow:
        return f"{epoch:>5}       4.0 s  0.0412  0.9871    0.0398   0.9886\n"
    return f"{epoch:>5}       4.0 s  0.0412    0.9871    0.0398        0.9886\n"


@pytest.mark.parametrize("verbose", [1, 2, "auto", True])
def test_a_file_gets_one_plain_line_an_epoch_under_one_head(clock, verbose):
    stream = io.StringIO()
    train(Progress(verbose, stream), clock, epochs=2)
    assert stream.getvalue() == HEAD + row("1/2") + row("2/2")


def test_only_the_lines_on_a_terminal_too_where_asked(clock, terminal):
    stream = terminal(200)
    train(Progress(2, stream), clock)
    assert unstyled("\n".join(stream.screen)) == HEAD + row("1/1")
    assert stream.getvalue().count("\n") == 3


@pytest.mark.parametrize("verbose", [0, False])
def test_silent(clock, terminal, verbose):
    for stream in (io.StringIO(), terminal(80)):
        train(Progress(verbose, stream), clock)
        assert stream.getvalue() == ""


def test_goes_to_standard_error(clock, capsys):
    train(Progress(), clock)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == HEAD + row("1/1")


def test_a_file_never_gets_control_characters(clock):
    stream = io.StringIO()
    train(Progress(1, stream), clock, epochs=3)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", stream.getvalue())


@pytest.fixture
def notebook(monkeypatch):
    """What is displayed in a notebook: for each display, the texts that it showed one after another."""
    shown = {}

    def display(content, *, raw, display_id):
        assert raw
        shown.setdefault(display_id, []).append(content["text/plain"])

    for module in ("terminal", "live_line"):
        monkeypatch.setattr(f"pellucid.core.{module}.in_notebook", lambda: True)
    of_notebook = SimpleNamespace(display=display, update_display=display)
    monkeypatch.setitem(sys.modules, "IPython.display", of_notebook)
    return shown


def test_a_notebook_gets_the_lines_on_standard_output_and_one_live_bar(clock, notebook, capsys):
    train(Progress(), clock, epochs=2)
    assert capsys.readouterr() == (HEAD + row("1/2") + row("2/2"), "")
    (texts,) = notebook.values()
    assert texts[0].startswith("Epoch 1/2  ━")
    assert any("measuring after the epoch" in text for text in texts)
    assert texts[-1] == "2 epochs in 10.0 s"


def test_a_notebook_told_to_print_lines_alone_has_no_bar(clock, notebook, capsys):
    train(Progress(2), clock)
    assert capsys.readouterr() == (HEAD + row("1/1"), "")
    assert notebook == {}


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


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (76, "Epoch 3/12   25%  loss 0.5000  accuracy 0.2500  12,000 images/s  3.0 s left"),
        (60, "Epoch 3/12  ━────  loss 0.5000  accuracy 0.2500  3.0 s left"),
        (50, "Epoch 3/12  ━━─────  loss 0.5000  accuracy 0.2500"),
        (30, "Epoch 3/12   25%  loss 0.5000"),
        (20, "Epoch 3/12  ━━─────"),
    ],
)
def test_a_narrower_terminal_loses_the_bar_the_speed_and_the_time_before_the_metrics(
    terminal, clock, columns, shown
):
    assert live(terminal, clock, columns) == shown


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
    stream = terminal(80)
    train(Progress(1, stream), clock, epochs=2)
    assert unstyled("\n".join(stream.screen)) == HEAD + row("1/2") + row("2/2")


def test_names_are_short_where_there_is_no_room(terminal, clock):
    stream = terminal(59)
    train(Progress(1, stream), clock)
    assert unstyled("\n".join(stream.screen)) == SHORT_HEAD + row("1/1", narrow=True)


def test_a_terminal_too_narrow_for_columns_has_names_beside_the_metrics(terminal, clock):
    stream = terminal(40)
    train(Progress(1, stream), clock)
    assert stream.screen == [
        "1/1  4.0 s  loss 0.0412",
        "  accuracy 0.9871  val_loss 0.0398",
        "  val_accuracy 0.9886",
        "",
    ]


@pytest.mark.parametrize("columns", [34, 40, 59, 60, 61, 79, 80, 81, 200])
@pytest.mark.parametrize("epochs", [1, 2, 150])
def test_no_line_is_wider_than_the_terminal(terminal, clock, columns, epochs):
    stream = terminal(columns)
    train(Progress(1, stream), clock, epochs=epochs)
    assert max(len(unstyled(line)) for line in stream.screen) < columns


def test_the_head_is_dim_where_the_terminal_has_that(terminal, clock, monkeypatch):
    stream = terminal(80)
    train(Progress(1, stream), clock)
    dim = [line for line in stream.screen if line.startswith("\x1b[2m")]
    assert len(dim) == 2
    monkeypatch.setenv("NO_COLOR", "1")
    plain = terminal(80)
    train(Progress(1, plain), clock)
    assert "\x1b" not in plain.getvalue()


def epochs_with_a_line(stream):
    return [line.split("/")[0].strip() for line in unstyled(stream).splitlines() if "4.0 s" in line]


def test_a_long_training_on_a_terminal_has_one_living_line_and_a_line_every_few_epochs(terminal, clock):
    stream = terminal(80)
    train(Progress(1, stream), clock, epochs=100)
    assert epochs_with_a_line("\n".join(stream.screen)) == ["1", *map(str, range(5, 101, 5))]


def test_the_living_line_of_a_long_training_is_of_all_its_epochs(terminal, clock):
    stream = terminal(90)
    train(Progress(1, stream), clock, epochs=100)
    lines = [part for part in stream.getvalue().split("\r") if part.startswith("Epoch 51/100")]
    assert lines[0].rstrip() == (
        "Epoch 51/100  ━━━━━━──────  loss 0.5000  accuracy 0.2500  12,000 images/s  4 min 9 s left"
    )


def test_a_long_training_in_a_file_has_all_its_lines(clock):
    stream = io.StringIO()
    train(Progress(1, stream), clock, epochs=100)
    assert len(epochs_with_a_line(stream.getvalue())) == 100


def test_every_few_epochs_a_line_where_asked(clock):
    stream = io.StringIO()
    train(Progress(1, stream, every=4), clock, epochs=10)
    assert epochs_with_a_line(stream.getvalue()) == ["1", "4", "8", "10"]


def test_a_training_that_is_stopped_early_has_a_line_of_its_last_epoch(clock):
    stream = io.StringIO()
    callbacks = CallbackList(Progress(1, stream, every=10), epochs=30, steps=1, images=100)
    callbacks.on_train_begin()
    for epoch in range(13):
        callbacks.on_epoch_begin(epoch)
        clock.passes(4)
        callbacks.on_epoch_end(epoch, dict(LOGS))
    callbacks.on_train_end()
    assert epochs_with_a_line(stream.getvalue()) == ["1", "10", "13"]


def test_the_head_comes_again_where_the_metrics_change(clock):
    stream = io.StringIO()
    progress = Progress(2, stream)
    for epoch, logs in enumerate([{"loss": 1.0}, {"loss": 0.5}, {"loss": 0.2, "val_loss": 0.3}]):
        progress.on_epoch_begin(epoch)
        progress.on_epoch_end(epoch, logs)
    heads = [line.split() for line in stream.getvalue().splitlines() if "Epoch" in line]
    assert heads == [["Epoch", "time", "loss"], ["Epoch", "time", "loss", "val_loss"]]


@pytest.mark.parametrize("every", [0, -1, 2.5, True, "2"])
def test_another_every_is_refused(every):
    message = f"Progress takes every as a whole number of at least 1. Received: every={every!r}"
    with pytest.raises(ArgumentError, match=f"^{re.escape(message)}$"):
        Progress(every=every)


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
    assert unstyled("\n".join(stream.screen)) == HEAD + row("1/1") + "stopping\n"


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
    assert stream.getvalue().splitlines()[-1].split()[-1] == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.04, "0.0 s"), (59.9, "59.9 s"), (59.96, "1 min 0 s"), (3725, "1 h 2 min")]
)
def test_durations(clock, seconds, shown):
    stream = io.StringIO()
    progress = Progress(2, stream)
    progress.on_epoch_begin(0)
    clock.passes(seconds)
    progress.on_epoch_end(0, {})
    assert stream.getvalue() == f"Epoch        time\n  1/?  {shown:>10}\n"


def test_a_program_without_a_console_trains_on(clock, monkeypatch):
    monkeypatch.setattr("sys.stderr", None)
    train(Progress(1), clock)


@pytest.mark.parametrize("verbose", [3, -1, "yes", None])
def test_another_verbose_is_refused(verbose):
    with pytest.raises(
        ArgumentError, match=rf"verbose must be 0 \(silent\), .* Received: verbose={verbose!r}$"
    ):
        Progress(verbose)
