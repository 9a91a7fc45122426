"""What is fetched for a dataset: its files, their sizes and checksums.

The files lie in the cache in one canonical form, whichever source they came from: idx files uncompressed
(MNIST, Fashion-MNIST, the writers), and the six batches of the official binary version (CIFAR-10). Sizes and
checksums are of these bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

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
    """

    name: str
    folder: str
    files: tuple[File, ...]
    by_hand: str

    @property
    def size(self) -> int:
        """Bytes in the cache."""
        return sum(file.size for file in self.files)

    @property
    def sha256(self) -> str:
        """The sha256 of the lines that ``sha256sum`` prints for the files."""
        lines = "".join(f"{file.sha256}  {file.name}\n" for file in self.files)
        return hashlib.sha256(lines.encode()).hexdigest()
