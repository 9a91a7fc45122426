"""Text for terminals: wrapped to their width, in aligned columns, with control characters made visible."""

from __future__ import annotations

import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TextIO

UNLIMITED = 100_000  # columns; text for a pipe or a file is not wrapped


def width(stream: TextIO | None = None) -> int:
    """Return the terminal's width in columns; no limit where ``stream`` (stdout) is not a terminal.

    Examples
    --------
    >>> import io
    >>> width(io.StringIO()) == UNLIMITED
    True
    """
    stream = stream or sys.stdout
    if stream is not None and stream.isatty():
        return max(40, shutil.get_terminal_size().columns)
    return UNLIMITED


def wrapped(text: str, columns: int, indent: int = 0) -> str:
    """Return ``text`` in lines of at most ``columns``, all but the first indented.

    Examples
    --------
    >>> print(wrapped("shuffled, with the same share of every class", 24, indent=2))
    shuffled, with the same
      share of every class
    """
    if len(text) <= columns:
        return text
    lines = textwrap.wrap(
        text, columns, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines)


def labelled(rows: Iterable[tuple[str, str]], columns: int) -> str:
    """Return labels and texts side by side, each text wrapped in its own column.

    Examples
    --------
    >>> print(labelled([("data", "mnist"), ("loss", "categorical cross-entropy")], 22))
    data  mnist
    loss  categorical
          cross-entropy
    """
    rows = list(rows)
    indent = max(map(len, (label for label, _ in rows)), default=0) + 2
    return "\n".join(wrapped(f"{label:<{indent}}{text}", columns, indent) for label, text in rows)


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], align: str = "", columns: int = UNLIMITED
) -> str:
    """Return rows under their heads in aligned columns; ``align`` has "l" or "r" for each column.

    The last column is wrapped so that no line is wider than ``columns``.

    Examples
    --------
    >>> print(table(["file", "read as"], [["one.png", "1"], ["数.png", "10"]], "lr"))
    file     read as
    one.png        1
    数.png        10
    >>> print(table(["name", "what it is"], [["mnist-cnn", "A convolutional network"]], columns=26))
    name       what it is
    mnist-cnn  A convolutional
               network
    """
    lines = [list(head), *map(list, rows)]
    sides = align or "l" * len(head)
    widths = [max(map(columns_of, column)) for column in zip(*lines, strict=True)]
    indent = sum(widths[:-1]) + 2 * (len(widths) - 1)
    room = max(20, columns - indent)
    return "\n".join(
        "  ".join(
            [
                *map(_padded, line[:-1], widths, sides),
                wrapped(_padded(line[-1], widths[-1], sides[-1]), room).replace("\n", "\n" + " " * indent),
            ]
        ).rstrip()
        for line in lines
    )


def columns_of(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes: East Asian letters take two.

    Examples
    --------
    >>> columns_of("cat"), columns_of("猫")
    (3, 2)
    """
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    none = sum(unicodedata.combining(letter) > 0 for letter in text)
    return len(text) + wide - none


def _padded(cell: str, wide: int, side: str) -> str:
    space = " " * (wide - columns_of(cell))
    return space + cell if side == "r" else cell + space


def printable(name: object) -> str:
    r"""Return a file's or class's name with control characters escaped.

    Examples
    --------
    >>> printable("two\nlines\x1b[31m.png")
    'two\\nlines\\x1b[31m.png'
    """
    text = str(name)
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
