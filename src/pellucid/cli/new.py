"""``pellucid new FILE.py``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE.py", help="The Python file to write.")],
    data: Annotated[
        str, typer.Option(metavar="FOLDER", help="The images: a folder with a folder for each class.")
    ],
) -> None:
    """Write a file that declares how a network learns from your images, to be changed.

    It declares what pellucid run FOLDER does: run as it is, it gives the same weights.

    Example: pellucid new shapes.py --data my-photos
    """
    from pellucid.experiments.declaring import declare

    declare(file, data)
    typer.echo(f"{file}")
    typer.echo(f"\nChange what you like in it, then: pellucid run {shlex.quote(str(file))}", err=True)
