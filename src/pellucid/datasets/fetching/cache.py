"""The cache: one folder for each dataset, with files that are either complete and correct or absent.

``PELLUCID_CACHE`` sets the folder; otherwise it is the platform's cache folder. A file is written aside and
renamed when its checksum is right, so that a kill, a full disk or a second process never leave half a file.
Every read checks the sha256 again (0.03 s for MNIST and 0.1 s for CIFAR-10, with a processor's sha256
instructions); a damaged file is fetched again and never trained on.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pellucid.core import settings
from pellucid.core.files import replacing, write_text
from pellucid.core.temporaries import ENDING, remove_leftovers, temporary_prefix
from pellucid.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from pellucid.datasets.fetching.downloads import Download, File

_SOURCES = "sources.txt"


def where() -> Path:
    """Return the folder in which fetched datasets are kept.

    It is what the environment variable ``PELLUCID_CACHE`` says, otherwise the cache folder that the
    platform gives to programs (on Linux ``~/.cache/pellucid``).

    Examples
    --------
    >>> where().is_absolute()
    True
    """
    chosen = settings.CACHE.value()
    if chosen is not None:
        return chosen.absolute()
    import platformdirs

    return platformdirs.user_cache_path("pellucid", appauthor=False).absolute()


def folder_of(download: Download) -> Path:
    """Return the folder of one dataset."""
    return where() / download.folder


def read(download: Download) -> dict[str, NDArray[np.uint8]]:
    """Return the content of each file of ``download`` that is in the cache and has the right checksum."""
    contents = {file.name: _read_file(folder_of(download) / file.name, file) for file in download.files}
    return {name: content for name, content in contents.items() if content is not None}


def _read_file(path: Path, file: File) -> NDArray[np.uint8] | None:
    try:
        if path.stat().st_size != file.size:
            return None
        content = np.fromfile(path, np.uint8)
    except OSError:
        return None
    return content if hashlib.sha256(content.data).hexdigest() == file.sha256 else None


@contextlib.contextmanager
def scratch_folder(download: Download) -> Iterator[Path]:
    """Make the folder of ``download`` if need be, and a temporary folder in it while the block runs.

    What killed processes left there is removed.

    Raises
    ------
    OutputError
        When the folder cannot be written to.
    """
    folder = folder_of(download)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_leftovers(folder)
        scratch = tempfile.mkdtemp(prefix=temporary_prefix(folder / "fetch"), suffix=ENDING, dir=folder)
    except OSError as error:
        raise OutputError(f"Cannot write to the cache folder {folder}: {error.strerror or error}.") from error
    try:
        yield Path(scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def write(download: Download, file: File, chunks: Iterable[bytes]) -> None:
    """Put ``chunks`` into the cache as ``file``; if they raise, nothing is put there.

    Raises
    ------
    OutputError
        When the folder cannot be written to, or the disk is full.
    """
    with replacing(folder_of(download) / file.name) as output:
        for chunk in chunks:
            output.write(chunk)


def remember_source(download: Download, file: File, source: str) -> None:
    """Note where ``file`` was fetched from; the notes of the other files stay."""
    sources = {**_sources(download), file.name: source}
    lines = (f"{name}\t{text}\n" for name, text in sources.items())
    write_text(folder_of(download) / _SOURCES, "".join(lines))


def source(download: Download) -> str:
    """Say where the cached files of ``download`` came from, and where they are."""
    noted = _sources(download)
    origins = dict.fromkeys(noted.get(file.name, "an earlier download") for file in download.files)
    return f"{' and '.join(origins)}; cached in {folder_of(download)}"


def _sources(download: Download) -> dict[str, str]:
    try:
        text = (folder_of(download) / _SOURCES).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    return dict(line.split("\t", 1) for line in text.splitlines() if "\t" in line)
