"""A warm process that starts each student's process as a fork of its own, and leaves nothing of it behind.

It has loaded NumPy and nothing of the examiner that knows what is right. A student's process inherits its
channel, its output and ``/dev/null``, and no other descriptor, and is shut in by the walls.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from pellucid.examiner.guard import limit_resources
from pellucid.examiner.student_process import set_folders, work
from pellucid.examiner.walls import namespaces, probing
from pellucid.examiner.walls.system_calls import SET_DUMPABLE, SET_SUBREAPER, process_control
from pellucid.examiner.walls.walls import Walls
from pellucid.examiner.wire import read_frame

CHANNEL = 3  # the student's descriptors: nothing, output, output, and this one
ENDING = 5.0  # seconds that the killing of descendants may take


def main(descriptor: int, options: dict[str, Any]) -> None:
    """Put up the walls, say what they leave open, and serve."""
    for one in (signal.SIGINT, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    process_control(SET_SUBREAPER, 1)
    control = socket.socket(fileno=descriptor)
    try:
        walls = Walls(**options)
    except OSError:  # namespaces that can be had in part only: the examiner starts another launcher
        os._exit(1)
    process_control(SET_DUMPABLE, 0)
    try:
        _send(control, {"open": _left_open(walls)})
        serve(control, walls)
    finally:
        _end_descendants(walls)
        walls.close()


def serve(control: socket.socket, walls: Walls) -> None:
    """Start and end processes as the examiner asks, until it hangs up."""
    folder: Path | None = None
    while True:
        line, descriptors, _, _ = socket.recv_fds(control, 4096, 2)
        if not line:
            break
        request = json.loads(line)
        if "end" in request:
            _send(control, {"status": end(request["end"], request["wait"], walls)})
            if folder is not None:
                walls.remove(folder)
        else:
            folder = walls.make_folder()
            import_packages(request["imports"], folder)
            _send(control, {"pid": _fork(descriptors, walls), "folder": str(folder)})


def _send(control: socket.socket, answer: dict[str, Any]) -> None:
    with contextlib.suppress(BrokenPipeError):  # the examiner has hung up, as is seen next
        control.sendall(json.dumps(answer).encode() + b"\n")


def import_packages(names: list[str], folder: Path) -> None:
    """Import installed packages that a student's file asks for, so that not every question waits for them.

    Matplotlib remembers where it may write, which here is the same folder for every student's process.
    """
    for name in names:
        if name not in sys.modules:
            set_folders(folder)
            with contextlib.suppress(Exception):
                importlib.import_module(name)


def _left_open(walls: Walls) -> list[str]:
    """Return what the walls do not keep out, as found out by a process within them."""
    reading, writing = os.pipe()
    folder = walls.make_folder()
    child = os.fork()
    if child == 0:
        try:
            walls.confine()
            limit_resources(10, 2048)
            os.write(writing, json.dumps(probing.succeeded()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    end(child, ENDING, walls)
    walls.remove(folder)
    return list(json.loads(said)) if said else list(probing.ATTEMPTS)


def _fork(descriptors: list[int], walls: Walls) -> int:
    child = os.fork()
    if child == 0:
        try:
            _be_the_student(descriptors[0], descriptors[1], walls)
        finally:
            os._exit(0)
    for descriptor in descriptors:
        os.close(descriptor)
    return child


def _be_the_student(channel: int, output: int, walls: Walls) -> None:
    """Keep the channel and the output, close every other descriptor, and work within the walls."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    walls.confine()
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
    reader = open(CHANNEL, "rb", closefd=False)  # noqa: SIM115 - open as long as the process
    writer = open(CHANNEL, "wb", closefd=False)  # noqa: SIM115 - open as long as the process
    frame = read_frame(reader)
    if frame is not None:
        work(frame[0], reader, writer)
    sys.stdout.flush()


def end(child: int, wait: float, walls: Walls | None = None) -> int | None:
    """End a process and all its descendants. Return its status; None where it had to be ended."""
    status = _own_end(child, wait)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    if status is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    _end_descendants(walls)
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


def _end_descendants(walls: Walls | None) -> None:
    """Kill what a student's process left: orphans become children of this process, their subreaper."""
    if walls is not None and walls.is_separate:
        namespaces.end_others()
        return
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
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
