"""What the tests of datasets share: their own cache, a tiny dataset, a web server on this machine."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pellucid.datasets import describe, loading, qmnist
from pellucid.datasets.fetching.downloads import Download, File
from pellucid.datasets.fetching.sources import LocalMirror

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MIRROR = os.environ.get("PELLUCID_DATA")  # before the fixture below takes it away


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty cache, no local mirror, and no proxy."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("PELLUCID_CACHE", str(folder))
    monkeypatch.delenv("PELLUCID_DATA", raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return folder


@pytest.fixture(scope="session")
def _real_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("real-cache")


@pytest.fixture
def real_data(_real_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the local mirror with the real data; skip the test where there is none."""
    if not MIRROR:
        pytest.skip("PELLUCID_DATA names no folder with the real datasets")
    monkeypatch.setenv("PELLUCID_DATA", MIRROR)
    monkeypatch.setenv("PELLUCID_CACHE", str(_real_cache))
    return Path(MIRROR)


@pytest.fixture(scope="session")
def contents() -> dict[str, bytes]:
    """Return the files of a tiny dataset."""
    values = np.random.default_rng(0)
    return {"images.bin": values.bytes(300_000), "labels.bin": values.bytes(10)}


@pytest.fixture
def entry(contents: dict[str, bytes]) -> Download:
    """Return a tiny dataset that has no sources yet."""
    files = tuple(
        File(name, len(content), hashlib.sha256(content).hexdigest()) for name, content in contents.items()
    )
    return Download("tiny", "tiny", files, "images.bin and labels.bin from https://example.org", ())


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, dict[str, bytes]], Download]:
    """Return a function that makes a dataset consist of some files, in a local mirror."""

    def install(name: str, contents: dict[str, bytes]) -> Download:
        files = tuple(File(n, len(c), hashlib.sha256(c).hexdigest()) for n, c in contents.items())
        entry = dataclasses.replace(loading.fetchable()[name], files=files, sources=(LocalMirror(),))
        if name == "mnist_writers":
            monkeypatch.setattr(qmnist, "DOWNLOAD", entry)
        else:
            info = dataclasses.replace(describe(name), download=entry)
            datasets = tuple(info if other.name == name else other for other in loading.DATASETS)
            monkeypatch.setattr(loading, "DATASETS", datasets)
        folder = tmp_path / "mirror" / entry.folder
        folder.mkdir(parents=True)
        for file, content in contents.items():
            (folder / file).write_bytes(content)
        monkeypatch.setenv("PELLUCID_DATA", str(tmp_path / "mirror"))
        return entry

    return install


class Web:
    """A web server: ``pages[path]`` is called with the request's handler to answer it."""

    def __init__(self) -> None:
        web = self
        self.pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.asked.append(self.path)
                if self.path in web.pages:
                    web.pages[self.path](self)
                else:
                    self.send_error(404)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the overridden method's name
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def serve(
        self,
        path: str,
        body: bytes,
        *,
        status: int = 200,
        kind: str = "application/octet-stream",
        announce: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Answer ``path`` with ``body``; ``announce`` is the length to claim (-1: none)."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Content-Type", kind)
            for name, value in (headers or {}).items():
                handler.send_header(name, value)
            if announce != -1:
                handler.send_header("Content-Length", str(len(body) if announce is None else announce))
            handler.end_headers()
            handler.wfile.write(body)

        self.pages[path] = answer

    def serve_gz(self, folder: str, contents: dict[str, bytes]) -> str:
        """Serve each of ``contents`` as ``.gz`` in ``folder`` and return the folder's address."""
        for name, content in contents.items():
            self.serve(f"/{folder}/{name}.gz", gzip.compress(content, 1))
        return f"{self.url}{folder}/"


@pytest.fixture
def web() -> Iterator[Web]:
    """Return a web server on this machine."""
    web = Web()
    yield web
    web.server.shutdown()
    web.server.server_close()
