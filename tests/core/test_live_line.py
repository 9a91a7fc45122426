import io
import sys
from types import SimpleNamespace

import pytest

from pellucid.core.live_line import LiveLine


class FakeTerminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def notebook(monkeypatch):
    """What is displayed in a notebook: how, the text, and in which display."""
    shown = []

    class ZMQInteractiveShell: ...

    def recorder(how):
        return lambda content, *, raw, display_id: shown.append((how, content["text/plain"], display_id))

    displays = SimpleNamespace(display=recorder("display"), update_display=recorder("update"))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=ZMQInteractiveShell))
    monkeypatch.setitem(sys.modules, "IPython.display", displays)
    return shown


def test_a_terminal_has_a_live_line_which_is_gone_at_the_end(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "10")
    stream, line = FakeTerminal(), LiveLine()
    assert line.lives(stream)
    line.show("50%", stream)
    line.end("done", stream)
    assert stream.getvalue() == f"\r{'50%':<9}\r\r{' ' * 9}\r"


def test_a_file_has_none():
    assert not LiveLine().lives(io.StringIO())
    assert not LiveLine().lives(None)


def test_a_notebook_has_one_display_for_each_training(notebook):
    line = LiveLine()
    assert line.lives(io.StringIO())
    for last in ("2 epochs", "3 epochs"):
        line.show("50%", sys.stdout)
        line.show("100%", sys.stdout)
        line.end(last, sys.stdout)
    assert [entry[:2] for entry in notebook] == [
        *(("display", "50%"), ("update", "100%"), ("update", "2 epochs")),
        *(("display", "50%"), ("update", "100%"), ("update", "3 epochs")),
    ]
    assert len({name for *_, name in notebook}) == 2


def test_a_line_that_was_never_shown_leaves_nothing(notebook):
    LiveLine().end("0 epochs", sys.stdout)
    assert notebook == []
