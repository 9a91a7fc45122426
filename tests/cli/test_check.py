import json

import pytest
from typer.testing import CliRunner

from pellucid.cli.main import app

SOURCE = "import numpy as np\ndef relu(maps):\n    return np.maximum(maps, 0)\n"


@pytest.fixture
def invoke(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_all_outputs_at_once(invoke, tmp_path):
    (tmp_path / "a.py").write_text(SOURCE)
    options = ("--json", "--html", "a.html", "--csv", "a.csv", "--gradescope", "results.json", "-q", 21)
    done = invoke("check", "a.py", *options)
    assert done.exit_code == 0
    assert json.loads(done.stdout)["points"] == 2
    assert json.loads((tmp_path / "results.json").read_text())["score"] == 2
    assert (tmp_path / "a.html").read_text().startswith("<!doctype html>")
    assert (tmp_path / "a.csv").read_text().splitlines()[1].startswith("a.py,2,2,0,2,")


def test_a_class_is_one_line_a_file(invoke, tmp_path):
    (tmp_path / "a.py").write_text(SOURCE)
    (tmp_path / "b.py").write_text("def relu(")
    done = invoke("check", "a.py", "b.py", "c.py", "-q", 21, "--csv", "marks.csv")
    assert done.exit_code == 0
    first, second, third = done.stdout.splitlines()
    assert first == "a.py: 2 of 2 points"
    assert second.startswith("b.py: 0 of 2 points. b.py does not parse. Line 1")
    assert third.startswith("c.py: 0 of 2 points. c.py cannot be read: No such file")
    assert len((tmp_path / "marks.csv").read_text().splitlines()) == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-q", 19), "There is no question 19 to examine: 20 to 25 are the functions, 26 to 28 the bonus"),
        (("--seconds", 0), "seconds must be positive. Received: seconds=0"),
        (("--jobs", 0), "--jobs is a whole number of at least 1. Received: --jobs=0"),
        (("b.py", "--gradescope", "x.json"), "--gradescope is for one file at a time. Received: files="),
    ],
)
def test_what_cannot_be_asked(arguments, words, invoke, tmp_path):
    (tmp_path / "a.py").write_text(SOURCE)
    done = invoke("check", "a.py", *arguments)
    assert done.exit_code == 2
    assert words in done.stderr
