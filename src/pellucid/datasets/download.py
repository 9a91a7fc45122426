"""Opening a URL with the care that a stranger's answer needs; the standard library's urllib underneath.

Certificates are checked and the usual proxy variables honoured (both by urllib). Nothing is retried: there
is always another source. What comes is compared with a known sha256 later, so a plain http mirror is safe
to read from, but https is never left for http on the way.
"""

from __future__ import annotations

import http.client
import io
import time
import urllib.error
import urllib.request
from typing import IO, TYPE_CHECKING, BinaryIO

from pellucid import __version__
from pellucid.datasets.connecting import PromptHTTPHandler, PromptHTTPSHandler
from pellucid.datasets.streams import CHUNK, SourceFailure

if TYPE_CHECKING:
    from typing_extensions import Buffer  # in collections.abc from Python 3.12 on

TIMEOUT = 10.0  # seconds, to connect and for each piece of the answer
SLOWEST = 5_000  # bytes a second, on average: a mirror below this is given up
PATIENCE = 30.0  # seconds before that average counts


def open_url(url: str, limit: int) -> BinaryIO:
    """Open ``url`` for reading, at most ``limit`` bytes.

    Raises :class:`~pellucid.datasets.streams.SourceFailure` for an answer that cannot be a data file (a
    web page, an error, too long, a redirect away from https), and the other errors of urllib.
    """
    request = urllib.request.Request(url, headers={"User-Agent": f"pellucid/{__version__}"})  # noqa: S310
    try:
        response: http.client.HTTPResponse = _opener().open(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        error.close()
        raise SourceFailure(f"HTTP {error.code} {error.reason}") from None
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > limit:
        response.close()
        raise SourceFailure(f"the answer is {int(announced):,} bytes long, more than {limit:,}")
    body = io.BufferedReader(_Body(response, limit), CHUNK)
    if _is_web_page(response, body.peek(64)):
        body.close()
        raise SourceFailure("a web page came instead of the file: from a proxy, or a login page?")
    return body


def _is_web_page(response: http.client.HTTPResponse, start: bytes) -> bool:
    kind = response.headers.get_content_type()
    return kind == "text/html" or start.lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _opener() -> urllib.request.OpenerDirector:
    # Not build_opener(): that would also open file: and ftp: addresses.
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        PromptHTTPHandler(),
        PromptHTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(),
    ):
        opener.add_handler(handler)
    return opener


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follow redirects (ten at most), but never from https to anything else."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Refuse to leave https, otherwise do as the standard library does."""
        allowed = ("https:",) if req.type == "https" else ("http:", "https:")
        if not newurl.lower().startswith(allowed):
            raise SourceFailure(f"it redirects from {req.type} to {newurl}, which is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Body(io.RawIOBase):
    """The body of an answer: counted, and given up when it only trickles."""

    def __init__(self, response: http.client.HTTPResponse, limit: int) -> None:
        self._response = response
        self._limit = limit
        self._count = 0
        self._start = time.monotonic()

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        """Fill ``buffer`` with what has come so far: ``read`` would wait until it is full, for ever."""
        view = memoryview(buffer)
        chunk = self._response.read1(len(view))
        self._count += len(chunk)
        if self._count > self._limit:
            raise SourceFailure(f"more than {self._limit:,} bytes came; stopped")
        seconds = time.monotonic() - self._start
        if seconds > PATIENCE and self._count < SLOWEST * seconds:
            raise SourceFailure(f"too slow: {self._count:,} bytes in {seconds:.0f} s")
        view[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        """Close the connection."""
        self._response.close()
        super().close()
