import errno

import pytest
import typer
from typer.testing import CliRunner

from pellucid.cli.shared.command_group import CommandGroup
from pellucid.errors import (
    ArgumentError,
    DataError,
    DatasetError,
    FileFormatError,
    MissingExtraError,
    NonFiniteLossError,
    OutputError,
    ShapeError,
    UnknownNameError,
)


def result_of(error):
    app = typer.Typer(cls=CommandGroup, rich_markup_mode=None)

    @app.callback()
    def root():
        pass

    @app.command()
    def fail():
        raise error

    return CliRunner().invoke(app, ["fail"])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NonFiniteLossError("The loss became NaN"), 1),
        (DataError("There are no images"), 1),
        (ArgumentError("seed is a whole number"), 2),
        (ShapeError("images are (N, H, W, C)"), 2),
        (UnknownNameError("There is no experiment 'x'"), 2),
        (MissingExtraError("Install pellucid[keras]"), 2),
        (DatasetError("No source gives mnist"), 3),
        (FileFormatError("x is not a run folder"), 4),
        (OutputError("Cannot write x"), 4),
    ],
)
def test_an_expected_error_is_one_line_and_an_exit_code(error, code):
    result = result_of(error)
    assert result.exit_code == code
    assert result.stderr == f"pellucid: {error}\n"
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            FileNotFoundError(errno.ENOENT, "No such file or directory"),
            "The folder that this command runs in was deleted. Change to one that exists: cd FOLDER",
        ),
        (
            FileNotFoundError(errno.ENOENT, "No such file or directory", "seven.png"),
            "seven.png: No such file or directory",
        ),
        (IsADirectoryError(errno.EISDIR, "Is a directory", "runs"), "runs: Is a directory"),
        (PermissionError(errno.EACCES, "Permission denied", "runs"), "runs: Permission denied"),
        (OSError(errno.EIO, "Input/output error"), "the output: Input/output error"),
        (FileNotFoundError("There is no file model.safetensors"), "There is no file model.safetensors"),
    ],
)
def test_what_the_system_refuses_is_told_with_the_file(error, told):
    result = result_of(error)
    assert (result.exit_code, result.stderr) == (4, f"pellucid: {told}\n")


def test_too_little_memory_is_told_with_what_to_try():
    result = result_of(MemoryError())
    assert result.exit_code == 1
    assert result.stderr == "pellucid: There is not enough memory. Try a smaller --batch-size or --limit.\n"


def test_an_interruption_is_130():
    assert result_of(KeyboardInterrupt()).exit_code == 130


def test_a_defect_keeps_its_traceback():
    result = result_of(ZeroDivisionError("a defect of ours"))
    assert isinstance(result.exception, ZeroDivisionError)
