"""An exception of a student's code in words, with the line of the student's file."""

from __future__ import annotations

import linecache
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


def is_students(filename: str) -> bool:
    """Return whether code comes from the student's file: it is compiled under a name of its own."""
    return filename.startswith("<submission")


class StudentError(Exception):
    """An exception in the student's process, in the words of :func:`describe_exception`."""
