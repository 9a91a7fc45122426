"""Progress output: one terminal line that is rewritten in place, or plain lines."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO


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


def width_of(stream: TextIO) -> int:
    """Return the width of the terminal behind ``stream``; 80 if unknown."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return shutil.get_terminal_size().columns


def rewrite(stream: TextIO, text: str, *, width: int) -> None:
    """Show ``text`` in place of the terminal's current line, and leave the cursor at its start.

    So subsequent output starts at the first column. No escape codes are needed, only carriage returns: spaces
    overwrite the rest of a longer text.
    """
    stream.write("\r" + text[: width - 1].ljust(width - 1) + "\r")
    stream.flush()


def say(message: str, stream: TextIO | None = None) -> None:
    """Write a message line to ``stream`` (stderr), overwriting a live line if there is one.

    Examples
    --------
    >>> import sys
    >>> say("Epoch 4: early stopping", sys.stdout)
    Epoch 4: early stopping
    """
    stream = stream or sys.stderr
    if stream is None:  # a program without a console, such as pythonw on Windows
        return
    if is_terminal(stream):
        rewrite(stream, "", width=width_of(stream))
    stream.write(message + "\n")
    stream.flush()
