import hashlib
import io
import socket

import pytest

from pellucid.datasets.fetching.downloads import File
from pellucid.datasets.fetching.streams import SourceFailure, capped, checked, reason

CONTENT = bytes(range(256)) * 5000
FILE = File("pixels", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


def read_all(content: bytes) -> bytes:
    return b"".join(checked(io.BytesIO(content), FILE))


def test_the_right_bytes_pass() -> None:
    assert read_all(CONTENT) == CONTENT


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"pixels ends after 0 of 1,280,000 bytes"),
        (CONTENT[:-1], r"pixels ends after 1,279,999 of 1,280,000 bytes"),
        (CONTENT + b"x", r"pixels is longer than its 1,280,000 bytes"),
        (b"x" + CONTENT[1:], rf"pixels is another file: its sha256 is [0-9a-f]{{64}}, not {FILE.sha256}"),
    ],
)
def test_wrong_bytes_fail(content: bytes, message: str) -> None:
    with pytest.raises(SourceFailure, match=message):
        read_all(content)


def test_a_failure_to_read_is_a_failure_of_the_source() -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1, /) -> bytes:
            raise ConnectionResetError(104, "Connection reset by peer")

    with pytest.raises(SourceFailure, match=r"ConnectionResetError: .*reset by peer"):
        list(checked(Broken(), FILE))


def test_a_capped_stream_gives_up_to_its_limit_and_then_fails() -> None:
    assert capped(io.BytesIO(b"abc"), 3).read() == b"abc"
    with pytest.raises(SourceFailure, match="more came than the dataset can hold"):
        capped(io.BytesIO(b"abcd"), 3).read()


def test_closing_a_capped_stream_closes_the_one_underneath() -> None:
    inner = io.BytesIO(b"abc")
    capped(inner, 3).close()
    assert inner.closed


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SourceFailure("as it is"), "as it is"),
        (
            socket.gaierror(-2, "Name or service not known"),
            "host not found (Name or service not known); no network?",
        ),
        (TimeoutError("timed out"), "no answer in time"),
        (EOFError("cut"), "EOFError: cut"),
    ],
)
def test_reasons_are_told_in_a_few_words(error: Exception, words: str) -> None:
    assert reason(error) == words


def wrapped(cause: Exception) -> Exception:
    """Return an error that a library raised while it handled ``cause``."""
    try:
        try:
            raise cause
        except Exception:
            raise RuntimeError("in three layers of words")  # noqa: B904 - as libraries do
    except RuntimeError as error:
        return error


def test_the_reason_is_the_first_cause() -> None:
    assert reason(wrapped(TimeoutError("timed out"))) == "no answer in time"
    assert reason(wrapped(SourceFailure("HTTP 404 Not Found"))) == "HTTP 404 Not Found"
    hidden = wrapped(TimeoutError("timed out"))
    hidden.__suppress_context__ = True
    assert reason(hidden) == "RuntimeError: in three layers of words"
