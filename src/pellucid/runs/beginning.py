"""Beginning a run, or continuing it: its folder is owned until the end, whatever ends it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pellucid.core.temporaries import remove_leftovers
from pellucid.errors import OutputError
from pellucid.runs.folder import RunFolder
from pellucid.runs.interruption import is_interruption
from pellucid.runs.ownership import LOCK, Ownership, take
from pellucid.runs.record.configuration import Configuration
from pellucid.runs.record.environment import Environment
from pellucid.runs.record.run_info import RunStatus


@contextmanager
def new_run(
    path: str | Path, *, name: str, command: str, configuration: Configuration, environment: Environment
) -> Iterator[RunFolder]:
    """Make the run folder ``path``, and own it while the block runs; then the run is finished.

    If an exception ends the block, the run is marked as interrupted or as failed.

    Raises
    ------
    OutputError
        When the folder exists and is not free, or cannot be made.
    """
    with ExitStack() as until_the_end:
        owned: list[Ownership] = []

        def own(folder: Path) -> None:
            owned.append(take(folder))
            until_the_end.callback(owned[0].release)

        run = RunFolder.create(
            path,
            name=name,
            command=command,
            configuration=configuration,
            environment=environment,
            made=own if os.name != "nt" else lambda _: None,
        )
        if not owned:  # Windows renames no folder with an open file in it
            own(run.path)
        with _recording_the_end(run):
            owned[0].moved_to(run.path)
            owned[0].give_signs_of_life()
            yield run


@contextmanager
def continued_run(path: str | Path) -> Iterator[RunFolder]:
    """Own the run folder ``path`` while the block runs; then the run is finished, unless it was already.

    What killed processes left in it is removed. If an exception ends the block, the run is marked as
    interrupted or as failed.

    Raises
    ------
    OutputError
        When another process owns it.
    """
    ownership = take(Path(path))
    try:
        ownership.give_signs_of_life()
        remove_leftovers(Path(path))
        run = RunFolder.open(path)  # as it is now that nobody else writes to it
        with _recording_the_end(run):
            yield run
    finally:
        ownership.release()


def tidy(path: str | Path) -> None:
    """Remove what killed processes left in a run folder: half-written files, and a lock that nobody holds.

    Raises
    ------
    OutputError
        When a process owns the folder.
    """
    folder = Path(path)
    remove_leftovers(folder)
    if (folder / LOCK).exists():
        take(folder).release()


@contextmanager
def _recording_the_end(run: RunFolder) -> Iterator[None]:
    try:
        yield
        if run.info.status is not RunStatus.FINISHED:
            run.finish()
    except BaseException as error:
        with suppress(OutputError):  # the disk is full, say, and the first error matters
            if is_interruption(error):
                run.interrupt()
            else:
                run.fail(_message(error))
        raise


def _message(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "There was not enough memory."
    return str(error) or type(error).__name__
