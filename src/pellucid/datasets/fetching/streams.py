"""Reading from a source that may be wrong, endless or gone: bytes are counted and compared."""

from __future__ import annotations

import hashlib
import io
import socket
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Buffer  # in collections.abc from Python 3.12 on

    from pellucid.datasets.fetching.downloads import File

CHUNK = 1 << 18


class SourceFailure(Exception):  # noqa: N818 - it never reaches the user: it becomes a line of the final error
    """A source that does not give what it should; the next one is tried."""


def reason(error: BaseException) -> str:
    """Say in a few words why a source failed: the first cause, beneath what libraries wrap around it."""
    while (beneath := _beneath(error)) is not None and not isinstance(error, SourceFailure):
        error = beneath
    if isinstance(error, SourceFailure):
        return str(error)
    if isinstance(error, socket.gaierror):
        return f"host not found ({error.strerror}); no network?"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return f"{type(error).__name__}: {error}"


def _beneath(error: BaseException) -> BaseException | None:
    """Return the error that this one was raised from, or while it was handled."""
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...

    def close(self) -> object: ...


def checked(stream: _Readable, file: File) -> Iterator[bytes]:
    """Yield the bytes of ``stream`` in chunks, and fail unless they are exactly those of ``file``.

    Raises
    ------
    SourceFailure
        When the bytes are others, and also when reading fails, to tell this from a failure to write.
    """
    digest = hashlib.sha256()
    count = 0
    while chunk := _read(stream, CHUNK):
        count += len(chunk)
        if count > file.size:
            raise SourceFailure(f"{file.name} is longer than its {file.size:,} bytes")
        digest.update(chunk)
        yield chunk
    if count < file.size:
        raise SourceFailure(f"{file.name} ends after {count:,} of {file.size:,} bytes")
    if digest.hexdigest() != file.sha256:
        raise SourceFailure(
            f"{file.name} is another file: its sha256 is {digest.hexdigest()}, not {file.sha256}"
        )


def _read(stream: _Readable, size: int) -> bytes:
    try:
        return stream.read(size)
    except Exception as error:
        raise SourceFailure(reason(error)) from error


class Capped(io.RawIOBase):
    """A stream that fails once more than ``limit`` bytes came out of it, as a decompression bomb's would."""

    def __init__(self, stream: _Readable, limit: int) -> None:
        self._stream = stream
        self._left = limit

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        """Fill ``buffer``."""
        view = memoryview(buffer)
        chunk = self._stream.read(len(view))
        self._left -= len(chunk)
        if self._left < 0:
            raise SourceFailure("more came than the dataset can hold; stopped")
        view[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        """Close the stream underneath, too."""
        self._stream.close()
        super().close()


def capped(stream: _Readable, limit: int) -> BinaryIO:
    """Return ``stream``, buffered, failing once more than ``limit`` bytes came out of it."""
    return io.BufferedReader(Capped(stream, limit), CHUNK)
