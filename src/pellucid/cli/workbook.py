"""``pellucid workbook DIR``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

WRITTEN = (
    'Questions 1 to 19 go into a notebook of your own: a heading such as "## Question 4" above each answer, '
    "saved with its outputs."
)


def workbook(
    folder: Annotated[Path, typer.Argument(help="Where to write lowlevel.py and lowlevel.ipynb.")],
) -> None:
    """Write the lab's low-level functions as empty stubs to fill in.

    Example: pellucid workbook mywork
    """
    from pellucid.examiner.workbook import write_workbook

    written = write_workbook(folder)
    for path in written:
        typer.echo(path)
    typer.echo(f"\nFill in either of the two, and see how far you are with: pellucid check {written[0]}")
    typer.echo(WRITTEN)
