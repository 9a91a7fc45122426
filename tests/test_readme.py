"""README's Python runs, and the commands that it names are there."""

from __future__ import annotations

import re
import shlex
import warnings
from pathlib import Path

import numpy as np
import pytest

from pellucid import datasets

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_python_blocks_run_one_after_another(monkeypatch, capsys):
    def images(n):
        return np.random.default_rng(n).integers(0, 256, (n, 28, 28), dtype=np.uint8), np.arange(n) % 10

    monkeypatch.setattr(datasets.mnist, "load_data", lambda: (images(200), images(50)))
    variables: dict = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for block in blocks("python"):
            exec(block, variables)  # noqa: S102 - it is README's own
    assert variables["maps"].shape == (28, 28, 1)
    assert variables["smaller"].shape == (14, 14, 1)
    assert "[" in capsys.readouterr().out


@pytest.mark.parametrize("script", re.findall(r"python3 (scripts/\S+\.py)", README))
def test_the_scripts_are_there(script):
    assert (ROOT / script).is_file()


def commands():
    """Return the command lines of README, in order."""
    lines = "".join(re.findall(r"^```\n(.*?)^```", README, re.MULTILINE | re.DOTALL)).splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.startswith("pellucid ")]


@pytest.mark.slow
def test_every_command_works_in_order_in_an_empty_folder(tmp_path, monkeypatch):
    """Long trainings are of one epoch here, and write no pictures; all else is as it stands."""
    from typer.testing import CliRunner

    from pellucid.cli.main import app

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PELLUCID_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("pellucid.report.write_figures", lambda _: [])
    monkeypatch.setattr("pellucid.report.write_report", lambda path: path / "report.html")
    assert len(commands()) > 12
    for _, *arguments in commands():
        limited = ["--epochs", "1", "--threads", "1"] if arguments[0] == "run" else []
        result = CliRunner().invoke(app, [*arguments, *limited])
        assert result.exit_code == 0, (arguments, result.output)
    assert {path.name for path in (tmp_path / "runs").iterdir() if path.is_dir()} == {
        *("digits-cnn-64", "digits-perceptron", "shapes", "mine")
    }


def test_the_commands_in_the_text_are_there():
    from typer.main import get_command

    from pellucid.cli.main import app

    known = set(get_command(app).commands)
    named = set(re.findall(r"`pellucid (\w+)", README)) | {arguments[1] for arguments in commands()}
    assert {"run", "resume", "lab"} <= named <= known


def test_the_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
