import gzip
import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from pellucid.datasets.downloads import Download
from pellucid.datasets.sources import GzFiles, LocalMirror, Package, Request, TarGz
from pellucid.datasets.streams import SourceFailure
from pellucid.datasets.unpacking import read_tar_gz_file


def taken(source, entry: Download, scratch: Path) -> dict[str, bytes]:
    return {name: stream.read() for name, stream in source.streams(Request(entry, entry.files, scratch))}


def tar_of(contents: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in contents.items():
            info = tarfile.TarInfo(f"data/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


class TestLocalMirror:
    def test_files_plain_and_packed(
        self, entry: Download, contents: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PELLUCID_DATA", str(tmp_path / "mirror"))
        folder = tmp_path / "mirror" / "tiny"
        folder.mkdir(parents=True)
        (folder / "images.bin.gz").write_bytes(gzip.compress(contents["images.bin"]))
        (folder / "labels.bin").write_bytes(contents["labels.bin"])
        assert taken(LocalMirror({}), entry, tmp_path) == contents
        assert str(LocalMirror({})) == f"PELLUCID_DATA={tmp_path / 'mirror'}"

    def test_a_package(
        self, entry: Download, contents: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PELLUCID_DATA", str(tmp_path))
        (tmp_path / "tiny").mkdir()
        (tmp_path / "tiny" / "all.tar.gz").write_bytes(tar_of(contents))
        assert taken(LocalMirror({"all.tar.gz": read_tar_gz_file}), entry, tmp_path) == contents

    def test_what_is_not_there_is_told(
        self, entry: Download, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mirror = LocalMirror({"all.tar.gz": read_tar_gz_file})
        with pytest.raises(SourceFailure, match="it is not set"):
            taken(mirror, entry, tmp_path)
        assert str(mirror) == "PELLUCID_DATA"
        monkeypatch.setenv("PELLUCID_DATA", str(tmp_path / "nowhere"))
        with pytest.raises(SourceFailure, match=r"there is no folder .*nowhere/tiny"):
            taken(mirror, entry, tmp_path)
        (tmp_path / "nowhere" / "tiny").mkdir(parents=True)
        with pytest.raises(SourceFailure, match=r"there is no images.bin or images.bin.gz in .*nowhere/tiny"):
            taken(mirror, entry, tmp_path)


def test_gz_files_on_the_web(entry: Download, contents: dict[str, bytes], web: Any, tmp_path: Path) -> None:
    source = GzFiles(web.serve_gz("mirror", contents))
    assert taken(source, entry, tmp_path) == contents
    assert web.asked == ["/mirror/images.bin.gz", "/mirror/labels.bin.gz"]
    assert str(source) == f"{web.url}mirror/"


def test_a_tar_on_the_web(entry: Download, contents: dict[str, bytes], web: Any, tmp_path: Path) -> None:
    web.serve("/all.tar.gz", tar_of(contents))
    assert taken(TarGz(f"{web.url}all.tar.gz"), entry, tmp_path) == contents


def test_a_package_is_got_read_and_removed(
    entry: Download, contents: dict[str, bytes], tmp_path: Path
) -> None:
    def get(what: str, folder: Path) -> Path:
        assert folder.parent == tmp_path
        (folder / what).write_bytes(tar_of(contents))
        return folder / what

    source = Package("get", "tiny-1.tar.gz", get, read_tar_gz_file)
    assert taken(source, entry, tmp_path) == contents
    assert str(source) == "get tiny-1.tar.gz"
    assert list(tmp_path.iterdir()) == []
