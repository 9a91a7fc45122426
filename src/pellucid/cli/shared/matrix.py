"""A confusion matrix on a terminal: its diagonal emphasised, its heads numbers where names are too wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pellucid.cli.shared.layout import labelled
from pellucid.core.styling import styled
from pellucid.core.wrapping import columns_of


def shown_matrix(counts: Iterable[Iterable[int]], classes: Sequence[str], columns: int) -> str:
    """Return a confusion matrix (U, U) as text with names as heads, so that it fits into ``columns``.

    Where it would be wider, the columns are numbered; where that is too wide as well, each class has the
    classes that it was taken for.

    Examples
    --------
    >>> matrix = [[9, 1], [0, 10]]
    >>> print(shown_matrix(matrix, ["airplane", "frog"], 22))
                0   1
    0 airplane  9   1
    1 frog      0  10
    >>> print(shown_matrix(matrix, ["airplane", "frog"], 16))
    airplane  9 right; taken for: 1 frog
    frog      10 right
    """
    rows = [list(map(int, row)) for row in counts]
    heads, labels = list(classes), list(classes)
    if _width(_cells(heads, labels, rows)) > columns:
        heads = [str(place) for place in range(len(classes))]
        labels = [f"{place:>{len(heads[-1])}} {name}" for place, name in enumerate(classes)]
        longest = max(map(columns_of, labels))
        labels = [label + " " * (longest - columns_of(label)) for label in labels]
    cells = _cells(heads, labels, rows)
    if _width(cells) > columns:
        return _listed(rows, classes, columns)
    widths = _widths(cells)
    return "\n".join(_line(line, widths, place) for place, line in enumerate(cells))


def _cells(heads: list[str], labels: list[str], rows: list[list[int]]) -> list[list[str]]:
    return [["", *heads], *([label, *map(str, row)] for label, row in zip(labels, rows, strict=True))]


def _widths(cells: list[list[str]]) -> list[int]:
    return [max(map(columns_of, column)) for column in zip(*cells, strict=True)]


def _width(cells: list[list[str]]) -> int:
    """Return how wide the matrix is, with two columns between its cells."""
    return sum(_widths(cells)) + 2 * (len(cells[0]) - 1)


def _line(cells: Sequence[str], widths: Sequence[int], bold: int) -> str:
    """Return a line of the matrix, its cell number ``bold`` emphasised; number 0 is the label."""
    padded = [" " * (wide - columns_of(cell)) + cell for cell, wide in zip(cells, widths, strict=True)]
    if bold:
        padded[bold] = styled(padded[bold], "bold", "green")
    return "  ".join(padded)


def _listed(rows: Sequence[Sequence[int]], classes: Sequence[str], columns: int) -> str:
    """Return a line for each class: how many are right, and what the others were taken for."""
    said = []
    for place, (name, row) in enumerate(zip(classes, rows, strict=True)):
        wrong = sorted(
            ((count, other) for other, count in zip(classes, row, strict=True) if other != name),
            key=lambda pair: -pair[0],
        )
        taken = ", ".join(f"{count} {other}" for count, other in wrong if count)
        right = styled(f"{row[place]} right", "bold", "green")
        said.append((name, f"{right}; taken for: {taken}" if taken else right))
    return labelled(said, columns)
