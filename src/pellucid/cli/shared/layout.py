"""Text for terminals: wrapped to their width, in aligned columns, with control characters made visible."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TextIO

import typer

from pellucid.core.styling import styled
from pellucid.core.terminal import UNLIMITED, width_of
from pellucid.core.wrapping import columns_of, wrapped


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
        return max(40, width_of(stream) - 1)  # the last column stays free: some terminals wrap after it
    return UNLIMITED


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
    indent = max((columns_of(label) for label, _ in rows), default=0) + 2
    return "\n".join(
        (
            _padded(label, indent, "l") + wrapped(text, columns - indent).replace("\n", "\n" + " " * indent)
        ).rstrip()
        for label, text in rows
    )


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], align: str = "", columns: int | None = None
) -> str:
    """Return rows under their heads in aligned columns; ``align`` has "l" or "r" for each column.

    No line is wider than ``columns``, by default the terminal's: cells are wrapped, the widest first, and
    where that is not enough each row is a list of its cells beside their heads.

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
    >>> print(table(["name", "what it is"], [["mnist-cnn", "A convolutional network"]], columns=23))
    mnist-cnn
      what it is  A
                  convolutional
                  network
    """
    columns = width() if columns is None else columns
    lines = [list(head), *map(list, rows)]
    widths = _widths(lines, columns - 2 * (len(head) - 1))
    if widths is None:
        return "\n".join(_record(head, row, columns) for row in lines[1:])
    sides = align or "l" * len(head)
    return "\n".join(
        line
        for number, row in enumerate(lines)
        for line in _row([styled(cell, "bold") for cell in row] if number == 0 else row, widths, sides)
    )


def _widths(lines: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Return the columns' widths, the widest made narrower until they fit; None if words are too long."""
    widths = [max(map(columns_of, cells)) for cells in zip(*lines, strict=True)]
    least = [max(map(_longest_word, cells)) for cells in zip(*lines, strict=True)]
    while sum(widths) > room:
        wide = [place for place in range(len(widths)) if widths[place] > least[place]]
        if not wide:
            return None
        widths[max(wide, key=lambda place: widths[place])] -= 1
    return widths


def _longest_word(cell: str) -> int:
    return max(map(columns_of, cell.split()), default=0)


def _row(cells: Sequence[str], widths: Sequence[int], sides: str) -> list[str]:
    """Return the lines of a row, as many as its longest cell has."""
    wrapped_cells = [wrapped(cell, wide).split("\n") for cell, wide in zip(cells, widths, strict=True)]
    return [
        "  ".join(map(_padded, parts, widths, sides)).rstrip()
        for parts in zip_longest(*wrapped_cells, fillvalue="")
    ]


def _record(head: Sequence[str], row: Sequence[str], columns: int) -> str:
    """Return a row as its first cell, and below it the others that are not empty, each beside its head."""
    rest = [(f"  {name}", cell) for name, cell in zip(head[1:], row[1:], strict=True) if cell]
    return "\n".join([wrapped(row[0], columns, 2), labelled(rest, columns)])


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


def emphasised(estimate: str) -> str:
    """Return an estimate with its value bold and its interval dim, where the terminal has that.

    Examples
    --------
    >>> emphasised("0.871 (95 % interval 0.837 to 0.899, n = 450)")
    '0.871 (95 % interval 0.837 to 0.899, n = 450)'
    """
    value, space, interval = estimate.partition(" (")
    return styled(value, "bold") + styled(space + interval, "dim")


def hint(text: str) -> None:
    """Print what may be done next on standard error, wrapped where that is a terminal."""
    lines = text.split("\n")
    typer.echo("\n".join(wrapped(line, width(sys.stderr), 2) for line in lines), err=True)
