import errno
import gzip
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from pellucid.datasets.fetching import cache
from pellucid.datasets.fetching.downloads import Download
from pellucid.datasets.fetching.obtaining import fetch_missing
from pellucid.datasets.fetching.sources import GzFiles, LocalMirror
from pellucid.errors import DatasetError, OutputError


def cached(entry: Download) -> dict[str, bytes]:
    return {name: bytes(content) for name, content in cache.read(entry).items()}


def test_the_first_source_that_works_is_used(entry: Download, contents: dict[str, bytes], web: Any) -> None:
    first, second = web.serve_gz("first", contents), web.serve_gz("second", contents)
    entry = replace(
        entry,
        sources=(
            LocalMirror(),
            GzFiles(first),
            GzFiles(second),
        ),
    )
    fetch_missing(entry, progress=False)
    assert cached(entry) == contents
    assert cache.source(entry).startswith(f"{first}; cached in ")
    assert not any(path.startswith("/second") for path in web.asked)


def test_only_what_is_missing_is_fetched(entry: Download, contents: dict[str, bytes], web: Any) -> None:
    entry = replace(entry, sources=(GzFiles(web.serve_gz("mirror", contents)),))
    fetch_missing(entry, progress=False)
    (cache.folder_of(entry) / "labels.bin").write_bytes(b"damaged")
    web.asked.clear()
    fetch_missing(entry, progress=False)
    assert cached(entry) == contents
    assert web.asked == ["/mirror/labels.bin.gz"]


def packed(content: bytes) -> dict[str, Any]:
    return {"body": gzip.compress(content, 1)}


FAULTS: dict[str, tuple[Callable[[bytes], dict[str, Any]], str]] = {
    "wrong": (
        lambda content: packed(content[1:] + content[:1]),
        "images.bin is another file: its sha256 is",
    ),
    "short": (
        lambda content: packed(content[:-1]),
        "images.bin ends after 299,999 of 300,000 bytes",
    ),
    "long": (
        lambda content: packed(content + b"x"),
        "images.bin is longer than its 300,000 bytes",
    ),
    "cut": (
        lambda content: {"body": gzip.compress(content)[:100_000], "announce": 300_000},
        "EOFError: Compressed file ended before the end-of-stream marker|IncompleteRead",
    ),
    "trailing": (
        lambda content: {"body": gzip.compress(content) + b"PK trailing"},
        "BadGzipFile: Not a gzipped file",
    ),
    "page": (
        lambda _: {"body": b"<html>sign in</html>", "kind": "text/html"},
        "a web page came instead of the file",
    ),
    "500": (lambda _: {"body": b"", "status": 500}, "HTTP 500 Internal Server Error"),
    "404": (lambda _: {"body": b"", "status": 404}, "HTTP 404 Not Found"),
    "bomb": (
        lambda _: packed(bytes(50_000_000)),
        "images.bin is longer than its 300,000 bytes|more came than the dataset can hold",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_source_is_passed_over(
    fault: str, entry: Download, contents: dict[str, bytes], web: Any
) -> None:
    answer, _ = FAULTS[fault]
    web.serve("/bad/images.bin.gz", **answer(contents["images.bin"]))
    good = web.serve_gz("good", contents)
    entry = replace(
        entry,
        sources=(
            GzFiles(f"{web.url}bad/"),
            GzFiles(good),
        ),
    )
    fetch_missing(entry, progress=False)
    assert cached(entry) == contents
    assert cache.source(entry).startswith(good)


@pytest.mark.parametrize("fault", FAULTS)
def test_with_faulty_sources_only_the_cache_stays_empty_and_all_is_told(
    fault: str, entry: Download, contents: dict[str, bytes], web: Any
) -> None:
    answer, message = FAULTS[fault]
    web.serve("/bad/images.bin.gz", **answer(contents["images.bin"]))
    entry = replace(
        entry,
        sources=(
            LocalMirror(),
            GzFiles(f"{web.url}bad/"),
        ),
    )
    with pytest.raises(DatasetError, match=rf"\n  3\. {web.url}bad/: .*({message})"):
        fetch_missing(entry, progress=False)
    assert list(cache.folder_of(entry).iterdir()) == []


def test_the_message_lists_what_was_tried_and_says_what_to_do(entry: Download, cache_folder: Path) -> None:
    entry = replace(
        entry,
        sources=(
            LocalMirror(),
            GzFiles("http://127.0.0.1:9/"),
        ),
    )
    cache.folder_of(entry).mkdir(parents=True)
    (cache.folder_of(entry) / "labels.bin").write_bytes(b"damaged")
    with pytest.raises(DatasetError) as error:
        fetch_missing(entry, progress=False)
    assert str(error.value).splitlines() == [
        "The dataset tiny is not available. Tried, in this order:",
        f"  1. the cache {cache_folder / 'tiny'}: damaged: labels.bin; not there: images.bin",
        "  2. PELLUCID_DATA: it is not set",
        "  3. http://127.0.0.1:9/: ConnectionRefusedError: [Errno 111] Connection refused",
        "What to do: try again with a network (behind a proxy, set HTTPS_PROXY, and REQUESTS_CA_BUNDLE",
        "if it has certificates of its own). Or download by hand",
        "images.bin and labels.bin from https://example.org,",
        "put it into a folder named tiny inside some folder D, and set PELLUCID_DATA=D.",
    ]


def test_the_message_says_what_the_cache_has(entry: Download, contents: dict[str, bytes]) -> None:
    entry = replace(entry, sources=(LocalMirror(),))
    with pytest.raises(DatasetError, match=r"1\. the cache .*tiny: nothing there\n"):
        fetch_missing(entry, progress=False)
    cache.write(entry, entry.files[0], [contents["images.bin"]])
    with pytest.raises(DatasetError, match=r"1\. the cache .*tiny: not there: labels.bin\n"):
        fetch_missing(entry, progress=False)


def test_files_from_two_sources_are_put_together(
    entry: Download, contents: dict[str, bytes], web: Any
) -> None:
    half = web.serve_gz("half", {"images.bin": contents["images.bin"]})
    other = web.serve_gz("other", {"labels.bin": contents["labels.bin"]})
    entry = replace(
        entry,
        sources=(
            GzFiles(half),
            GzFiles(other),
        ),
    )
    fetch_missing(entry, progress=False)
    assert cached(entry) == contents
    assert cache.source(entry).startswith(f"{half} and {other}; cached in")


def test_a_disk_that_is_full_while_downloading_ends_it_at_once(
    entry: Download, contents: dict[str, bytes], web: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: object, chunk: bytes) -> None:
        with self._reported():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pellucid.datasets.fetching.retrieving._LimitedFile.write", full)
    entry = replace(
        entry, sources=(GzFiles(web.serve_gz("a", contents)), GzFiles(web.serve_gz("b", contents)))
    )
    with pytest.raises(
        OutputError, match=r"^Cannot write .*: No space left on device\. Set PELLUCID_CACHE to"
    ):
        fetch_missing(entry, progress=False)
    assert list(cache.folder_of(entry).iterdir()) == []
    assert web.asked == ["/a/images.bin.gz"]


def test_a_file_in_the_place_of_the_cache_says_what_to_do(
    entry: Download, contents: dict[str, bytes], web: Any, cache_folder: Path
) -> None:
    cache_folder.write_text("in the way")
    entry = replace(entry, sources=(GzFiles(web.serve_gz("a", contents)),))
    with pytest.raises(
        OutputError, match=r"^Cannot write to the cache folder .*tiny: Not a directory\. Set PELLUCID_CACHE"
    ):
        fetch_missing(entry, progress=False)


def test_a_full_disk_ends_it_at_once(
    entry: Download, contents: dict[str, bytes], web: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pellucid.core.files.os.fsync", full)
    entry = replace(
        entry,
        sources=(
            GzFiles(web.serve_gz("a", contents)),
            GzFiles(web.serve_gz("b", contents)),
        ),
    )
    with pytest.raises(
        OutputError,
        match=r"No space left on device.* Set PELLUCID_CACHE to a folder with 1 MB free for tiny\.$",
    ):
        fetch_missing(entry, progress=False)
    assert list(cache.folder_of(entry).iterdir()) == []
    assert web.asked == ["/a/images.bin.gz"]


# A process of its own that fetches the tiny dataset from the address in its second argument.
CHILD = """
import json, sys
from pellucid.datasets.fetching.downloads import Download, File
from pellucid.datasets.fetching.obtaining import fetch_missing
from pellucid.datasets.fetching.sources import GzFiles
files = tuple(File(*file) for file in json.loads(sys.argv[1]))
fetch_missing(Download("tiny", "tiny", files, "", (GzFiles(sys.argv[2]),)), progress=True)
"""


def start(entry: Download, url: str) -> subprocess.Popen[bytes]:
    files = json.dumps([(file.name, file.size, file.sha256) for file in entry.files])
    return subprocess.Popen([sys.executable, "-c", CHILD, files, url], stderr=subprocess.PIPE)


def serve_slowly(web: Any, contents: dict[str, bytes], seconds: float) -> str:
    """Serve each of ``contents``, the large one in ``seconds``."""
    for name, content in contents.items():
        packed = gzip.compress(content, 1)

        def answer(handler: BaseHTTPRequestHandler, packed: bytes = packed) -> None:
            handler.send_response(200)
            handler.end_headers()
            step = 5_000
            for start in range(0, len(packed), step):
                try:
                    handler.wfile.write(packed[start : start + step])
                except OSError:
                    return
                time.sleep(seconds * step / 300_000)

        web.pages[f"/slow/{name}.gz"] = answer
    return f"{web.url}slow/"


def test_two_processes_at_once(entry: Download, contents: dict[str, bytes], web: Any) -> None:
    url = serve_slowly(web, contents, 0.1)
    answer, both = web.pages["/slow/images.bin.gz"], threading.Barrier(2, timeout=30)

    def answer_both_at_once(handler: BaseHTTPRequestHandler) -> None:
        both.wait()
        answer(handler)

    web.pages["/slow/images.bin.gz"] = answer_both_at_once
    children = [start(entry, url), start(entry, url)]
    for child in children:
        _, complaint = child.communicate(timeout=60)
        assert (child.returncode, complaint) == (0, b"")
    assert web.asked.count("/slow/images.bin.gz") == 2
    assert cached(entry) == contents
    assert sorted(path.name for path in cache.folder_of(entry).iterdir()) == [
        "images.bin",
        "labels.bin",
        "sources.txt",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_killed_at_any_moment_the_cache_is_valid_or_absent(
    entry: Download, contents: dict[str, bytes], web: Any
) -> None:
    url = serve_slowly(web, contents, 0.3)
    moments = random.Random(0)  # noqa: S311 - no secret
    for _ in range(5):
        web.asked.clear()
        child = start(entry, url)
        while not web.asked and child.poll() is None:
            time.sleep(0.005)
        time.sleep(moments.uniform(0, 0.4))
        child.send_signal(signal.SIGKILL)
        child.communicate()
        for file in entry.files:
            path = cache.folder_of(entry) / file.name
            assert not path.exists() or path.read_bytes() == contents[file.name]
        left = {path.name for path in cache.folder_of(entry).iterdir()} - {*contents, "sources.txt"}
        assert all(name.startswith(".") and name.endswith(".part") for name in left)  # removed an hour later
    entry = replace(entry, sources=(GzFiles(url),))
    fetch_missing(entry, progress=False)
    assert cached(entry) == contents
