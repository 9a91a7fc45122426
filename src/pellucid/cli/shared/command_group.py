"""Turns expected errors into a one-line message and an exit code, for all commands."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from pellucid.cli.shared.layout import width
from pellucid.core.wrapping import wrapped
from pellucid.errors import (
    ArgumentError,
    DatasetError,
    FileFormatError,
    MissingExtraError,
    OutputError,
    PellucidError,
)

FAILED, BAD_REQUEST, NO_DATA, BAD_FILE, INTERRUPTED = 1, 2, 3, 4, 130

# The first that fits decides.
EXIT_CODES: tuple[tuple[type[Exception], int], ...] = (
    (DatasetError, NO_DATA),
    (FileFormatError, BAD_FILE),
    (OutputError, BAD_FILE),
    (ArgumentError, BAD_REQUEST),
    (MissingExtraError, BAD_REQUEST),
    (PellucidError, FAILED),
    (OSError, BAD_FILE),
    (MemoryError, FAILED),
)


class CommandGroup(TyperGroup):
    """Commands whose expected errors end in one message on standard error, not in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; end with the exit code that fits what went wrong."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interruption:
            raise typer.Exit(128 + getattr(interruption, "signal", INTERRUPTED - 128)) from None
        except (PellucidError, OSError, MemoryError) as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # the reader of the output has gone: typer ends quietly
            tell(error)
            code = next(code for kind, code in EXIT_CODES if isinstance(error, kind))
            raise typer.Exit(code) from error


def tell(error: BaseException) -> None:
    """Print the message of ``error`` on standard error, wrapped where that is a terminal."""
    lines = f"pellucid: {message_of(error)}".splitlines()
    typer.echo("\n".join(wrapped(line, width(sys.stderr)) for line in lines), err=True)
    if isinstance(error, OSError) and error.filename is None and error.errno == errno.ENOSPC:
        _give_up_output()


def message_of(error: BaseException) -> str:
    """Return the message for ``error``.

    Examples
    --------
    >>> message_of(FileNotFoundError(2, "No such file or directory", "photo.png"))
    'photo.png: No such file or directory'
    """
    if isinstance(error, MemoryError):
        return "There is not enough memory. Try a smaller --batch-size or --limit."
    if isinstance(error, OSError) and not isinstance(error, PellucidError) and error.strerror:
        if error.errno == errno.ENOENT and error.filename is None:
            return "The folder that this command runs in was deleted. Change to one that exists: cd FOLDER"
        where = error.filename if error.filename is not None else "the output"
        return f"{where}: {error.strerror}"
    return str(error)


def _give_up_output() -> None:
    """Keep Python from trying at exit to write what could not be written."""
    with contextlib.suppress(AttributeError, OSError, ValueError):  # where it is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
