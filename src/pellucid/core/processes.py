"""Which process did something, and whether it still runs: told by host, process id and start time."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROC = Path("/proc")
QUERY_LIMITED_INFORMATION, STILL_ACTIVE = 0x1000, 259  # of the Windows interface


@dataclass(frozen=True)
class ProcessIdentity:
    """A process: its host, its id, and when it started.

    Attributes
    ----------
    host
        Name of the machine.
    pid
        Process id.
    started
        When it started, in ticks since the machine's boot, with the boot's own id: the same process id at
        another time is another process. Empty where the platform does not say.

    Examples
    --------
    >>> own_process().runs_here()
    True
    """

    host: str
    pid: int
    started: str

    @property
    def is_here(self) -> bool:
        """Whether it is a process of this machine."""
        return self.host == socket.gethostname()

    def runs_here(self) -> bool:
        """Return whether the process still runs on this machine."""
        return self.is_here and _runs(self.pid) and self.started in ("", start_of(self.pid))


def own_process() -> ProcessIdentity:
    """Return the identity of this process."""
    pid = os.getpid()
    return ProcessIdentity(socket.gethostname(), pid, start_of(pid))


def start_of(pid: int) -> str:
    """Return when a process of this machine started; "" if there is none, or the platform does not say.

    Examples
    --------
    >>> start_of(-1)
    ''
    """
    try:
        stat = (PROC / str(pid) / "stat").read_text(errors="replace")
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()  # the name before it may hold blanks and parentheses
    dead = fields[0] in "ZX"  # it has ended, and its parent has not asked how
    return "" if dead else f"{boot[:8]}.{fields[19]}"


def _runs(pid: int) -> bool:
    if PROC.joinpath("self").exists():
        return start_of(pid) != ""
    if os.name == "nt":
        return _runs_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


def _runs_on_windows(pid: int) -> bool:
    """Return whether the process runs; ``os.kill(pid, 0)`` would send it Ctrl-C there."""
    import ctypes

    kernel: Any = ctypes.windll.kernel32  # type: ignore[attr-defined]  # only on Windows
    handle = kernel.OpenProcess(QUERY_LIMITED_INFORMATION, 0, pid)
    if not handle:
        return False
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return code.value == STILL_ACTIVE
