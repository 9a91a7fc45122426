"""A warm process that starts each student's process as a fork of its own, and leaves nothing of it behind.

It has loaded NumPy and nothing of the examiner that knows what is right. A student's process inherits its
channel, its output and ``/dev/null``, and no other descriptor.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from pellucid.examiner.student_process import work
from pellucid.examiner.wire import read_frame

CHANNEL = 3  # the student's descriptors: nothing, output, output, and this one
SET_PARENT_DEATH_SIGNAL, SET_DUMPABLE, SET_SUBREAPER, SET_NO_NEW_PRIVILEGES = 1, 4, 36, 38
ENDING = 5.0  # seconds that the killing of descendants may take


def process_control(option: int, value: int) -> bool:
    """Set an attribute of this process where Linux's prctl is; return whether it was set."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        return int(ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)) == 0
    except (OSError, AttributeError):
        return False


def serve(control: socket.socket) -> None:
    """Start and end processes as the examiner asks, until it hangs up."""
    process_control(SET_SUBREAPER, 1)
    process_control(SET_DUMPABLE, 0)
    while True:
        line, descriptors, _, _ = socket.recv_fds(control, 4096, 2)
        if not line:
            break
        request = json.loads(line)
        if "end" in request:
            answer: dict[str, Any] = {"status": end(request["end"], request["wait"])}
        else:
            import_packages(request["imports"])
            answer = {"pid": _fork(descriptors)}
        control.sendall(json.dumps(answer).encode() + b"\n")


def import_packages(names: list[str]) -> None:
    """Import installed packages that a student's file asks for, so that not every question waits for them."""
    for name in names:
        if name not in sys.modules:
            os.environ["MPLBACKEND"] = "Agg"
            with contextlib.suppress(Exception):
                importlib.import_module(name)


def _fork(descriptors: list[int]) -> int:
    child = os.fork()
    if child == 0:
        try:
            _be_the_student(*descriptors)
        finally:
            os._exit(0)
    for descriptor in descriptors:
        os.close(descriptor)
    return child


def _be_the_student(channel: int, output: int) -> None:
    """Keep the channel and the output, close every other descriptor, and work."""
    os.setsid()
    process_control(SET_NO_NEW_PRIVILEGES, 1)
    process_control(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    channel, output = (
        os.dup2(one, high, inheritable=False) for one, high in ((channel, 1001), (output, 1000))
    )
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(channel, CHANNEL, inheritable=False)
    os.closerange(CHANNEL + 1, 4096)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - open as long as the process
    sys.stdout = open(1, "w", closefd=False, errors="replace")  # noqa: SIM115 - open as long as the process
    sys.stderr = sys.stdout
    stream = socket.socket(fileno=CHANNEL)
    reader, writer = stream.makefile("rb"), stream.makefile("wb")
    frame = read_frame(reader)
    if frame is not None:
        work(frame[0], reader, writer)
    sys.stdout.flush()


def end(child: int, wait: float) -> int | None:
    """End a process and all its descendants. Return its status; None where it had to be ended."""
    status = _own_end(child, wait)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    if status is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    _end_descendants()
    return status


def _own_end(child: int, wait: float) -> int | None:
    last = time.monotonic() + wait
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        if time.monotonic() >= last:
            return None
        time.sleep(0.001)


def _end_descendants() -> None:
    """Kill what a student's process left: orphans become children of this process, their subreaper."""
    last = time.monotonic() + ENDING
    while time.monotonic() < last:
        try:
            done, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not done:
            for child in _children():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(child, signal.SIGKILL)
            time.sleep(0.001)


def _children() -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.append(int(stat.parent.name))
    return found


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
