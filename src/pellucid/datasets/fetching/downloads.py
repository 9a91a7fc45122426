"""What is fetched for a dataset: its files, their checksums, and the sources that have them.

The files lie in the cache in one canonical form, whichever source they came from: idx files uncompressed
(MNIST, Fashion-MNIST, the writers), and the six batches of the official binary version (CIFAR-10). Sizes and
checksums are of these bytes, so any source will do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Contents: TypeAlias = Mapping[str, npt.NDArray[np.uint8]]
"""The bytes of each file, by its name, in the order of ``Download.files``."""


@dataclass(frozen=True)
class File:
    """One file in its canonical form."""

    name: str
    size: int
    sha256: str


Streams: TypeAlias = Generator[tuple[str, BinaryIO]]
"""Names of files, each with a stream of its canonical bytes."""
Unpack: TypeAlias = Callable[[Path, Sequence[File]], Streams]
"""Reads files out of the package at a path."""


class DownloadBar(Protocol):
    """What pooch takes as a progress bar."""

    total: int

    def update(self, count: int, /) -> None:
        """Advance by so many bytes."""

    def reset(self) -> None:
        """Start again."""

    def close(self) -> None:
        """End."""


@dataclass(frozen=True)
class Request:
    """What is requested from a source: some files of a download.

    Attributes
    ----------
    download, files
        The download, and which of its files are missing.
    scratch
        A folder for temporary files.
    bar
        Shows the progress; None where nobody watches.
    """

    download: Download
    files: tuple[File, ...]
    scratch: Path
    bar: DownloadBar | None = None


class Source(Protocol):
    """A place that has the files of a download."""

    def __str__(self) -> str:
        """Name the place, for messages."""

    def streams(self, request: Request) -> Streams:
        """Yield each of the requested files, or raise."""


@dataclass(frozen=True)
class Download:
    """Files that are fetched together.

    Attributes
    ----------
    name
        The name by which they are requested.
    folder
        The name of their folder inside the cache, and inside a local mirror.
    files
        The files, in the order in which they are read.
    by_hand
        Which files to download by hand, and from where, when no source answers.
    sources
        Places that have the files, in the order in which they are tried.
    """

    name: str
    folder: str
    files: tuple[File, ...]
    by_hand: str
    sources: tuple[Source, ...]

    @property
    def size(self) -> int:
        """Bytes in the cache."""
        return sum(file.size for file in self.files)

    @property
    def sha256(self) -> str:
        """The sha256 of the lines that ``sha256sum`` prints for the files."""
        lines = "".join(f"{file.sha256}  {file.name}\n" for file in self.files)
        return hashlib.sha256(lines.encode()).hexdigest()
