"""Retrieving a file with pooch: a temporary file beside the target, moved into place when it is complete.

The answer of a web server is checked as it comes in: it may be a login page, too long, endless or too slow.
Nothing is retried, as there is always another source. Proxies and certificates are those of the requests
library: HTTPS_PROXY, REQUESTS_CA_BUNDLE.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias
from urllib.parse import urljoin

import pooch

from pellucid.datasets.fetching.streams import SourceFailure
from pellucid.errors import OutputError

if TYPE_CHECKING:
    import requests

    from pellucid.datasets.fetching.downloads import DownloadBar

Downloader: TypeAlias = Callable[[str, str, object], None]
"""A downloader as pooch calls it: with the address, the path of the file to write, and a Pooch or None."""

TIMEOUT = (4.0, 10.0)  # seconds: to connect to one address of the host; for each piece of the answer
SLOWEST = 5_000  # bytes a second, on average: a mirror below this is abandoned
PATIENCE = 30.0  # seconds before that average counts
CHUNK = 4096  # bytes; how slow an answer is, is noticed once for each
WEB_PAGE = "a web page came instead of the file: from a proxy, or a login page?"


def retrieve(url: str, downloader: Downloader, folder: Path) -> Path:
    """Return the path of a file in ``folder`` that ``downloader`` has written."""
    with _without_messages(pooch.get_logger()):
        return Path(pooch.retrieve(url, known_hash=None, path=folder, downloader=downloader))


@contextmanager
def _without_messages(logger: logging.Logger) -> Iterator[None]:
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)


class WebDownloader:
    """pooch's downloader for web addresses, with limits.

    Parameters
    ----------
    limit
        The number of bytes after which an answer is refused.
    bar
        Shows the progress.
    """

    def __init__(self, limit: int, bar: DownloadBar | None = None) -> None:
        self.limit = limit
        self.bar = bar

    def __call__(self, url: str, output_file: str, pooch_: object) -> None:
        """Write the answer of ``url`` to ``output_file``.

        Raises
        ------
        SourceFailure
            When the answer cannot be the file: an error, a web page, too long, too slow, a redirect away
            from https.
        OutputError
            When the file cannot be written.
        """
        responses: list[requests.Response] = []

        def check(response: requests.Response, **_: object) -> None:
            responses.append(response)
            _check(response, self.limit)

        download = pooch.HTTPDownloader(
            progressbar=self.bar or False,
            chunk_size=CHUNK,
            timeout=TIMEOUT,
            headers={"User-Agent": "pellucid", "Accept-Encoding": "identity"},
            hooks={"response": check},
        )
        try:
            with Path(output_file).open("wb") as file:
                limited = _LimitedFile(file, self.limit)
                download(url, limited, pooch_)
                limited.finish()
        finally:
            for response in responses:
                response.close()


def _check(response: requests.Response, limit: int) -> None:
    """Raise :class:`SourceFailure` for an answer whose headers say that it is not the file."""
    if response.is_redirect:
        target = urljoin(response.url, response.headers["location"])
        if response.url.startswith("https:") and not target.lower().startswith("https:"):
            raise SourceFailure(f"it redirects from https to {target}, which is not followed")
        return
    if not response.ok:
        raise SourceFailure(f"HTTP {response.status_code} {response.reason}")
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > limit:
        raise SourceFailure(f"the answer is {int(announced):,} bytes long, more than {limit:,}")
    if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() == "text/html":
        raise SourceFailure(WEB_PAGE)


class _LimitedFile:
    """A file that refuses to be written too much, too slowly, or a web page."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file = file
        self._limit = limit
        self._count = 0
        self._start = time.monotonic()

    def write(self, chunk: bytes) -> None:
        """Check and write the next bytes of the answer."""
        if self._count == 0 and chunk.lstrip().lower().startswith((b"<!doctype html", b"<html")):
            raise SourceFailure(WEB_PAGE)
        self._count += len(chunk)
        if self._count > self._limit:
            raise SourceFailure(f"more than {self._limit:,} bytes came; stopped")
        seconds = time.monotonic() - self._start
        if seconds > PATIENCE and self._count < SLOWEST * seconds:
            raise SourceFailure(f"too slow: {self._count:,} bytes in {seconds:.0f} s")
        with self._reported():
            self._file.write(chunk)

    def flush(self) -> None:
        """Do nothing: pooch asks for it after each chunk, and the file's own buffer is larger."""

    def finish(self) -> None:
        """Write what is left in the file's buffer."""
        with self._reported():
            self._file.flush()

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Tell a failure to write from a failure to read, which is an OSError too."""
        try:
            yield
        except OSError as error:
            raise OutputError(f"Cannot write {self._file.name}: {error.strerror or error}.") from error
