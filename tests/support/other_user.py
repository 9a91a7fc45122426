"""Runs Python as a user without privileges, from root, also where Python itself is in root's own folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

USER = 12345  # a user who does not exist, and owns nothing
BECOME = """
import os, sys
from pathlib import Path
from pellucid.examiner.walls import namespaces
from pellucid.examiner.walls.system_calls import call
call("unshare", namespaces.NEW_MOUNTS)
call("mount", b"none", b"/", None, namespaces.RECURSIVE | namespaces.PRIVATE, None)
paths = map(Path, filter(None, (sys.base_prefix, sys.prefix, *sys.path)))
for path in sorted({path.resolve() for path in paths if path.exists()}):
    closed = next((one for one in reversed((path, *path.parents)) if not one.stat().st_mode & 1), None)
    if closed is not None:  # a folder that only root may enter is covered, and the path shown in it
        descriptor = os.open(path, os.O_PATH)
        call("mount", b"none", bytes(closed), b"tmpfs", 0, b"mode=755")
        path.mkdir(parents=True, exist_ok=True)
        call("mount", f"/proc/self/fd/{descriptor}".encode(), bytes(path), None, namespaces.BIND, None)
os.setgroups([])
os.setresgid(USER, USER, USER)
os.setresuid(USER, USER, USER)
os.environ["HOME"] = "/nowhere"
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
""".replace("USER", str(USER))


def is_root() -> bool:
    """Return whether this process may become another user."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def run_as_another(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments in a folder, as a user without privileges."""
    return subprocess.run(
        [sys.executable, "-c", BECOME, *arguments], cwd=folder, capture_output=True, text=True, timeout=600
    )
