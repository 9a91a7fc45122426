"""Progress bars on stderr, shown on a terminal only."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress, ProgressColumn, TaskID

    from pellucid.datasets.fetching.downloads import DownloadBar


@contextmanager
def bar(title: str, total: int, *, enabled: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar while the block runs; it gets a function that advances the bar by a number of images.

    It is shown only if ``enabled`` and stderr is a terminal.

    Examples
    --------
    >>> with bar("reading", 10, enabled=False) as advance:
    ...     advance(10)
    """
    if not (enabled and sys.stderr.isatty()):
        yield lambda _: None
        return
    from rich.progress import MofNCompleteColumn

    with _progress(MofNCompleteColumn()) as shown:
        task = shown.add_task(title, total=total)
        yield lambda count: shown.advance(task, count)


@contextmanager
def download_bar(title: str, *, enabled: bool) -> Iterator[DownloadBar | None]:
    """Show a bar while the block runs; it gets what pooch takes as a progress bar, or None if none is shown.

    Examples
    --------
    >>> with download_bar("fetching", enabled=False) as shown:
    ...     print(shown)
    None
    """
    if not (enabled and sys.stderr.isatty()):
        yield None
        return
    from rich.progress import DownloadColumn, TransferSpeedColumn

    with _progress(DownloadColumn(), TransferSpeedColumn()) as shown:
        yield _DownloadBar(shown, shown.add_task(title, total=None))


def _progress(*counts: ProgressColumn) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    title = TextColumn("{task.description}", markup=False)
    columns = (title, BarColumn(), *counts, TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


class _DownloadBar:
    """A bar of rich, as pooch asks for it."""

    def __init__(self, shown: Progress, task: TaskID) -> None:
        self._shown = shown
        self._task = task
        self._total = 0

    @property
    def total(self) -> int:
        """Bytes to download; 0 while they are not known."""
        return self._total

    @total.setter
    def total(self, count: int) -> None:
        self._total = count
        self._shown.update(self._task, total=count or None, completed=0)

    def update(self, count: int, /) -> None:
        """Advance by so many bytes."""
        self._shown.advance(self._task, count)

    def reset(self) -> None:
        """Start again, as pooch does before it shows the total at the end."""
        self._shown.update(self._task, completed=0)

    def close(self) -> None:
        """Leave the bar for the next file."""
