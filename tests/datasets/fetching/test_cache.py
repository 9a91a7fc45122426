import errno
import os
import sys
import time
from pathlib import Path

import pytest

from pellucid.datasets.fetching import cache
from pellucid.datasets.fetching.downloads import Download
from pellucid.errors import OutputError


def made(entry: Download) -> Path:
    with cache.scratch_folder(entry):
        return cache.folder_of(entry)


def fill(entry: Download, contents: dict[str, bytes]) -> Path:
    folder = made(entry)
    for file in entry.files:
        cache.write(entry, file, [contents[file.name]])
        cache.remember_source(entry, file, "the test")
    return folder


def test_what_is_written_is_read(entry: Download, contents: dict[str, bytes]) -> None:
    assert cache.read(entry) == {}
    fill(entry, contents)
    assert {name: bytes(content) for name, content in cache.read(entry).items()} == contents


def test_arrays_can_be_written_to(entry: Download, contents: dict[str, bytes]) -> None:
    fill(entry, contents)
    assert all(content.flags.writeable for content in cache.read(entry).values())


@pytest.mark.parametrize("damage", ["short", "long", "changed", "empty"])
def test_a_damaged_file_counts_as_absent(entry: Download, contents: dict[str, bytes], damage: str) -> None:
    whole = contents["images.bin"]
    damaged = {"short": whole[:-1], "long": whole + b"x", "changed": whole[1:] + b"x", "empty": b""}
    path = fill(entry, contents) / "images.bin"
    path.write_bytes(damaged[damage])
    assert list(cache.read(entry)) == ["labels.bin"]


def test_a_folder_in_the_place_of_a_file_counts_as_absent(
    entry: Download, contents: dict[str, bytes]
) -> None:
    path = fill(entry, contents) / "images.bin"
    path.unlink()
    path.mkdir()
    assert list(cache.read(entry)) == ["labels.bin"]


def test_where_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PELLUCID_CACHE", str(tmp_path / "elsewhere"))
    assert cache.where() == tmp_path / "elsewhere"
    monkeypatch.setenv("PELLUCID_CACHE", "~/mine")
    assert cache.where() == Path.home() / "mine"
    monkeypatch.setenv("PELLUCID_CACHE", "")
    assert cache.where().name == "pellucid"


def test_sources_are_remembered(entry: Download, contents: dict[str, bytes], cache_folder: Path) -> None:
    fill(entry, contents)
    assert cache.source(entry) == f"the test; cached in {cache_folder / 'tiny'}"
    cache.remember_source(entry, entry.files[1], "a mirror")
    assert cache.source(entry) == f"the test and a mirror; cached in {cache_folder / 'tiny'}"


@pytest.mark.parametrize("text", [None, b"", b"\xff\xfe", b"no tab\n"])
def test_sources_may_be_forgotten(entry: Download, contents: dict[str, bytes], text: bytes | None) -> None:
    folder = fill(entry, contents)
    (folder / "sources.txt").unlink()
    if text is not None:
        (folder / "sources.txt").write_bytes(text)
    assert cache.source(entry).startswith("an earlier download; cached in ")


def test_a_failing_writer_leaves_nothing(entry: Download) -> None:
    folder = made(entry)

    def chunks():
        yield b"half"
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        cache.write(entry, entry.files[0], chunks())
    assert list(folder.iterdir()) == []


def test_a_full_disk_is_an_output_error(entry: Download, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made(entry)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pellucid.core.files.os.fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        cache.write(entry, entry.files[0], [b"some"])
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_an_output_error(entry: Download, cache_folder: Path) -> None:
    folder = made(entry)
    folder.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"):
        cache.write(entry, entry.files[0], [b"some"])
    folder.chmod(0o700)


def test_what_a_killed_process_left_is_cleared_away_later(entry: Download) -> None:
    folder = made(entry)
    fresh, stale = folder / ".images.bin.1.part", folder / ".images.bin.2.part"
    stale_folder, other = folder / ".package-x.part", folder / "mine.part"
    for path in (fresh, stale, other):
        path.write_bytes(b"half")
    stale_folder.mkdir()
    (stale_folder / "package.tgz").write_bytes(b"half")
    long_ago = time.time() - 7200
    for path in (stale, stale_folder, other):
        os.utime(path, (long_ago, long_ago))
    made(entry)
    assert sorted(folder.iterdir()) == [fresh, other]


def test_a_stale_link_is_removed_and_not_followed(entry: Download, tmp_path: Path) -> None:
    folder = made(entry)
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("keep")
    link = folder / ".package-link.part"
    link.symlink_to(tmp_path / "precious")
    long_ago = time.time() - 7200
    os.utime(link, (long_ago, long_ago), follow_symlinks=False)
    made(entry)
    assert not link.is_symlink()
    assert (tmp_path / "precious" / "file").read_text() == "keep"


def test_the_scratch_folder_is_gone_afterwards(entry: Download) -> None:
    with cache.scratch_folder(entry) as scratch:
        (scratch / "package.tgz").write_bytes(b"half")
        assert scratch.parent == cache.folder_of(entry)
    assert list(cache.folder_of(entry).iterdir()) == []
