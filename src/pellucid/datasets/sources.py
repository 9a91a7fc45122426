"""The kinds of places that a dataset's files can come from; each yields (name of the file, stream)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pellucid.core import settings
from pellucid.datasets.download import open_url
from pellucid.datasets.streams import SourceFailure
from pellucid.datasets.unpacking import file_or_gz, read_tar_gz, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pellucid.datasets.downloads import Download, File
    from pellucid.datasets.unpacking import Streams, Unpack

_OVERHEAD = 1 << 20  # bytes that packing may add to data which it cannot make smaller


@dataclass(frozen=True)
class Request:
    """What is asked of a source."""

    download: Download
    files: tuple[File, ...]
    scratch: Path
    """A folder for what is needed meanwhile."""


class Source(Protocol):
    """Somewhere that files can come from."""

    def __str__(self) -> str:
        """Say where, for messages."""

    def streams(self, request: Request) -> Streams:
        """Yield each of the files that ``request`` asks for, or fail."""


@dataclass(frozen=True)
class LocalMirror:
    """The folder given by ``PELLUCID_DATA``: the files in a sub-folder, plain or ``.gz``, or a package there.

    ``packages`` are the names of packages that it may hold instead, with what reads them.
    """

    packages: Mapping[str, Unpack]

    def __str__(self) -> str:
        """Say which folder it is."""
        name, mirror = settings.DATA.name, settings.DATA.text()
        return f"{name}={mirror}" if mirror else name

    def streams(self, request: Request) -> Streams:
        """Yield the files that are there; fail at the first that is not."""
        folder = self._folder(request.download)
        for name, read in self.packages.items():
            if (folder / name).is_file():
                yield from read(folder / name, request.files)
                return
        for file in request.files:
            stream = file_or_gz(folder, file)
            if stream is None:
                raise SourceFailure(f"there is no {file.name} or {file.name}.gz in {folder}")
            with stream:
                yield file.name, stream

    @staticmethod
    def _folder(download: Download) -> Path:
        mirror = settings.DATA.value()
        if mirror is None:
            raise SourceFailure("it is not set")
        folder = mirror / download.folder
        if not folder.is_dir():
            raise SourceFailure(f"there is no folder {folder}")
        return folder


@dataclass(frozen=True)
class GzFiles:
    """A web folder with each file as ``.gz``."""

    url: str

    def __str__(self) -> str:
        """Say where."""
        return self.url

    def streams(self, request: Request) -> Streams:
        """Yield each file, unpacked as it comes in."""
        for file in request.files:
            with open_url(f"{self.url}{file.name}.gz", file.size + _OVERHEAD) as body:
                yield file.name, unpacked(body, file.size + 1)


@dataclass(frozen=True)
class TarGz:
    """A web address of one ``.tar.gz`` with all files."""

    url: str

    def __str__(self) -> str:
        """Say where."""
        return self.url

    def streams(self, request: Request) -> Streams:
        """Yield each file, unpacked as it comes in."""
        with open_url(self.url, request.download.size + 20 * _OVERHEAD) as body:
            yield from read_tar_gz(body, request.files)


@dataclass(frozen=True)
class Package:
    """A package that ``get(what, folder)`` downloads and ``read`` reads; ``tool`` is for messages."""

    tool: str
    what: str
    get: Callable[[str, Path], Path]
    read: Unpack

    def __str__(self) -> str:
        """Say which package, by which tool."""
        return f"{self.tool} {self.what}"

    def streams(self, request: Request) -> Streams:
        """Download the package into a folder of its own, yield each file, remove the folder."""
        with tempfile.TemporaryDirectory(prefix=".package-", suffix=".part", dir=request.scratch) as folder:
            yield from self.read(self.get(self.what, Path(folder)), request.files)
