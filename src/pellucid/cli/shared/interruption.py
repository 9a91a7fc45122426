"""What a run says when it is interrupted."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from pellucid.core.terminal import clear


@contextmanager
def telling_how_to_go_on(folder: Path) -> Iterator[None]:
    """When the block is interrupted, print how to continue the run."""
    try:
        yield
    except KeyboardInterrupt:
        with contextlib.suppress(OSError):  # the terminal may be gone
            clear(sys.stderr)  # of "^C" and what was left of a progress line
            typer.echo(f"Interrupted{_how(folder)}", err=True)
        raise


def _how(folder: Path) -> str:
    if any((folder / file).exists() for file in ("configuration.json", "summary.json")):
        return f". Continue with: pellucid resume {shlex.quote(str(folder))}"
    return " before training began."
