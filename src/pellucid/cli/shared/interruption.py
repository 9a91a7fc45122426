"""What a run says when it is interrupted."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer


@contextmanager
def telling_how_to_go_on(folder: Path) -> Iterator[None]:
    """When the block is interrupted, print how to continue the run."""
    try:
        yield
    except KeyboardInterrupt:
        if (folder / "configuration.json").exists():
            typer.echo(f"\nInterrupted. Continue with: pellucid resume {shlex.quote(str(folder))}", err=True)
        else:
            typer.echo("\nInterrupted before training began.", err=True)
        raise
