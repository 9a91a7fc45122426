"""The files of a dataset: read from the cache; those that it lacks are fetched from each source in turn."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from pellucid.datasets.fetching import cache
from pellucid.datasets.fetching.downloads import Request
from pellucid.datasets.fetching.streams import SourceFailure, checked, reason
from pellucid.datasets.progress import download_bar
from pellucid.errors import DatasetError, OutputError

if TYPE_CHECKING:
    from pellucid.datasets.fetching.downloads import Contents, Download, File, Source


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
    fetch_missing(download, progress=progress)
    contents = cache.read(download)
    if len(contents) < len(download.files):
        raise DatasetError(
            f"Files of {download.name} vanished from {cache.folder_of(download)} while they were read; "
            "is another program clearing that folder? Load it again."
        )
    return contents


def fetch_missing(download: Download, *, progress: bool) -> None:
    """Put the files of ``download`` that the cache lacks into it.

    Raises
    ------
    DatasetError
        When no source gives them; the message lists what was tried and says what to do.
    OutputError
        When the cache cannot be written to.
    """
    present = cache.read(download)
    missing = [file for file in download.files if file.name not in present]
    failures: list[str] = []
    for source in download.sources:
        if not missing:
            return
        try:
            _fetch_from(source, download, missing, progress=progress)
        except OutputError as error:  # the disk is full or read-only: another source would not help
            raise OutputError(f"{error} {_advice(download)}") from error.__cause__
        except Exception as error:
            failures.append(f"{source}: {reason(error)}")
    if missing:
        raise DatasetError(_every_source_failed(download, missing, failures))


def _fetch_from(source: Source, download: Download, missing: list[File], *, progress: bool) -> None:
    """Store the files that ``source`` yields, and remove them from ``missing``."""
    wanted = {file.name: file for file in missing}
    title = f"{download.name} from {source}"
    with cache.scratch_folder(download) as scratch, download_bar(title, enabled=progress) as bar:
        request = Request(download, tuple(missing), scratch, bar)
        with closing(source.streams(request)) as streams:
            for name, stream in streams:
                cache.write(download, wanted[name], checked(stream, wanted[name]))
                cache.remember_source(download, wanted[name], str(source))
                missing.remove(wanted[name])
    if missing:
        raise SourceFailure(f"it has no {missing[0].name}")


def _advice(download: Download) -> str:
    room = 2 * download.size // 1_000_000 + 1  # a package may need as much again while it is read
    return f"Set PELLUCID_CACHE to a folder with {room} MB free for {download.name}."


def _every_source_failed(download: Download, missing: list[File], failures: list[str]) -> str:
    tried = [f"the cache {cache.folder_of(download)}: {_state_of_cache(download, missing)}", *failures]
    return "\n".join(
        [
            f"The dataset {download.name} is not available. Tried, in this order:",
            *(f"  {number}. {line}" for number, line in enumerate(tried, start=1)),
            "What to do: try again with a network (behind a proxy, set HTTPS_PROXY, and REQUESTS_CA_BUNDLE",
            "if it has certificates of its own). Or download by hand",
            f"{download.by_hand},",
            f"put it into a folder named {download.folder} inside some folder D, and set PELLUCID_DATA=D.",
        ]
    )


def _state_of_cache(download: Download, missing: list[File]) -> str:
    folder = cache.folder_of(download)
    damaged = [file.name for file in missing if (folder / file.name).exists()]
    absent = [file.name for file in missing if file.name not in damaged]
    if len(absent) == len(download.files):
        return "nothing there"
    states = (("damaged", damaged), ("not there", absent))
    return "; ".join(f"{state}: {', '.join(names)}" for state, names in states if names)
