"""Finds out what the walls keep out here, by trying it from inside, as a submission would."""

from __future__ import annotations

import mmap
import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import pellucid

MUCH_MEMORY = 1 << 36  # 64 GiB of addresses, of which nothing is used


def _read() -> None:
    os.close(os.open(Path(pellucid.__file__).parent / "examiner" / "judging.py", os.O_RDONLY))


def _write() -> None:
    descriptor, path = tempfile.mkstemp(dir=tempfile.gettempdir(), prefix="pellucid-attempt-")
    os.close(descriptor)
    Path(path).unlink()


def _network() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()


def _local_socket() -> None:
    for one in socket.socketpair():
        one.close()


def _process() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _other_process() -> None:
    os.kill(os.getppid(), 0)


def _memory() -> None:
    mmap.mmap(-1, MUCH_MEMORY).close()


ATTEMPTS: dict[str, Callable[[], None]] = {
    "reading files outside the submission's folder": _read,
    "changing files outside it": _write,
    "using the network": _network,
    "opening local sockets": _local_socket,
    "starting processes": _process,
    "sending signals to other processes": _other_process,
    "using more memory than is allowed": _memory,
}


def succeeded() -> list[str]:
    """Return what this process could do that a student's process should not be able to."""
    return [name for name, attempt in ATTEMPTS.items() if _succeeds(attempt)]


def _succeeds(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except (OSError, MemoryError, OverflowError, ValueError):
        return False
    return True
