"""An exception of a student's code in words, with the line of the student's file."""

from __future__ import annotations

import linecache
import os
import traceback


def describe_exception(error: BaseException) -> str:
    """Say what an exception was and on which line of the student's file.

    Examples
    --------
    >>> describe_exception(IndexError("too many indices"))
    'it stops with IndexError: too many indices'
    """
    words = f"it stops with {type(error).__name__}: {str(error)[:300]}".rstrip(": ")
    if "truth value of an array" in str(error):
        words += " (an if looks at one value; a whole array needs np.maximum, np.where or a mask)"
    if isinstance(error, SystemExit):
        words = "it stops the whole program (sys.exit)"
    if isinstance(error, RecursionError):
        words = "it calls itself without end (RecursionError)"
    if isinstance(error, StudentError):
        words = str(error)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if is_students(f.filename)]
    if not frames:
        return words
    line = (linecache.getline(frames[-1].filename, frames[-1].lineno or 0) or frames[-1].line or "").strip()
    return f"{words}, in line {frames[-1].lineno}{f': {line}' if line else ''}"


_folders: list[str] = []  # where files beside the student's are, in the process that runs it


def note_folder(folder: str) -> None:
    """Take the code in this folder for the student's too."""
    _folders.append(folder.rstrip("/\\") + os.sep)


def is_students(filename: str) -> bool:
    """Return whether code comes from the student's file, which has a name of its own, or one beside it."""
    return is_main(filename) or filename.startswith(tuple(_folders))


def is_main(filename: str) -> bool:
    """Return whether code comes from the file that is examined, not from one beside it."""
    return filename.startswith("<submission")


class StudentError(Exception):
    """An exception in the student's process, in the words of :func:`describe_exception`."""
