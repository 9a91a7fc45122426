"""The commands in a terminal of 80 and of 60 columns: no line is longer; styles where it has them."""

import os
import re
import subprocess
import sys

import pytest

from pellucid.core.wrapping import columns_of, unstyled

pty = pytest.importorskip("pty", reason="a pseudo-terminal is POSIX's")

# Runs all commands in one process, at both widths, and lets no run draw figures, which takes longest.
PROGRAM = """
import fcntl, struct, sys, termios
import pellucid.report
from pellucid.cli.main import app
pellucid.report.write_figures = lambda _: []
pellucid.report.write_report = lambda path: path / "report.html"
pellucid.report.write_index = lambda path: path / "index.html"
for columns in (80, 60):
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    for command in sys.argv[1:]:
        print(f"== {columns} {command}", flush=True)
        try:
            app(command.split("|"), prog_name="pellucid")
        except SystemExit as end:
            assert not end.code, (command, end.code)
        sys.stdout.flush()
"""


def in_terminal(folder, *commands, **environment):
    """Run the commands in a pseudo-terminal; return what each wrote, by width and command."""
    outer, inner = pty.openpty()
    variables = {**os.environ, "TERM": "xterm", **environment}
    variables.pop("COLUMNS", None)
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *commands], cwd=folder, env=variables, stdout=inner, stderr=inner
    ) as process:
        os.close(inner)
        written = b"".join(iter(lambda: _read(outer), b""))
    os.close(outer)
    assert process.returncode == 0, written.decode()
    parts = written.decode().replace("\r\n", "\n").split("== ")[1:]
    return {
        (int(head.split(" ", 1)[0]), head.split(" ", 1)[1]): text
        for head, _, text in (part.partition("\n") for part in parts)
    }


def _read(outer):
    try:
        return os.read(outer, 65536)
    except OSError:  # the other end is closed
        return b""


def lines_of(text):
    """The lines as they were on the screen at any moment: a live line is rewritten after a return."""
    seen = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    return [part for line in seen.split("\n") for part in line.split("\r")]


@pytest.mark.slow
def test_no_line_is_wider_than_the_terminal_and_styles_are_where_they_belong(finished, drawings, tmp_path):
    commands = [
        *("list", "show|digits-cnn-64", "runs|" + str(finished.parent)),
        *(f"evaluate|{finished}", f"suffices|{finished}", f"predict|{finished}|{drawings}"),
        *("run|digits-perceptron|--epochs|3|--threads|1", "run|digits-perceptron|--epochs|30|--quiet"),
    ]
    shown = in_terminal(tmp_path, *commands)
    assert len(shown) == 2 * len(commands)
    for (columns, command), text in shown.items():
        paths = [str(finished.parent), str(drawings), str(tmp_path)]
        for line in lines_of(text):
            if not any(path in unstyled(line) for path in paths):  # a path is not cut
                assert columns_of(line) <= columns, (command, line)
    run = shown[80, commands[6]]
    begun = "1,010 images to train on, 337 to validate, 450 to test; 650 parameters;"
    assert begun in " ".join(unstyled(run).split())
    assert "\x1b[1m0." in run
    assert "\x1b[2m" in run
    assert "testing on 450 images" in run
    assert "30/30" not in shown[80, commands[7]]
    assert "\x1b[1;32m" in shown[80, commands[3]]


@pytest.mark.slow
@pytest.mark.parametrize("variable", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_styles_where_they_are_not_wanted(finished, tmp_path, variable):
    shown = in_terminal(tmp_path, f"evaluate|{finished}", "list", **variable)
    assert "\x1b" not in "".join(shown.values())
