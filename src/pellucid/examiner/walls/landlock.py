"""Landlock: a process gives up, for good, every file but those below chosen paths (Linux 5.13 and later)."""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from pellucid.examiner.walls.system_calls import call

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
VERSION, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
TRUNCATE, IOCTL_DEVICE = 1 << 14, 1 << 15
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEVICE
ALL_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}  # by version
LATEST_FILE_RIGHTS = (1 << 16) - 1
TCP = 3  # from version 4: connecting and binding
OTHERS = 3  # from version 6: abstract Unix sockets of, and signals to, processes outside


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Rule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Return the version of Landlock here; 0 where there is none."""
    try:
        return call("syscall", CREATE_RULESET, None, 0, VERSION)
    except OSError:
        return 0


class Rules:
    """Which paths may be read, and which changed too. A process that is to obey calls :meth:`obey`."""

    def __init__(self, readable: Iterable[Path], listed: Iterable[Path], own: Iterable[Path]) -> None:
        found = version()
        if not found:
            raise OSError("there is no Landlock")
        self._all = ALL_FILE_RIGHTS.get(found, LATEST_FILE_RIGHTS)
        wanted = _Ruleset(self._all, TCP if found >= 4 else 0, OTHERS if found >= 6 else 0)
        self._set = call("syscall", CREATE_RULESET, ctypes.byref(wanted), ctypes.sizeof(wanted), 0)
        for paths, rights in (
            (readable, READ_FILE | READ_DIR),
            (listed, READ_DIR),
            (own, self._all & ~EXECUTE),
        ):
            for path in paths:
                with contextlib.suppress(OSError):  # what is not there needs no rule
                    self._allow(path, rights)

    def _allow(self, path: Path, rights: int) -> None:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not path.is_dir():
                rights &= OF_A_FILE
            rule = _Rule(rights & self._all, descriptor)
            call("syscall", ADD_RULE, self._set, PATH_BENEATH, ctypes.byref(rule), 0)
        finally:
            os.close(descriptor)

    def obey(self) -> None:
        """Give up, for this process and its children, whatever the rules do not allow."""
        call("syscall", RESTRICT_SELF, self._set, 0)
