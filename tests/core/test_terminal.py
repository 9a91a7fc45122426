import io
import os
import sys
from types import SimpleNamespace

import pytest

from pellucid.core.terminal import (
    doing,
    in_notebook,
    is_terminal,
    rewrite,
    say,
    tell,
    telling,
    tells,
    width_of,
)


class FakeTerminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def in_a_notebook(monkeypatch):
    class ZMQInteractiveShell: ...

    class Shell(ZMQInteractiveShell): ...  # as Colab's

    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=Shell))


def test_a_terminal_is_what_says_so(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    assert is_terminal(FakeTerminal())
    assert not is_terminal(io.StringIO())
    assert not is_terminal(None)


def test_a_dumb_terminal_is_none(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    assert not is_terminal(FakeTerminal())


def test_a_notebook_is_none(in_a_notebook):
    assert in_notebook()
    assert not is_terminal(FakeTerminal())


@pytest.mark.parametrize("shell", [None, SimpleNamespace()])
def test_ipython_in_a_terminal_is_no_notebook(monkeypatch, shell):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert not in_notebook()


def test_rewriting_wipes_out_what_was_there_and_returns_to_the_first_column():
    stream = io.StringIO()
    rewrite(stream, "a longer line", width=20)
    rewrite(stream, "short", width=20)
    assert stream.getvalue() == "\ra longer line      \r\rshort              \r"


def test_rewriting_never_fills_the_last_column_where_a_terminal_would_wrap():
    stream = io.StringIO()
    rewrite(stream, "x" * 100, width=20)
    assert stream.getvalue() == "\r" + "x" * 19 + "\r"


def test_say_writes_plain_lines_to_a_file():
    stream = io.StringIO()
    say("one", stream)
    say("two", stream)
    assert stream.getvalue() == "one\ntwo\n"


def test_say_wipes_out_a_live_line_first(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "10")
    stream = FakeTerminal()
    say("one", stream)
    assert stream.getvalue() == "\r" + " " * 9 + "\rone\n"


def test_say_goes_to_standard_error(capsys):
    say("hello")
    assert capsys.readouterr() == ("", "hello\n")


def test_say_is_silent_in_a_program_without_a_console(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    say("hello")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs pseudo-terminals")
def test_the_width_is_that_of_the_terminal_behind_the_stream():
    import fcntl
    import struct
    import termios

    outer, inner = os.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 57, 0, 0))
    with os.fdopen(inner, "w") as stream:
        assert width_of(stream) == 57
        assert is_terminal(stream) == (os.environ.get("TERM") != "dumb")
    os.close(outer)


def test_the_width_has_a_default(monkeypatch):
    monkeypatch.setenv("COLUMNS", "123")
    assert width_of(io.StringIO()) == 123


def test_what_is_being_done_is_a_plain_line_in_a_file_and_told_only_where_asked(capsys):
    with telling(), doing("testing on 450 images"):
        pass
    with doing("nothing"), telling(shown=False), doing("nothing either"):
        tell("nor this")
    assert capsys.readouterr() == ("", "testing on 450 images …\n")


def test_on_a_terminal_what_is_being_done_is_gone_however_it_ends(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "20")
    stream = FakeTerminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with pytest.raises(KeyboardInterrupt), telling(), doing("reading mnist"):
        raise KeyboardInterrupt
    assert stream.getvalue() == f"\r{'reading mnist …':<19}\r\r{' ' * 19}\r"


def test_what_is_told_is_wrapped_on_a_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "20")
    stream = FakeTerminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with telling():
        tell("mnist: 48,000 images to train on")
    assert stream.getvalue().split("\r")[-1] == "mnist: 48,000\n  images to train\n  on\n"


def test_what_is_told_is_told_again_after_a_block_that_is_silent():
    with telling():
        with telling(shown=False):
            assert not tells()
        assert tells()
    assert not tells()


def test_a_notebook_has_progress_on_standard_output(in_a_notebook, capsys):
    say("hello")
    assert capsys.readouterr() == ("hello\n", "")
