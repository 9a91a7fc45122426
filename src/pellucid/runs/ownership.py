"""Which process trains a run: only one may write to its folder at a time.

The owner keeps ``lock.json`` in the folder, which says which process it is, on which machine, and since when.
The file is also locked (``flock``) for as long as the process lives. When the process has ended, however that
happened, the next one takes the run over. A process on another machine, which shares the disk, cannot be
looked up: it counts as alive while its lock is seen here, or until it has given no sign of life for ten
minutes; it gives one every half minute.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pellucid.core.processes import ProcessIdentity, own_process
from pellucid.errors import OutputError
from pellucid.runs.documents import json_from_bytes, record_to_bytes
from pellucid.runs.record.json_form import from_json

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # code below asks whether it is there

LOCK = "lock.json"
SIGN_SECONDS = 30.0  # between two signs of life
SILENCE_SECONDS = 600.0  # after which a process on another machine counts as ended
TRIES, PAUSE = 20, 0.01  # one who only looks holds the lock for an instant


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The process that trains a run: the content of ``lock.json``.

    Attributes
    ----------
    host, pid, started
        The process; see :class:`~pellucid.core.processes.ProcessIdentity`.
    since
        When it began, ISO 8601, UTC.
    """

    host: str
    pid: int
    started: str
    since: str

    @property
    def process(self) -> ProcessIdentity:
        """Its process."""
        return ProcessIdentity(self.host, self.pid, self.started)

    def __str__(self) -> str:
        if self == UNKNOWN:
            return "another process"
        machine = "this machine" if self.process.is_here else f"the machine {self.host}"
        who = f"process {self.pid}" if self.pid != os.getpid() else f"this process ({self.pid})"
        return f"{who} on {machine} since {_local_time(self.since)}"


UNKNOWN = Owner(host="", pid=0, started="", since="")


class Ownership:
    """The right to write to a run folder, until :meth:`release`; see :func:`take`."""

    def __init__(self, folder: Path, descriptor: int) -> None:
        self.folder = folder
        self._descriptor = descriptor
        self._ended = threading.Event()

    def moved_to(self, folder: Path) -> None:
        """Take note that the folder has another name now."""
        self.folder = folder

    def give_signs_of_life(self) -> None:
        """Touch the lock every half minute, for processes on other machines."""
        threading.Thread(target=self._touch, name="signs of life", daemon=True).start()

    def _touch(self) -> None:
        while not self._ended.wait(SIGN_SECONDS):
            with contextlib.suppress(OSError):
                os.utime(self.folder / LOCK)

    def release(self) -> None:
        """Remove the lock; again, it does nothing."""
        if self._ended.is_set():
            return
        self._ended.set()
        if os.name == "nt":  # Windows removes no open file
            os.close(self._descriptor)
        (self.folder / LOCK).unlink(missing_ok=True)
        if os.name != "nt":  # elsewhere the lock is held to the last, so that nobody else's is removed
            os.close(self._descriptor)


def take(folder: Path) -> Ownership:
    """Own the run in ``folder``; a lock of a process that has ended is taken over.

    Raises
    ------
    OutputError
        Another process owns it, or the folder cannot be written to.
    """
    path = folder / LOCK
    try:
        descriptor = _locked(path)
        found = None if descriptor is None else _read(descriptor)
        if descriptor is None or (found is not None and _is_alive(found, path)):
            if descriptor is not None:
                os.close(descriptor)
            raise OutputError(f"The run in {folder} is being trained by {owner_of(folder) or UNKNOWN}.")
        _write(descriptor, _own())
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"Cannot write {path}: {error.strerror or error}.") from error
    return Ownership(folder, descriptor)


def owner_of(folder: Path) -> Owner | None:
    """Return the process that trains the run in ``folder``; None if there is none alive.

    Examples
    --------
    >>> owner_of(Path("no-such-folder")) is None
    True
    """
    path = folder / LOCK
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        found = _read(descriptor)
        if not _lock(descriptor, shared=True):
            return found or UNKNOWN
        return found if found is not None and _is_alive(found, path) else None
    finally:
        os.close(descriptor)


def _locked(path: Path) -> int | None:
    """Return a descriptor of the file at ``path``, locked; None if another process has locked it."""
    for _ in range(TRIES):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        if _lock(descriptor) and _is_at(path, descriptor):
            return descriptor
        os.close(descriptor)
        time.sleep(PAUSE)
    return None


def _lock(descriptor: int, *, shared: bool = False) -> bool:
    """Lock an open file; return False where another process has. True where files cannot be locked."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # some network disks have no locks
        return True
    return True


def _is_at(path: Path, descriptor: int) -> bool:
    """Return whether the open file is still that at ``path``: its owner may just have removed it."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _read(descriptor: int) -> Owner | None:
    """Return who is recorded in the open file; None where it is empty or was cut short."""
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        content: Any = json_from_bytes(os.read(descriptor, 10_000))
        return from_json(Owner, content)
    except (ValueError, TypeError, AttributeError):
        return None


def _write(descriptor: int, owner: Owner) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, record_to_bytes(owner))


def _is_alive(owner: Owner, path: Path) -> bool:
    if owner.process.is_here:
        return owner.process.runs_here()
    return time.time() - path.stat().st_mtime < SILENCE_SECONDS


def _own() -> Owner:
    process = own_process()
    return Owner(host=process.host, pid=process.pid, started=process.started, since=_now())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _local_time(moment: str) -> str:
    when = datetime.fromisoformat(moment).astimezone()
    today = when.date() == datetime.now().astimezone().date()
    return f"{when:%H:%M}" if today else f"{when:%Y-%m-%d %H:%M}"
