import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from pellucid.datasets import download
from pellucid.datasets.download import open_url
from pellucid.datasets.streams import SourceFailure, reason


def get(url: str, limit: int = 1000) -> bytes:
    with open_url(url, limit) as body:
        return body.read()


def test_a_file_is_read(web: Any) -> None:
    web.serve("/file", b"1234567890" * 100)
    assert get(f"{web.url}file") == b"1234567890" * 100


def test_a_redirect_is_followed(web: Any) -> None:
    web.serve("/old", b"", status=302, headers={"Location": "/file"})
    web.serve("/file", b"moved here")
    assert get(f"{web.url}old") == b"moved here"
    assert web.asked == ["/old", "/file"]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("file:///etc/passwd", "HTTP 302 .*not allowed"),
        ("ftp://127.0.0.1/file", "it redirects from http to ftp://127.0.0.1/file, which is not followed"),
    ],
)
def test_a_redirect_to_something_else_than_the_web_is_not_followed(
    web: Any, target: str, message: str
) -> None:
    web.serve("/old", b"", status=302, headers={"Location": target})
    with pytest.raises(SourceFailure, match=message):
        get(f"{web.url}old")


def test_https_is_not_left_for_http() -> None:
    redirects = download._Redirects()
    request = download.urllib.request.Request("https://example.org/a")
    with pytest.raises(SourceFailure, match=r"it redirects from https to http://example\.org/b"):
        redirects.redirect_request(request, None, 302, "Found", {}, "http://example.org/b")
    followed = redirects.redirect_request(request, None, 302, "Found", {}, "https://example.org/b")
    assert followed.full_url == "https://example.org/b"


def test_a_redirect_loop_ends(web: Any) -> None:
    web.serve("/loop", b"", status=302, headers={"Location": "/loop"})
    with pytest.raises(SourceFailure, match=r"HTTP 302 .*infinite loop"):
        get(f"{web.url}loop")
    assert len(web.asked) <= 11


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (b"<!DOCTYPE html><title>Please log in</title>", "application/octet-stream"),
        (b"  \n<HTML><body>proxy</body>", "application/gzip"),
        (b"Please log in", "text/html; charset=utf-8"),
    ],
)
def test_a_web_page_is_no_data(web: Any, page: bytes, kind: str) -> None:
    web.serve("/file", page, kind=kind)
    with pytest.raises(SourceFailure, match="a web page came instead of the file"):
        get(f"{web.url}file")


def test_a_proxy_that_answers_everything_with_a_web_page(web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", web.url)
    monkeypatch.setenv("no_proxy", "")
    web.serve("http://mirror.invalid/file", b"<html>Sign in to the hotel network</html>")
    with pytest.raises(SourceFailure, match="a web page came instead of the file: from a proxy"):
        get("http://mirror.invalid/file")


def test_an_error_status_is_told(web: Any) -> None:
    web.serve("/file", b"oops", status=500)
    with pytest.raises(SourceFailure, match="HTTP 500 Internal Server Error"):
        get(f"{web.url}file")


def test_an_answer_that_announces_too_much_is_refused_at_once(web: Any) -> None:
    web.serve("/file", b"", announce=10**12)
    with pytest.raises(SourceFailure, match="the answer is 1,000,000,000,000 bytes long, more than 1,000"):
        get(f"{web.url}file")


def test_an_endless_answer_is_stopped(web: Any) -> None:
    def pour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(bytes(100_000))
        except OSError:
            pass

    web.pages["/file"] = pour
    with pytest.raises(SourceFailure, match="more than 1,000 bytes came; stopped"):
        get(f"{web.url}file")


def test_silence_is_given_up(web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "TIMEOUT", 0.1)
    web.pages["/file"] = lambda _: time.sleep(0.5)
    start = time.monotonic()
    with pytest.raises(OSError, match="timed out") as error:
        get(f"{web.url}file")
    assert reason(error.value) == "no answer in time"
    assert time.monotonic() - start < 0.4


def test_a_trickle_is_given_up(web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "PATIENCE", 0.2)

    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            try:
                handler.wfile.write(b"x")
            except OSError:
                return
            time.sleep(0.02)

    web.pages["/file"] = trickle
    with pytest.raises(SourceFailure, match=r"too slow: \d+ bytes in 0 s"):
        get(f"{web.url}file")


def test_an_unknown_host_is_told_at_once() -> None:
    start = time.monotonic()
    with pytest.raises(OSError, match="urlopen error") as error:
        get("https://mirror.invalid/file")
    assert reason(error.value).startswith("host not found")
    assert time.monotonic() - start < 5


def test_a_closed_port_is_told_at_once() -> None:
    with pytest.raises(OSError, match="refused"):
        get("http://127.0.0.1:9/file")
