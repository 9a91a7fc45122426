"""Which paths a student's process needs to read: Python, installed packages, and the libraries these load.

A library that has the answers (:data:`pellucid.examiner.trust.LIBRARIES`) is among them only for a file
that says openly that it imports it. What judges is never among them.
"""

from __future__ import annotations

import contextlib
import re
import sys
import sysconfig
from collections.abc import Collection, Iterator
from pathlib import Path

import pellucid
from pellucid.examiner.trust import LIBRARIES

PACKAGES = ("site-packages", "dist-packages")
SYSTEM = (
    *("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/sys/devices/system/cpu"),
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/filesystems"),
    *("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/usr/share/zoneinfo", "/usr/lib/locale"),
    *("/etc/fonts", "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig"),
)


def folders() -> list[Path]:
    """Return the folders and files that anything readable is below."""
    python = [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")]
    packages = [path for path in map(Path, sys.path) if path.name in PACKAGES]
    found = [*python, *packages, Path(pellucid.__file__).parent, *_of_loaded_libraries(), *map(Path, SYSTEM)]
    return [path for path in dict.fromkeys(found) if path.exists()]


def hidden(libraries: Collection[str]) -> set[Path]:
    """Return the paths below :func:`folders` that stay unreadable, but for the ``libraries`` named."""
    python = Path(sysconfig.get_path("stdlib"))
    places = {path for path in map(Path, sys.path) if path.name in PACKAGES}
    unused = {python / name for name in PACKAGES} | {python.parent / "python3" / "dist-packages"}
    found = {path for path in unused if path not in places}
    for place in places:
        for library in LIBRARIES:
            if library not in libraries:
                found |= {place / library, place / f"{library}.libs"}
    here = Path(pellucid.__file__).parent
    return found | ({here / "examiner"} if "pellucid" in libraries else {here})


def readable(folder: Path, without: Collection[Path]) -> Iterator[Path]:
    """Yield paths that together are everything below ``folder`` but what is below ``without``."""
    if any(folder.is_relative_to(path) for path in without):
        return
    if not any(path.is_relative_to(folder) for path in without):
        yield folder
        return
    for child in folder.iterdir():
        yield from readable(child, without)


def _of_loaded_libraries() -> list[Path]:
    """Return the folders of the shared libraries in this process that are no part of a Python package."""
    with contextlib.suppress(OSError):
        mapped = re.findall(r"(/\S*\.so[.\d]*)\n", Path("/proc/self/maps").read_text(errors="replace"))
        places = dict.fromkeys(Path(path).parent for path in mapped)
        packages = [Path(path) for path in sys.path if Path(path).name in PACKAGES]
        return [place for place in places if not any(place.is_relative_to(one) for one in packages)]
    return []
