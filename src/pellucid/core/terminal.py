"""Messages while something is done: a line on a terminal, in a notebook or in a log file."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from pellucid.core.wrapping import wrapped

UNLIMITED = 100_000  # columns; text for a pipe or a file is not wrapped
_telling = False  # whether the innermost block of `telling` tells


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether ``stream`` is a terminal on which a line can be rewritten; a notebook is not.

    Examples
    --------
    >>> import io
    >>> is_terminal(io.StringIO())
    False
    """
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb" and not in_notebook()


def in_notebook() -> bool:
    """Return whether this Python is the kernel of a Jupyter notebook (such as Colab).

    Examples
    --------
    >>> in_notebook()
    False
    """
    # In a notebook IPython is already imported; elsewhere importing it would only cost time.
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
    shell = get_ipython() if get_ipython is not None else None
    return any(kind.__name__ == "ZMQInteractiveShell" for kind in type(shell).__mro__)


def progress_stream() -> TextIO | None:
    """Return where progress is written: stderr, but stdout in a notebook, which shows stderr as an error.

    It is asked anew each time, because a notebook exchanges its streams.

    Examples
    --------
    >>> import sys
    >>> progress_stream() is sys.stderr
    True
    """
    return sys.stdout if in_notebook() else sys.stderr


def width_of(stream: TextIO) -> int:
    """Return the width of the terminal behind ``stream``; 80 if unknown."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return shutil.get_terminal_size().columns


def fitted(message: str, stream: TextIO, indent: int = 0) -> str:
    """Return a message in lines that fit ``stream``, if it is a terminal; all but the first are indented.

    Examples
    --------
    >>> import io
    >>> fitted("a long message", io.StringIO())
    'a long message'
    """
    return wrapped(message, width_of(stream) - 1, indent) if is_terminal(stream) else message


def rewrite(stream: TextIO, text: str, *, width: int) -> None:
    """Show ``text`` in place of the terminal's current line, and leave the cursor at its start.

    So subsequent output starts at the first column. No escape codes are needed, only carriage returns: spaces
    overwrite the rest of a longer text.
    """
    stream.write("\r" + text[: width - 1].ljust(width - 1) + "\r")
    stream.flush()


def clear(stream: TextIO | None = None) -> None:
    """Wipe out the live line of ``stream`` (stderr), if it is a terminal."""
    stream = stream or progress_stream()
    if stream is not None and is_terminal(stream):
        rewrite(stream, "", width=width_of(stream))


def say(message: str, stream: TextIO | None = None) -> None:
    """Write a message line to ``stream`` (stderr; in a notebook stdout), overwriting a live line if any.

    Examples
    --------
    >>> import sys
    >>> say("Epoch 4: early stopping", sys.stdout)
    Epoch 4: early stopping
    """
    stream = stream or progress_stream()
    if stream is None:  # a program without a console, such as pythonw on Windows
        return
    clear(stream)
    stream.write(message + "\n")
    stream.flush()


@contextmanager
def telling(shown: bool = True) -> Iterator[None]:
    """Let what is being done be told while the block runs, or not.

    Examples
    --------
    >>> with telling():
    ...     tells()
    True
    >>> tells()
    False
    """
    global _telling
    before, _telling = _telling, shown
    try:
        yield
    finally:
        _telling = before


def tells() -> bool:
    """Return whether what is being done is told, also where that goes to a file."""
    return _telling


def tell(message: str) -> None:
    """Write a message line where progress goes, wrapped on a terminal, if what is being done is told.

    Examples
    --------
    >>> tell("nobody reads this")
    """
    stream = progress_stream()
    if _telling and stream is not None:
        say(fitted(message, stream, indent=2), stream)


@contextmanager
def doing(what: str, *, in_files: bool = True) -> Iterator[None]:
    """Tell what is being done while the block runs: by a live line on a terminal, by a plain line elsewhere.

    On a terminal the line is gone when the block ends, however it ends. Nothing is said unless it is to be
    told: see :func:`telling`.

    Parameters
    ----------
    in_files
        Whether there is a plain line where a line cannot be rewritten.

    Examples
    --------
    >>> with doing("testing on 10,000 images"):
    ...     pass
    """
    stream = progress_stream()
    if not _telling or stream is None:
        yield
        return
    if not is_terminal(stream):
        if in_files:
            say(f"{what} …", stream)
        yield
        return
    rewrite(stream, f"{what} …", width=width_of(stream))
    try:
        yield
    finally:
        clear(stream)
