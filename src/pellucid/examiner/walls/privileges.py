"""Giving up what a process may do beyond others: capabilities, and being root."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import struct
from collections.abc import Iterable
from pathlib import Path

from pellucid.examiner.walls.system_calls import (
    SET_DUMPABLE,
    SET_NO_NEW_PRIVILEGES,
    SET_PARENT_DEATH_SIGNAL,
    call,
    process_control,
)

NOBODY = 65534
DROP_FROM_BOUNDING_SET, LAST_CAPABILITY = 24, 63
CAPABILITIES_VERSION = 0x20080522


def can_be_nobody(paths: Iterable[Path]) -> bool:
    """Return whether this process may become ``nobody`` and then still read ``paths``; tried in a child."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    child = os.fork()
    if child == 0:
        code = 1
        with contextlib.suppress(BaseException):
            become_nobody()
            code = 0 if all(os.access(path, os.R_OK) for path in paths) else 1
        os._exit(code)
    return os.waitpid(child, 0)[1] == 0


def become_nobody() -> None:
    """Stop being root, for good."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def give_up(*, root_too: bool) -> None:
    """Give up every privilege, and the chance of getting one; end when the parent ends."""
    for capability in range(LAST_CAPABILITY + 1):
        process_control(DROP_FROM_BOUNDING_SET, capability)
    if root_too:
        become_nobody()
    process_control(SET_NO_NEW_PRIVILEGES, 1)
    with contextlib.suppress(OSError):
        call("capset", struct.pack("=II", CAPABILITIES_VERSION, 0), ctypes.create_string_buffer(24))
    process_control(SET_DUMPABLE, 0)
    process_control(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
