"""Plain-text tables, which show a plot's data on terminals and to screen readers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the rows under their headings, columns aligned to the right.

    Examples
    --------
    >>> print(text_table(["epoch", "loss"], [["1", "0.5270"], ["10", "0.0083"]]))
    epoch    loss
        1  0.5270
       10  0.0083
    """
    lines = [list(head), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def decimal(value: float, places: int = 4) -> str:
    """Return ``value`` with that many decimals, and "–" for NaN.

    Examples
    --------
    >>> decimal(0.98765), decimal(float("nan"))
    ('0.9877', '–')
    """
    return "–" if math.isnan(value) else f"{value:.{places}f}"


def two_digits(number: float) -> str:
    """Return a number with two significant digits, or all those before the point; "–" for NaN.

    Examples
    --------
    >>> two_digits(0.0683), two_digits(14.6), two_digits(231.4), two_digits(0.0)
    ('0.068', '15', '231', '0.0')
    """
    if math.isnan(number):
        return "–"
    return f"{number:.0f}" if number >= 100 else f"{number:#.2g}".rstrip(".")
