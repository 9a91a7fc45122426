"""Which folders a new run may take: free ones, and those of runs that ended before their first epoch.

A run that failed or was stopped before it had trained an epoch holds nothing that its command would not make
again, so the next run of that name replaces it. Whatever holds more is left alone: a checkpoint, a history,
a page, or any file that is not of the run itself.
"""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TYPE_CHECKING

from pellucid.core.temporaries import ENDING, remove_folder
from pellucid.errors import FileFormatError, OutputError
from pellucid.runs.identity import INFO, read_info, status_of
from pellucid.runs.ownership import LOCK, take
from pellucid.runs.record.run_info import RunStatus
from pellucid.runs.standing import refuse_if_trained

if TYPE_CHECKING:
    from pathlib import Path

# The files of a run that has just begun.
BEGUN = {INFO, LOCK, "configuration.json", "environment.json"}


def is_free(folder: Path) -> bool:
    """Return whether a new run may be made at ``folder``.

    Examples
    --------
    >>> from pathlib import Path
    >>> is_free(Path("no-such-folder"))
    True
    """
    return not folder.exists() or (folder.is_dir() and (not _files(folder) or _is_worthless(folder)))


def make_room(folder: Path) -> None:
    """Remove what is at ``folder``, if a new run may take its place.

    Raises
    ------
    OutputError
        When it may not; nothing is then changed.
    """
    if folder.is_file():
        raise OutputError(f"Cannot make the run folder {folder}: a file of that name exists.")
    if not is_free(folder):
        refuse_if_trained(folder)
        raise occupied(folder)
    if folder.exists():
        _remove(folder)


def occupied(folder: Path) -> OutputError:
    """Return the error that says that ``folder`` is not free."""
    return OutputError(
        f"The run folder {folder} exists and is not empty; nothing in it was changed. "
        "Choose another folder, or remove this one first."
    )


def _remove(folder: Path) -> None:
    """Remove a folder that is free; one who begins a run there meanwhile keeps it."""
    if not _files(folder):
        with contextlib.suppress(OSError):
            remove_folder(folder)
        return
    ownership = take(folder)
    try:
        if not _is_worthless(folder, owned=True):
            raise occupied(folder)
        if os.name == "nt":  # Windows renames no folder with an open file in it
            ownership.release()
        remove_folder(folder)
    except OSError as error:
        if isinstance(error, OutputError) or error.errno == errno.ENOENT:
            raise
        raise OutputError(f"Cannot remove {folder}: {error.strerror or error}.") from error
    finally:
        ownership.release()


def _is_worthless(folder: Path, *, owned: bool = False) -> bool:
    """Return whether ``folder`` holds a run that ended before its first epoch, and nothing else."""
    if not _files(folder) <= BEGUN:
        return False
    try:
        info = read_info(folder)
    except FileFormatError:
        return False
    status = RunStatus.STOPPED if owned else status_of(folder, info)
    return status not in (RunStatus.RUNNING, RunStatus.FINISHED)


def _files(folder: Path) -> set[str]:
    """Return the names in ``folder``, without those of temporary files."""
    names = {path.name for path in folder.iterdir()}
    return {name for name in names if not (name.startswith(".") and name.endswith(ENDING))}
