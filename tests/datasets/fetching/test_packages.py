import os
import sys
import zipfile
from pathlib import Path

import pytest

from pellucid.datasets.fetching import packages
from pellucid.datasets.fetching.streams import SourceFailure

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in tools are shell scripts")


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is the whole PATH, but for sh's own tools."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/bin{os.pathsep}/usr/bin")
    monkeypatch.setattr(
        packages.shutil, "which", lambda name: str(folder / name) if (folder / name).exists() else None
    )
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    folder.mkdir()
    return folder


def install(tools: Path, name: str, script: str) -> None:
    (tools / name).write_text(f"#!/bin/sh\n{script}\n")
    (tools / name).chmod(0o755)


def test_npm_packs_into_the_folder(tools: Path, folder: Path) -> None:
    install(tools, "npm", 'echo "$@" > asked; echo "$TMPDIR" >> asked; echo content > tiny-1.0.tgz')
    assert packages.npm_pack("tiny@1.0", folder) == folder / "tiny-1.0.tgz"
    asked, temporary = (folder / "asked").read_text().splitlines()
    assert asked.startswith("pack tiny@1.0 --ignore-scripts ")
    assert temporary == str(folder)


def test_apt_downloads_into_the_folder(tools: Path, folder: Path) -> None:
    install(tools, "dpkg-deb", "")
    install(tools, "apt-get", 'echo "$@" > asked; echo content > tiny_1.0_all.deb')
    assert packages.apt_download("tiny", folder) == folder / "tiny_1.0_all.deb"
    assert (folder / "asked").read_text().startswith("download tiny ")


def test_a_tool_that_is_not_there_is_told(tools: Path, folder: Path) -> None:
    with pytest.raises(SourceFailure, match="npm is not installed"):
        packages.npm_pack("tiny", folder)
    with pytest.raises(SourceFailure, match="dpkg-deb is not installed"):
        packages.apt_download("tiny", folder)
    install(tools, "dpkg-deb", "")
    with pytest.raises(SourceFailure, match="apt-get is not installed"):
        packages.apt_download("tiny", folder)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo warning >&2; echo 'npm error code E404' >&2; exit 1", "^npm error code E404$"),
        ("echo 'E: Unable to locate package tiny' >&2; exit 100", "^E: Unable to locate package tiny$"),
        ("echo something odd >&2; exit 1", "^something odd$"),
        ("exit 3", "^exit status 3, and no package$"),
        ("exit 0", "^exit status 0, and no package$"),
        ("touch a.tgz b.tgz", "^exit status 0, and no package$"),
        ("yes 'npm error' | head -c 100000 >&2; exit 1", "^npm error$"),
        ("echo WARNING: an error >&2; echo ERROR: none found >&2; exit 1", "^ERROR: none found$"),
    ],
)
def test_what_the_tool_complains_of_is_told(tools: Path, folder: Path, script: str, message: str) -> None:
    install(tools, "npm", script)
    with pytest.raises(SourceFailure, match=message):
        packages.npm_pack("tiny", folder)


def test_a_tool_that_hangs_is_stopped(tools: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "TIMEOUT", 0.2)
    install(tools, "npm", "exec sleep 60")
    with pytest.raises(SourceFailure, match="not done after 0 s"):
        packages.npm_pack("tiny", folder)


def test_another_pip_is_used_where_this_python_has_none(
    tools: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(
        SourceFailure, match=r"pip is not installed for this Python \(python -m ensurepip installs it\)"
    ):
        packages.pip_download("tiny==1.0", folder)
    install(tools, "pip3", 'echo "$@" > asked; touch tiny-1.0-py3-none-any.whl')
    assert packages.pip_download("tiny==1.0", folder).name == "tiny-1.0-py3-none-any.whl"
    assert "download --no-deps --only-binary=:all:" in (folder / "asked").read_text()


@pytest.fixture
def local_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is all that pip looks into."""
    index = tmp_path / "index"
    index.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    return index


def test_pip_downloads_a_wheel(local_index: Path, folder: Path) -> None:
    pytest.importorskip("pip")
    with zipfile.ZipFile(local_index / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr(
            "tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
        wheel.writestr("tiny/__init__.py", "raise SystemExit('must not run')")
    found = packages.pip_download("tiny==1.0", folder)
    assert found.read_bytes() == (local_index / "tiny-1.0-py3-none-any.whl").read_bytes()


def test_pip_never_takes_a_source_package(local_index: Path, folder: Path) -> None:
    pytest.importorskip("pip")
    (local_index / "tiny-1.0.tar.gz").write_bytes(b"would be built")
    with pytest.raises(SourceFailure, match=r"ERROR: No matching distribution found for tiny==1.0"):
        packages.pip_download("tiny==1.0", folder)
