"""Temporary files and folders beside their target, named so that those of killed processes are removed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pellucid.core.processes import ProcessIdentity, own_process

ENDING = ".part"
STALE_SECONDS = 3600.0  # after which a temporary file of another machine counts as left over
_WRITER = re.compile(r"\.(?P<host>[0-9a-f]{8})-(?P<pid>\d+)-(?P<started>[^-]*)-[^-]*\.part$")


def temporary_prefix(target: Path) -> str:
    """Return how the name of a temporary file for ``target`` begins: hidden, and naming this process.

    Examples
    --------
    >>> temporary_prefix(Path("runs/history.json")).startswith(".history.json.")
    True
    """
    writer = own_process()
    return f".{target.name}.{_digest(writer.host)}-{writer.pid}-{writer.started}-"


def remove_leftovers(folder: Path, name: str = "") -> None:
    """Remove temporary files in ``folder`` whose process has ended; only those for ``name`` if it is given.

    Those of processes on other machines, on a shared disk, are removed when they are an hour old.
    """
    with contextlib.suppress(OSError):  # another process may be removing the same
        for entry in list(os.scandir(folder)):
            beginning = f".{name}." if name else "."
            if entry.name.startswith(beginning) and entry.name.endswith(ENDING) and _is_left_over(entry):
                _remove(Path(entry))


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Make a temporary folder, which gets the name ``path`` when the block ends without an error.

    If the block raises, or the process is killed, there is no folder ``path``.

    Raises
    ------
    OSError
        The folder cannot be made, or ``path`` exists and is not an empty folder.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(path.parent, path.name)
    temporary = Path(tempfile.mkdtemp(prefix=temporary_prefix(path), suffix=ENDING, dir=path.parent))
    try:
        temporary.chmod(0o777 & ~umask())
        yield temporary
        if path.is_dir() and os.name == "nt":
            path.rmdir()
        temporary.rename(path)
        sync_folder(path.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def remove_folder(path: Path) -> None:
    """Remove a folder; if the process is killed meanwhile, the rest is removed as left over."""
    aside = path.with_name(f"{temporary_prefix(path)}{ENDING}")
    path.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def umask() -> int:
    """Return the process's mask of permissions."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def sync_folder(folder: Path) -> None:
    """Make renames in ``folder`` survive a power failure, if the platform can."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _is_left_over(entry: os.DirEntry[str]) -> bool:
    writer, own = _WRITER.search(entry.name), own_process()
    if writer is None or writer["host"] != _digest(own.host):
        return time.time() - entry.stat(follow_symlinks=False).st_mtime > STALE_SECONDS
    return not ProcessIdentity(own.host, int(writer["pid"]), writer["started"]).runs_here()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _digest(host: str) -> str:
    return hashlib.sha256(host.encode()).hexdigest()[:8]
