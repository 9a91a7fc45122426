import io

import pytest

from pellucid.core.styling import has_styles, styled


class FakeTerminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def xterm(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_a_terminal_has_styles():
    assert has_styles(FakeTerminal())
    assert styled("0.99", "bold", stream=FakeTerminal()) == "\x1b[1m0.99\x1b[0m"
    assert styled("no", "bold", "red", stream=FakeTerminal()) == "\x1b[1;31mno\x1b[0m"
    assert styled("", "bold", stream=FakeTerminal()) == ""


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("NO_COLOR", "0"), ("TERM", "dumb")])
def test_a_terminal_that_is_to_have_none_has_none(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert styled("0.99", "bold", stream=FakeTerminal()) == "0.99"


def test_an_empty_no_color_says_nothing(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "")
    assert has_styles(FakeTerminal())


def test_a_pipe_and_a_file_have_none(monkeypatch):
    assert styled("0.99", "bold", stream=io.StringIO()) == "0.99"
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert styled("0.99", "bold") == "0.99"
