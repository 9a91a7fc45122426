"""Fetching: each source in turn, until every file is in the cache."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from pellucid.datasets import cache
from pellucid.datasets.mirrors import SOURCES
from pellucid.datasets.progress import bar
from pellucid.datasets.sources import Request
from pellucid.datasets.streams import SourceFailure, checked, reason
from pellucid.errors import DatasetError, OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from pellucid.datasets.downloads import Download, File
    from pellucid.datasets.sources import Source


def fetch_missing(download: Download, *, progress: bool) -> None:
    """Put the files of ``download`` that the cache lacks into it.

    Raises :class:`~pellucid.errors.DatasetError` when no source gives them, with what was tried and what to
    do; :class:`~pellucid.errors.OutputError` when the cache cannot be written to.
    """
    present = cache.read(download)
    missing = [file for file in download.files if file.name not in present]
    folder = cache.prepare(download)
    failures: list[str] = []
    for source in SOURCES[download.name]:
        if not missing:
            return
        try:
            _fetch_from(source, download, missing, folder, progress=progress)
        except OutputError:
            raise  # the disk is full or closed: another source would not help
        except Exception as error:
            failures.append(f"{source}: {reason(error)}")
    if missing:
        raise DatasetError(_nothing_helped(download, missing, failures))


def _fetch_from(
    source: Source, download: Download, missing: list[File], folder: Path, *, progress: bool
) -> None:
    """Store what ``source`` yields, and take it off ``missing``."""
    wanted = {file.name: file for file in missing}
    total = sum(file.size for file in missing)
    title = f"{download.name} from {source}"
    request = Request(download, tuple(missing), folder)
    with bar(title, total, enabled=progress) as advance, closing(source.streams(request)) as streams:
        for name, stream in streams:
            cache.write(download, wanted[name], checked(stream, wanted[name], advance))
            cache.remember_source(download, wanted[name], str(source))
            missing.remove(wanted[name])
    if missing:
        raise SourceFailure(f"it has no {missing[0].name}")


def _nothing_helped(download: Download, missing: list[File], failures: list[str]) -> str:
    tried = [f"the cache {cache.folder_of(download)}: {_what_is_wrong(download, missing)}", *failures]
    return "\n".join(
        [
            f"The dataset {download.name} could not be had. Tried, in this order:",
            *(f"  {number}. {line}" for number, line in enumerate(tried, start=1)),
            "What to do: try again with a network (behind a proxy, set HTTPS_PROXY). Or download by hand",
            f"{download.by_hand},",
            f"put it into a folder named {download.folder} inside some folder D, and set PELLUCID_DATA=D.",
        ]
    )


def _what_is_wrong(download: Download, missing: list[File]) -> str:
    folder = cache.folder_of(download)
    damaged = [file.name for file in missing if (folder / file.name).exists()]
    absent = [file.name for file in missing if file.name not in damaged]
    if len(absent) == len(download.files):
        return "nothing there"
    states = (("damaged", damaged), ("not there", absent))
    return "; ".join(f"{state}: {', '.join(names)}" for state, names in states if names)
