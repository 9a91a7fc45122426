import io
import sys

import pytest

from pellucid.datasets.progress import bar, download_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_shown_where_nobody_looks(capfd: pytest.CaptureFixture[str]) -> None:
    with bar("fetching", 10, enabled=True) as advance:
        advance(10)
    assert capfd.readouterr() == ("", "")


def test_nothing_is_shown_when_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with bar("fetching", 10, enabled=False) as advance:
        advance(10)
    assert terminal.getvalue() == ""


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make stderr a terminal; in a fixture, pytest would put its own in the place again."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    return terminal


def test_a_bar_is_shown_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = on_terminal(monkeypatch)
    with bar("reading [a folder]", 2000, enabled=True) as advance:
        advance(500)
        advance(1500)
    assert "reading [a folder]" in terminal.getvalue()
    assert "2000/2000" in terminal.getvalue()
    assert capsys.readouterr().out == ""


def test_a_download_is_shown_as_pooch_tells_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    with download_bar("tiny from [a mirror]", enabled=True) as shown:
        assert shown is not None
        shown.total = 2000
        shown.update(4096)  # pooch counts whole chunks
        shown.reset()
        shown.update(2000)
        shown.close()
        assert shown.total == 2000
    assert "tiny from [a mirror]" in terminal.getvalue()
    assert "2.0/2.0 kB" in terminal.getvalue()


def test_a_download_whose_length_is_not_known_is_shown_too(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    with download_bar("tiny", enabled=True) as shown:
        assert shown is not None
        shown.total = 0
        shown.update(4096)
    assert "4.1 kB" in terminal.getvalue() or "4.1/? kB" in terminal.getvalue()
