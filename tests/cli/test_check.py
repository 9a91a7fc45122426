import json
import signal
import subprocess
import sys
import time

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
    done = invoke("check", "a.py", "b.py", "-q", 21, "--csv", "marks.csv")
    assert done.exit_code == 0
    first, second = done.stdout.splitlines()
    assert first == "a.py: 2 of 2 points"
    assert second.startswith("b.py: 0 of 2 points. b.py does not parse. Line 1")
    assert len((tmp_path / "marks.csv").read_text().splitlines()) == 3


def test_a_wrong_path_is_an_error_and_nothing_is_written_for_it(invoke, tmp_path):
    outputs = ("--csv", "marks.csv", "--gradescope", "results.json", "--html", "marks.html")
    done = invoke("check", "lowlevel.py", *outputs)
    assert (done.exit_code, done.stdout) == (4, "")
    assert done.stderr == "pellucid: lowlevel.py cannot be read: No such file or directory.\n"
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "a.py").write_text(SOURCE)
    done = invoke("check", "a.py", "b.py", "-q", 21, "--csv", "marks.csv")
    assert done.exit_code == 4
    assert "pellucid: b.py cannot be read: No such file or directory." in done.stderr
    assert [row.split(",")[0] for row in (tmp_path / "marks.csv").read_text().splitlines()] == [
        "file",
        "a.py",
    ]


def test_what_cannot_be_read_has_no_mark_and_the_others_have_theirs(invoke, tmp_path):
    (tmp_path / "class" / "ann").mkdir(parents=True)
    (tmp_path / "class" / "bob").mkdir()
    (tmp_path / "class" / "ann" / "lab.py").write_text(SOURCE)
    (tmp_path / "class" / "bob" / "lab.py").write_bytes(b"PK\x03\x04")
    done = invoke("check", "class", "-q", 21, "--csv", "marks.csv", "--html", "marks.html")
    assert done.exit_code == 4
    first, second = done.stdout.splitlines()
    assert first == "class/ann/lab.py: 2 of 2 points"
    assert second.startswith("class/bob/lab.py: not read, so no marks. class/bob/lab.py is a ZIP archive")
    assert done.stderr == "1 file could not be read: no marks, rather than 0.\n"
    rows = (tmp_path / "marks.csv").read_text().splitlines()
    assert rows[1].startswith("class/ann/lab.py,2,2,0,2,")
    assert rows[2].startswith("class/bob/lab.py,,,,,")
    assert rows[2].endswith(",not read")
    assert "0 of 2" not in (tmp_path / "marks.html").read_text()


def test_one_file_that_cannot_be_read_as_json_and_for_gradescope(invoke, tmp_path):
    (tmp_path / "a.ipynb").write_text("{")
    done = invoke("check", "a.ipynb", "--json", "--gradescope", "results.json")
    assert done.exit_code == 4
    assert json.loads(done.stdout)["points"] is None
    results = json.loads((tmp_path / "results.json").read_text())
    assert results["output"].startswith("Not read: a.ipynb is not a Jupyter notebook")
    assert "score" not in results


def test_what_cannot_be_written_is_said_before_anything_is_examined(invoke, tmp_path):
    (tmp_path / "a.py").write_text(SOURCE)
    done = invoke("check", "a.py", "--csv", "nowhere/marks.csv")
    assert (done.exit_code, done.stdout) == (4, "")
    assert "nowhere/marks.csv cannot be written: there is no folder nowhere." in done.stderr
    done = invoke("check", "a.py", "--html", ".")
    assert (done.exit_code, done.stdout) == (4, "")
    assert "cannot be written: it is a folder" in done.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_what_was_marked_before_an_interruption_is_kept(how, tmp_path):
    (tmp_path / "a.py").write_text(SOURCE)
    (tmp_path / "b.py").write_text("while True: pass\n" + SOURCE)
    # SIGINT is ignored where tests run in the background, and so it would be in the process
    start = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    start += "; from pellucid.cli.main import main; main()"
    command = [sys.executable, "-c", start, "check", "a.py", "b.py", "-q", "21", "--seconds", "300"]
    command += ["--jobs", "1", "--csv", "marks.csv", "--html", "marks.html"]
    running = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "marks.csv").exists():
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(how)
    message = running.communicate()[1]
    assert running.returncode == 130
    assert message == (
        "\nInterrupted after 1 of 2 files. marks.html and marks.csv have their marks. "
        "A second run marks all of them anew.\n"
    )
    assert [row.split(",")[0] for row in (tmp_path / "marks.csv").read_text().splitlines()] == [
        "file",
        "a.py",
    ]
    assert "2 of 2" in (tmp_path / "marks.html").read_text()


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
    (tmp_path / "b.py").write_text(SOURCE)
    done = invoke("check", "a.py", *arguments)
    assert done.exit_code == 2
    assert words in done.stderr


def test_a_run_folder_is_compared_with_what_is_to_be_expected(pellucid, finished):
    done = pellucid("check", finished)
    assert done.exit_code == 0
    assert done.stdout.startswith("digits-perceptron: A saved history, taken for digits-perceptron\n")
    assert "! The output shows 40 epochs, where 100 are asked for." in done.stdout
    assert "The test accuracy 0." in done.stdout


def test_a_history_beside_a_submission_is_compared(pellucid, tmp_path):
    (tmp_path / "q10.json").write_text(json.dumps({"loss": [0.1] * 6, "val_accuracy": [0.9874] * 6}))
    done = pellucid("check", "q10.json")
    assert (
        "The validation accuracy 0.9874 at the end is within 0.985 to 0.993, as for test images."
        in done.stdout
    )
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    done = pellucid("check", "x.csv")
    assert done.exit_code == 4
    assert "x.csv is no history: it has no lists such as loss and val_accuracy." in done.stderr
