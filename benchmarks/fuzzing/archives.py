"""Archives as a dataset's packages are, and hostile ones: wrong members, links, paths out, bombs."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import numpy as np

from fuzzing.mutations import Random, of_bytes

MEMBER = "data.bin"
CONTENT = np.random.default_rng(0).bytes(3000)
_NAMES = (
    MEMBER,
    f"folder/{MEMBER}",
    f"../{MEMBER}",
    f"/etc/{MEMBER}",
    "other.bin",
    "",
    "a" * 300,
    f"{MEMBER}/x",
)


def tar_gz(random: Random) -> bytes:
    """Return a ``.tar.gz``: right, hostile or damaged."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for _ in range(int(random.integers(0, 4))):
            info = tarfile.TarInfo(str(random.choice(_NAMES)))
            kind = random.random()
            if kind < 0.2:
                info.type, info.linkname = (
                    (tarfile.SYMTYPE, tarfile.LNKTYPE)[int(random.integers(2))],
                    "/etc/passwd",
                )
                archive.addfile(info)
            elif kind < 0.3:
                info.type = (tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE)[int(random.integers(3))]
                archive.addfile(info)
            else:
                content = _content(random)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    inside = plain.getvalue()
    if random.random() < 0.5:
        inside = of_bytes(inside, random)
    packed = gzip.compress(inside, compresslevel=1, mtime=0)
    return of_bytes(packed, random) if random.random() < 0.4 else packed


def wheel(random: Random) -> bytes:
    """Return a zip archive: right, hostile or damaged."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in {str(random.choice(_NAMES)) for _ in range(int(random.integers(0, 4)))} - {""}:
            archive.writestr(name, _content(random))
    return of_bytes(file.getvalue(), random) if random.random() < 0.6 else file.getvalue()


def gz(random: Random) -> bytes:
    """Return a ``.gz`` file: right, damaged, or one that unpacks to much more than it should."""
    packed = gzip.compress(_content(random), compresslevel=1, mtime=0)
    return of_bytes(packed, random) if random.random() < 0.6 else packed


def _content(random: Random) -> bytes:
    kind = random.random()
    if kind < 0.5:
        return CONTENT
    if kind < 0.55:
        return bytes(20_000_000)  # a bomb: it packs to a thousandth
    return of_bytes(CONTENT, random)
