"""The summary of a network as a table, in the form of Keras 3."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING

from pellucid.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable

SummaryRow = tuple[str, str, "tuple[int, ...] | None", int, int]

_WIDEST = 88
_NARROWEST = 24
_COLUMNS_END_AT = (0.45, 0.80, 1.0)


def summary_text(
    name: str,
    rows: Iterable[SummaryRow],
    optimizer_params: int | None = None,
    line_length: int | None = None,
    *,
    bytes_each: int = 4,
) -> str:
    """Return the table of layers, output shapes and parameter counts that ``summary()`` prints.

    Parameters
    ----------
    name
        The name of the network.
    rows
        For each layer: its name, its class, its output shape without the batch axis (None while it is not
        built), the number of its parameters and how many of these are trained.
    optimizer_params
        Number of values that the optimizer keeps, included in the total as in Keras; None if not compiled.
    line_length
        Characters per line; by default the width of the terminal, at most 88.
    bytes_each
        Bytes per value: 4 in float32, 8 in float64.

    Raises
    ------
    ArgumentError
        For a ``line_length`` too short for three columns.

    Examples
    --------
    >>> print(summary_text("tiny", [("flatten", "Flatten", (4,), 0, 0), ("dense", "Dense", (3,), 15, 15)],
    ...                    line_length=60))
    Model: "tiny"
    ┏━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━┓
    ┃ Layer (type)             ┃ Output Shape      ┃   Param # ┃
    ┡━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━┩
    │ flatten (Flatten)        │ (None, 4)         │         0 │
    ├──────────────────────────┼───────────────────┼───────────┤
    │ dense (Dense)            │ (None, 3)         │        15 │
    └──────────────────────────┴───────────────────┴───────────┘
     Total params: 15 (60.00 B)
     Trainable params: 15 (60.00 B)
     Non-trainable params: 0 (0.00 B)
    """
    rows = list(rows)
    if line_length is None:
        line_length = min(_WIDEST, shutil.get_terminal_size().columns - 4)
    if line_length < _NARROWEST:
        raise ArgumentError(
            f"A summary needs lines of {_NARROWEST} characters or more (line_length={line_length})."
        )
    total = sum(params for *_, params, _ in rows)
    trainable = sum(trained for *_, trained in rows)
    lines = [
        f'Model: "{name}"',
        _table(rows, line_length),
        f" Total params: {_count(total + (optimizer_params or 0), bytes_each)}",
        f" Trainable params: {_count(trainable, bytes_each)}",
        f" Non-trainable params: {_count(total - trainable, bytes_each)}",
    ]
    if optimizer_params is not None:
        lines.append(f" Optimizer params: {_count(optimizer_params, bytes_each)}")
    return "\n".join(lines)


def _table(rows: Iterable[SummaryRow], line_length: int) -> str:
    """Return the table, drawn by rich as in Keras, so that cells wrap at the same places."""
    from rich.console import Console  # imported here: `import pellucid` must stay quick
    from rich.table import Column, Table
    from rich.text import Text

    ends = [int(end * line_length) for end in _COLUMNS_END_AT]
    widths = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    table = Table(
        Column("Layer (type)", width=widths[0]),
        Column("Output Shape", width=widths[1]),
        Column("Param #", width=widths[2], justify="right"),
        width=line_length,
        show_lines=True,
    )
    for layer, kind, shape, params, _ in rows:
        built = shape is not None
        table.add_row(
            Text(f"{layer} ({kind})"),
            Text(f"({', '.join(map(str, (None, *shape)))})" if shape is not None else "?"),
            Text(f"{params:,}" if built else "0 (unbuilt)"),
        )
    console = Console(
        file=io.StringIO(), width=line_length, color_system=None, force_terminal=False, force_jupyter=False
    )
    with console.capture() as drawn:
        console.print(table)
    return drawn.get().rstrip("\n")


def _count(params: int, bytes_each: int) -> str:
    """Return a number of parameters with its size in memory.

    >>> _count(54410, 4)
    '54,410 (212.54 KB)'
    """
    size, unit = float(params * bytes_each), "B"
    for larger in ("KB", "MB", "GB", "TB", "PB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    return f"{params:,} ({size:.2f} {unit})"
