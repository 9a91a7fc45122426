"""A world of its own for a launcher and the students' processes that it starts.

In it there are no other processes, no network, and of the files only copies of the paths that Python needs,
which cannot be changed. Its temporary files are in memory and vanish with its last process.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterable
from pathlib import Path

from pellucid.examiner.walls.system_calls import SET_PARENT_DEATH_SIGNAL, call, process_control

NEW_MOUNTS, NEW_IPC, NEW_USER, NEW_PROCESSES, NEW_NETWORK = 1 << 17, 1 << 27, 1 << 28, 1 << 29, 1 << 30
READ_ONLY, NO_SETUID, NO_DEVICES, NO_PROGRAMS = 1, 2, 4, 8
REMOUNT, BIND, RECURSIVE, PRIVATE, DETACH = 1 << 5, 1 << 12, 1 << 14, 1 << 18, 2
KEPT = READ_ONLY | NO_SETUID | NO_DEVICES | NO_PROGRAMS  # what a copy of a mount must keep of the first
MEGABYTES_OF_FILES, FILES = 256, 20_000  # how much a student's process may write


def separate() -> None:
    """Go into namespaces of one's own; return in the first process of the new world.

    The process that calls this waits for it outside, and ends as it ends.

    Raises
    ------
    OSError
        When this machine does not allow it. Then nothing has changed.
    """
    user, group = os.getuid(), os.getgid()
    flags = NEW_MOUNTS | NEW_IPC | NEW_PROCESSES | NEW_NETWORK
    try:
        call("unshare", flags)  # root may
    except OSError:
        call("unshare", flags | NEW_USER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    first = os.fork()
    if first:
        _wait_for(first)
    process_control(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def _wait_for(process: int) -> None:
    for one in (signal.SIGINT, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    os.closerange(3, 4096)  # so that an end of a channel is seen
    status = os.waitpid(process, 0)[1]
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def build_root(readable: Iterable[Path], hidden: Iterable[Path], own: Path) -> None:
    """Replace the file system: ``readable`` without ``hidden``, read-only, and ``own``, which is empty.

    Raises
    ------
    OSError
        When the kernel refuses; then the process cannot go on.
    """
    sources = {path: path.resolve() for path in readable if not path.is_relative_to("/proc")}
    call("mount", b"none", b"/", None, RECURSIVE | PRIVATE, None)
    call("mount", b"none", b"/tmp", b"tmpfs", NO_SETUID | NO_DEVICES, b"mode=755,size=4m")
    os.chdir("/tmp")  # noqa: S108 - what is mounted there, not the folder
    Path("old").mkdir()
    call("pivot_root", b".", b"old")
    os.chdir("/")
    for link in filter(Path.is_symlink, Path("/old").iterdir()):
        Path("/", link.name).symlink_to(link.readlink())
    for path, source in sources.items():
        for target in (source, path):
            _copy(source, target)
    for folder in filter(Path.is_dir, hidden):
        call("mount", b"none", bytes(folder), b"tmpfs", READ_ONLY, b"mode=000,size=4k")
    _show_processes()
    own.mkdir(parents=True)
    call("umount2", b"/old", DETACH)
    Path("/old").rmdir()
    call("mount", b"none", b"/", None, REMOUNT | BIND | READ_ONLY | NO_SETUID | NO_DEVICES, None)


def _copy(source: Path, target: Path) -> None:
    """Make ``source`` of the old file system appear as ``target``, read-only."""
    old = Path("/old") / source.relative_to("/")
    if target.exists():
        return  # in a folder that is there already
    if old.is_dir():
        target.mkdir(parents=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    call("mount", bytes(old), bytes(target), None, BIND | RECURSIVE, None)
    if old.is_char_device():
        return
    kept = os.statvfs(target).f_flag & KEPT
    call("mount", b"none", bytes(target), None, REMOUNT | BIND | READ_ONLY | kept, None)


def _show_processes() -> None:
    """Show this world's processes under /proc; in some containers that is refused, and there is no /proc."""
    Path("/proc").mkdir()
    with contextlib.suppress(OSError):
        call("mount", b"proc", b"/proc", b"proc", READ_ONLY | NO_SETUID | NO_DEVICES | NO_PROGRAMS, None)


def mount_memory(folder: Path, owner: int) -> None:
    """Put an empty file system in memory on a folder."""
    options = f"mode=700,uid={owner},gid={owner},size={MEGABYTES_OF_FILES}m,nr_inodes={FILES}"
    call("mount", b"none", bytes(folder), b"tmpfs", NO_SETUID | NO_DEVICES, options.encode())


def end_others() -> None:
    """End every process of this world but the first, which calls this."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def unmount(folder: Path) -> None:
    """Let such a file system vanish."""
    call("umount2", bytes(folder), DETACH)
