"""Puts up the walls around students' processes, once for a launcher and then for each process.

==============  ==================================================================================
namespaces      no other processes, no network, a file system in which little is and nothing can change;
                whatever is in them ends with the launcher
Landlock        no file but the submission's own, and those that Python needs to be read
system calls    no process, no socket, no signal to others (seccomp)
privileges      none, and none to be had; root becomes nobody where nobody can read Python's files
==============  ==================================================================================

Each is put up where the machine allows it, and most of what one keeps out another keeps out as well.
:mod:`pellucid.examiner.walls.probing` finds out what is left open.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

from pellucid.examiner.walls import landlock, namespaces, privileges, readable, seccomp

WALLS = ("namespaces", "landlock", "seccomp", "privileges")
PLACE = Path("/student")  # in the namespaces


class Walls:
    """The walls around one launcher's processes.

    Parameters
    ----------
    libraries
        The libraries with ready answers that submissions may read.
    without
        The walls that are left out, for tests.
    """

    def __init__(self, libraries: Collection[str], without: Collection[str] = ()) -> None:
        self._without = without
        folders, hidden = readable.folders(), readable.hidden(libraries)
        self.is_separate = "namespaces" not in without and _are_separate(folders, hidden)
        self._place = PLACE if self.is_separate else Path(tempfile.mkdtemp(prefix="pellucid-check-"))
        self._nobody = "privileges" not in without and privileges.can_be_nobody(folders)
        self._rules: landlock.Rules | None = None
        if "landlock" not in without:
            paths = [path for one in folders for path in readable.readable(one, hidden)]
            paths += [Path("/proc")] if self.is_separate else []
            with contextlib.suppress(OSError):
                self._rules = landlock.Rules(paths, folders, [self._place])

    def make_folder(self) -> Path:
        """Make an empty folder for one submission."""
        folder = self._place / "own"
        owner = privileges.NOBODY if self._nobody else os.getuid()
        if self.is_separate:
            namespaces.mount_memory(folder, owner)
        else:
            folder.mkdir(mode=0o700)
            if self._nobody:
                self._place.chmod(0o711)
                os.chown(folder, owner, owner)
        return folder

    def remove(self, folder: Path) -> None:
        """Remove a submission's folder and whatever is in it."""
        if self.is_separate:
            namespaces.unmount(folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Remove what was made for all of them; in namespaces it vanishes by itself."""
        if not self.is_separate:
            shutil.rmtree(self._place, ignore_errors=True)

    def confine(self) -> None:
        """Shut this process, a student's, in for good."""
        if "privileges" not in self._without:
            privileges.give_up(root_too=self._nobody)
        if self._rules is not None:
            self._rules.obey()
        if "seccomp" not in self._without and seccomp.is_known():
            with contextlib.suppress(OSError):
                seccomp.obey()


def _are_separate(folders: Collection[Path], hidden: Collection[Path]) -> bool:
    """Go into namespaces of one's own; return whether this machine allows it."""
    try:
        namespaces.separate()
    except OSError:
        return False
    namespaces.build_root(folders, hidden, PLACE / "own")
    return True
