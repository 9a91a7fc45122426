"""The files of a dataset: read from the cache, fetched first where they are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.datasets import cache
from pellucid.errors import DatasetError

if TYPE_CHECKING:
    from pellucid.datasets.downloads import Contents, Download


def obtain(download: Download, *, progress: bool) -> Contents:
    """Return the checked content of each file of ``download``.

    Raises
    ------
    DatasetError
        When no source gives the files; the message lists what was tried and says what to do.
    OutputError
        When the cache cannot be written to.
    """
    contents = cache.read(download)
    if len(contents) == len(download.files):
        return contents
    from pellucid.datasets.fetching import fetch_missing

    fetch_missing(download, progress=progress)
    contents = cache.read(download)
    if len(contents) < len(download.files):
        raise DatasetError(
            f"Files of {download.name} vanished from {cache.folder_of(download)} while they were read; "
            "is another program clearing that folder? Load it again."
        )
    return contents
