"""What a student's code may not do while it is examined.

Expected results and marks are in another process, out of its reach. What is kept out here is what happens by
mistake: a script that deletes or overwrites files, that downloads, that starts programs, that eats all
memory. Within one process Python can be got around by those who mean to.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from pellucid.examiner.student_errors import is_students
from pellucid.examiner.walls import seccomp

NETWORK = (
    "socket.__new__",
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "socket.sendto",
    "socket.sendmsg",
    "urllib.Request",
)
PROGRAMS = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.forkpty",
    "pty.spawn",
    "_posixsubprocess.fork_exec",
)
FILES = {
    "os.remove": 1,
    "os.rmdir": 1,
    "os.rename": 2,
    "os.mkdir": 1,
    "os.truncate": 1,
    "os.chmod": 1,
    "os.chown": 1,
    "os.link": 2,
    "os.symlink": 2,
    "shutil.rmtree": 1,
    "shutil.move": 2,
    "os.utime": 1,
    "sqlite3.connect": 1,
}


class TimeUp(BaseException):
    """The time for a question is over."""


def limit_resources(seconds: float, megabytes: int) -> None:
    """Limit time, memory, and the size of files, as far as the platform can.

    The number of processes counts threads too, and is limited only where no filter keeps out processes alone.
    """

    def time_up(_signal: int, _frame: FrameType | None) -> None:
        raise TimeUp

    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, time_up)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        import resource
    except ImportError:  # Windows: the parent's clock is the only limit
        return
    for name, value in (
        ("RLIMIT_AS", megabytes << 20),
        ("RLIMIT_FSIZE", 64 << 20),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_CPU", int(seconds) + 5),
        ("RLIMIT_NPROC", 0),
    ):
        kind = getattr(resource, name, None)
        if kind is not None and not (name == "RLIMIT_NPROC" and seccomp.is_obeyed()):
            hard = resource.getrlimit(kind)[1]
            limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (limit, limit))


def keep_inside(folder: Path) -> None:
    """Refuse, from now on, what would reach outside ``folder``. It cannot be taken back in this process."""
    inside = os.path.realpath(folder)

    def within(path: Any) -> bool:
        if isinstance(path, int) or path is None:
            return True
        real = os.path.realpath(os.fsdecode(path))
        return real == inside or real.startswith(inside + os.sep) or real == os.devnull

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            writes = any(letter in (mode or "") for letter in "wax+") or (
                isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            )
            if writes and not within(path):
                raise PermissionError(f"the examiner lets no file be written outside its folder: {path}")
        elif event in FILES:
            for path in arguments[: FILES[event]]:
                if not within(_at(path, arguments)):
                    raise PermissionError(f"the examiner lets no file be changed outside its folder: {path}")
        elif event in NETWORK:
            raise PermissionError("the examiner gives no network")
        elif event in PROGRAMS:
            raise PermissionError("the examiner lets no other program be started")
        elif event in ("os.kill", "os.killpg") and arguments[0] != os.getpid():
            raise PermissionError("the examiner lets no other process be ended")
        elif event in ("ctypes.dlopen", "ctypes.dlsym") and _asked_by_a_student():
            raise PermissionError("the examiner gives no ctypes")

    def refuse(path: Any, *_: Any, **__: Any) -> None:
        raise PermissionError(f"the examiner lets no pipe or device be made: {path}")

    for name in ("mkfifo", "mknod"):  # Python reports no event for these
        if hasattr(os, name):
            setattr(os, name, refuse)
    sys.addaudithook(hook)


def _asked_by_a_student() -> bool:
    """Return whether the student's own code called ctypes, not a library that it uses."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "ctypes":
        frame = frame.f_back
    return frame is not None and is_students(frame.f_code.co_filename)


def _at(path: Any, arguments: tuple[Any, ...]) -> Any:
    """Return a path with the folder that a descriptor among the arguments stands for."""
    descriptor = arguments[-1]
    if not isinstance(descriptor, int) or descriptor <= 2 or isinstance(path, int):
        return path
    folder = Path(f"/proc/self/fd/{descriptor}")
    return str(folder.readlink() / os.fsdecode(path)) if folder.exists() else os.sep
