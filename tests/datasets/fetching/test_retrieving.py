import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pooch
import pytest
import requests

from pellucid.datasets.fetching import retrieving
from pellucid.datasets.fetching.retrieving import WebDownloader, retrieve
from pellucid.datasets.fetching.streams import SourceFailure, reason


@pytest.fixture
def get(tmp_path: Path):
    """Return a function that gives the bytes at an address."""
    folder = tmp_path / "scratch"

    def get(url: str, limit: int = 1000) -> bytes:
        return retrieve(url, WebDownloader(limit), folder).read_bytes()

    yield get
    if folder.exists():
        assert [path for path in folder.iterdir() if path.name.startswith("tmp")] == []


def test_a_file_is_read(get: Any, web: Any) -> None:
    web.serve("/file", b"1234567890" * 100)
    assert get(f"{web.url}file") == b"1234567890" * 100


def test_nothing_is_written_to_the_terminal_and_pooch_keeps_its_level(
    get: Any, web: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    level = pooch.get_logger().level
    web.serve("/file", b"1234567890")
    get(f"{web.url}file")
    assert capfd.readouterr() == ("", "")
    assert pooch.get_logger().level == level


def test_the_bar_has_the_length_and_goes_to_the_end(web: Any, tmp_path: Path) -> None:
    class Bar:
        total = count = 0

        def update(self, count: int) -> None:
            self.count += count

        def reset(self) -> None:
            self.count = 0

        def close(self) -> None:
            pass

    shown = Bar()
    web.serve("/file", bytes(10_000))
    retrieve(f"{web.url}file", WebDownloader(20_000, shown), tmp_path)
    assert (shown.total, shown.count) == (10_000, 10_000)


def test_an_answer_that_is_cut_short_fails(get: Any, web: Any) -> None:
    web.serve("/file", b"12345", announce=900)
    with pytest.raises(requests.RequestException) as error:
        get(f"{web.url}file")
    assert reason(error.value).startswith("IncompleteRead: ")


def test_a_redirect_is_followed(get: Any, web: Any) -> None:
    web.serve("/old", b"", status=302, headers={"Location": "/file"})
    web.serve("/file", b"moved here")
    assert get(f"{web.url}old") == b"moved here"
    assert web.asked == ["/old", "/file"]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("file:///etc/passwd", "No connection adapters were found for 'file:///etc/passwd'"),
        ("ftp://127.0.0.1/file", "No connection adapters were found for 'ftp://127.0.0.1/file'"),
    ],
)
def test_a_redirect_to_something_else_than_the_web_is_not_followed(
    get: Any, web: Any, target: str, message: str
) -> None:
    web.serve("/old", b"", status=302, headers={"Location": target})
    with pytest.raises(requests.exceptions.InvalidSchema, match=message):
        get(f"{web.url}old")


def redirect(source: str, target: str) -> requests.Response:
    response = requests.Response()
    response.url, response.status_code = source, 302
    response.headers["location"] = target
    return response


def test_https_is_not_left_for_http() -> None:
    with pytest.raises(SourceFailure, match=r"it redirects from https to http://example\.org/b, which"):
        retrieving._check(redirect("https://example.org/a", "http://example.org/b"), 10)
    retrieving._check(redirect("https://example.org/a", "https://example.org/b"), 10)
    retrieving._check(redirect("https://example.org/a", "/b"), 10)
    retrieving._check(redirect("http://example.org/a", "http://example.org/b"), 10)


def test_a_redirect_loop_ends(get: Any, web: Any) -> None:
    web.serve("/loop", b"", status=302, headers={"Location": "/loop"})
    with pytest.raises(requests.TooManyRedirects, match="Exceeded 30 redirects"):
        get(f"{web.url}loop")
    assert len(web.asked) <= 31


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (b"<!DOCTYPE html><title>Please log in</title>", "application/octet-stream"),
        (b"  \n<HTML><body>proxy</body>", "application/gzip"),
        (b"Please log in", "text/html; charset=utf-8"),
    ],
)
def test_a_web_page_is_no_data(get: Any, web: Any, page: bytes, kind: str) -> None:
    web.serve("/file", page, kind=kind)
    with pytest.raises(SourceFailure, match="a web page came instead of the file"):
        get(f"{web.url}file")


def test_a_proxy_that_answers_everything_with_a_web_page(
    get: Any, web: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", web.url)
    monkeypatch.setenv("no_proxy", "")
    web.serve("http://mirror.invalid/file", b"<html>Sign in to the hotel network</html>")
    with pytest.raises(SourceFailure, match="a web page came instead of the file: from a proxy"):
        get("http://mirror.invalid/file")


def test_an_error_status_is_told(get: Any, web: Any) -> None:
    web.serve("/file", b"oops", status=500)
    with pytest.raises(SourceFailure, match="HTTP 500 Internal Server Error"):
        get(f"{web.url}file")


def test_an_answer_that_announces_too_much_is_refused_at_once(get: Any, web: Any) -> None:
    web.serve("/file", b"", announce=10**12)
    with pytest.raises(SourceFailure, match="the answer is 1,000,000,000,000 bytes long, more than 1,000"):
        get(f"{web.url}file")


def test_an_endless_answer_is_stopped(get: Any, web: Any) -> None:
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


def test_silence_is_given_up(get: Any, web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieving, "TIMEOUT", 0.1)
    web.pages["/file"] = lambda _: time.sleep(0.5)
    with pytest.raises(requests.Timeout) as error:
        get(f"{web.url}file")
    assert reason(error.value) == "no answer in time"


def test_a_trickle_is_given_up(get: Any, web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieving, "PATIENCE", 0.2)
    monkeypatch.setattr(retrieving, "CHUNK", 10)

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


def test_an_unknown_host_is_told_at_once(get: Any) -> None:
    with pytest.raises(requests.ConnectionError) as error:
        get("https://mirror.invalid/file")
    assert reason(error.value).startswith("host not found")


def test_a_closed_port_is_told_at_once(get: Any) -> None:
    with pytest.raises(requests.ConnectionError) as error:
        get("http://127.0.0.1:9/file")
    assert reason(error.value) == "ConnectionRefusedError: [Errno 111] Connection refused"


@pytest.fixture
def secure_server(tmp_path: Path) -> Any:
    """Return the port and certificate of an https server."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    names = ["-addext", "subjectAltName=DNS:localhost"]
    try:
        subprocess.run(
            [*command, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True
        )
    except FileNotFoundError:
        pytest.skip("openssl is not installed")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"secret")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the overridden method's name
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # no output in a test
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.server_port, certificate
    server.shutdown()
    server.server_close()


def test_certificates_are_checked(get: Any, secure_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    port, certificate = secure_server
    with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        get(f"https://localhost:{port}/file")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    assert get(f"https://localhost:{port}/file") == b"secret"
