"""A progress bar on stderr, where a person looks at it, and nothing elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def bar(title: str, total: int, *, enabled: bool, unit: str = "bytes") -> Iterator[Callable[[int], None]]:
    """Show a bar while the block runs; it gets a function that advances the bar by a number of ``unit``.

    Shown only if ``enabled`` and stderr is a terminal. ``unit`` is "bytes", or what is counted.

    >>> with bar("reading", 10, enabled=False) as advance:
    ...     advance(10)
    """
    if not (enabled and sys.stderr.isatty()):
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    counts = (DownloadColumn(), TransferSpeedColumn()) if unit == "bytes" else (MofNCompleteColumn(),)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), *counts, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(title, total=total)
        yield lambda count: shown.advance(task, count)
