import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer

from pellucid import __version__
from pellucid.cli import main
from pellucid.cli.main import app


def _names(group, before=""):
    """Return the names of all commands, those of a group with the group's name before them."""
    for name, command in group.commands.items():
        yield from _names(command, f"{name} ") if hasattr(command, "commands") else [before + name]


COMMANDS = list(_names(typer.main.get_command(app)))
HEAVY = {"numpy", "scipy", "matplotlib", "PIL", "rich", "sklearn", "jinja2", "pellucid.experiments"}


def test_each_file_is_a_command_and_named_after_it():
    files = {path.stem for path in Path(main.__file__).parent.glob("*.py")} - {"__init__", "main"}
    assert files == set(main.COMMANDS)
    assert set(typer.main.get_command(app).commands) == files


def test_help_names_every_command_and_says_what_exit_codes_mean(pellucid):
    result = pellucid("--help")
    assert result.exit_code == 0
    for command in COMMANDS:
        assert f"\n  {command.split()[0]} " in result.stdout
    words = " ".join(result.stdout.split())
    assert (
        "Exit codes: 0 done; 1 failed; 2 asked for what there is not; 3 the data cannot be had; "
        "4 a file or folder cannot be read or written; 130 interrupted." in words
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_an_example_whose_options_it_knows(pellucid, command):
    result = pellucid(*command.split(), "--help")
    assert result.exit_code == 0
    # an example's paragraph may be wrapped
    examples = [part for part in result.stdout.split("\n\n") if part.strip().startswith("Example: ")]
    assert examples
    group = typer.main.get_command(app)
    for example in examples:
        words = shlex.split(re.sub(r"^Example: (PELLUCID_\w+=\S+ )?pellucid ", "", " ".join(example.split())))
        named, parser = "", group
        while words and words[0] in getattr(parser, "commands", {}):
            named = f"{named} {words[0]}".strip()
            parser = parser.commands[words.pop(0)]
        assert named == command
        known = {option for parameter in parser.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known


def test_help_fits_eighty_columns(pellucid):
    for command in ["", *COMMANDS]:
        for line in pellucid(*command.split(), "--help").stdout.splitlines():
            assert len(line) <= 80, line


def test_short_help_and_version(pellucid):
    assert pellucid("-h").stdout == pellucid("--help").stdout
    assert pellucid("--version").stdout == f"pellucid {__version__}\n"


def test_help_imports_nothing_heavy_and_little_else():
    program = (
        "import sys\n"
        "from pellucid.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)), len(sys.modules), file=sys.stderr)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=600
    ).stderr
    imported, modules = answer.rsplit(maxsplit=1)
    assert imported == "[]"
    assert int(modules) < 300, answer  # each takes time: 0.3 s are for the whole of --help


def test_an_unknown_command_or_option_offers_the_nearest(pellucid):
    result = pellucid("predikt")
    assert result.exit_code == 2
    assert "No such command 'predikt'. Did you mean 'predict'?" in result.stderr
    result = pellucid("run", "digits-cnn", "--epoch", "3")
    assert result.exit_code == 2
    assert "No such option: --epoch" in result.stderr
    assert "--epochs" in result.stderr


def test_what_has_been_read_by_nobody_ends_without_a_traceback(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "pellucid", "list"],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    os.close(writer)
    assert done.returncode == 1
    assert done.stderr == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full on this platform")  # noqa: PTH110 - a device, not a file
def test_a_full_disk_below_standard_output_is_told_in_one_line(process):
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device, not a file
        done = process("list", stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 4
    assert done.stderr == "pellucid: the output: No space left on device\n"


def test_without_a_standard_output_or_error_nothing_breaks(tmp_path):
    for closed in (">&-", "2>&-"):
        command = f"{shlex.quote(sys.executable)} -m pellucid list {closed}"
        done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60)  # noqa: S602 - the shell is what is tested
        assert done.returncode == 0
        assert "Traceback" not in done.stderr


def test_letters_that_the_terminal_lacks_do_not_end_it(process):
    variables = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = process("show", "digits-cnn", env=variables, encoding="latin-1")
    assert (done.returncode, done.stderr) == (0, "\nRun it: pellucid run digits-cnn\n")
    assert "scikit-learn's 8×8 digits" in done.stdout
    assert "? conv2d (Conv2D) " in done.stdout  # a line of the table's frame


def test_ctrl_c_ends_with_130_and_says_how_to_go_on(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "pellucid", "run", "digits-perceptron", "--epochs", "20000", "--threads", "1"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    history, deadline = tmp_path / "runs/digits-perceptron/history.json", time.monotonic() + 60
    while not history.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err
    assert err.endswith("\nInterrupted. Continue with: pellucid resume runs/digits-perceptron\n")


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("pellucid re", ["resume", "report"]),
        ("pellucid data ", ["list", "fetch", "where"]),
        ("pellucid show digits-c", ["digits-cnn", "digits-cnn-64"]),
        ("pellucid data fetch mni", ["mnist", "mnist_writers"]),
        ("pellucid evaluate runs/one", ["runs/one-a", "runs/one-b"]),
    ],
)
def test_shells_complete_commands_names_and_runs(process, tmp_path, words, offered):
    for name in ("one-a", "one-b", "two"):
        (tmp_path / "runs" / name).mkdir(parents=True)
        (tmp_path / "runs" / name / "run.json").write_text("{}")
    variables = {
        "_PELLUCID_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    done = process(env={**os.environ, **variables})
    assert done.stdout.split() == offered
