import socket
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from pellucid.datasets import connecting
from pellucid.datasets.connecting import connect
from pellucid.datasets.download import open_url

V4, V6 = socket.AF_INET, socket.AF_INET6


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """Return the list of (family, address) that every host then has."""
    known: list[tuple[int, str]] = []

    def look_up(host: str, port: int, **options: Any) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(family, socket.SOCK_STREAM, 6, "", (address, port)) for family, address in known]

    monkeypatch.setattr(connecting.socket, "getaddrinfo", look_up)
    return known


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """Return the list of (address, time limit) that were tried; none of them answers."""
    tries: list[tuple[str, float]] = []

    def create(target: tuple[str, int], timeout: float, source: object) -> socket.socket:
        tries.append((target[0], timeout))
        raise TimeoutError(f"{target[0]} timed out")

    monkeypatch.setattr(connecting.socket, "create_connection", create)
    return tries


def test_one_address_of_each_family_within_the_limit(addresses: Any, tried: Any) -> None:
    addresses += [(V6, "::1"), (V6, "::2"), (V4, "10.0.0.1"), (V4, "10.0.0.2"), (V4, "10.0.0.3")]
    with pytest.raises(TimeoutError, match=r"10\.0\.0\.1 timed out"):
        connect(("example.org", 443), 10.0)
    assert tried == [("::1", 5.0), ("10.0.0.1", 5.0)]


def test_a_single_family_has_the_whole_limit(addresses: Any, tried: Any) -> None:
    addresses += [(V4, "10.0.0.1"), (V4, "10.0.0.2")]
    with pytest.raises(TimeoutError):
        connect(("example.org", 443), 10.0)
    assert tried == [("10.0.0.1", 10.0)]


def test_a_host_without_an_address(addresses: Any) -> None:
    with pytest.raises(OSError, match=r"example\.org has no address"):
        connect(("example.org", 443), 10.0)


def test_the_second_family_serves_where_the_first_does_not(web: Any) -> None:
    # "localhost" often has ::1 first, where this server does not listen.
    connection = connect(("localhost", web.server.server_port), 4.0)
    assert connection.gettimeout() == 4.0
    connection.close()


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

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.server_port, certificate
    server.shutdown()
    server.server_close()


def test_certificates_are_checked(secure_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    port, certificate = secure_server
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        open_url(f"https://localhost:{port}/file", 100)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with open_url(f"https://localhost:{port}/file", 100) as body:
        assert body.read() == b"secret"
