"""``pellucid samples DIR``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer


def samples(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write the pictures.")],
) -> None:
    """Write pictures to try pellucid with: drawn digits, and a folder of shapes to learn from.

    Example: pellucid samples samples
    """
    from pellucid.datasets.samples import write_samples

    digits, shapes, more = write_samples(folder)
    typer.echo(f"{digits}\n{shapes}\n{more}")
    for what, command in (
        ("Learn from the shapes", f"pellucid run {_quoted(shapes)}"),
        ("Then see what it makes of other shapes", f"pellucid predict runs/{shapes.name} {_quoted(more)}"),
        ("Read the digits", f"pellucid predict runs/digits-cnn-64 {_quoted(digits)}"),
    ):
        typer.echo(f"{what}: {command}", err=True)


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))
