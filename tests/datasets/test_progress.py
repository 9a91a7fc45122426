import io
import sys

import pytest

from pellucid.datasets.progress import bar


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


@pytest.mark.parametrize(("unit", "shown"), [("bytes", "2.0/2.0 kB"), ("images", "2000/2000")])
def test_a_bar_is_shown_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], unit: str, shown: str
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    with bar("tiny from [a mirror]", 2000, enabled=True, unit=unit) as advance:
        advance(500)
        advance(1500)
    assert "tiny from [a mirror]" in terminal.getvalue()
    assert shown in terminal.getvalue()
    assert capsys.readouterr().out == ""
