"""A virtual environment of the checkout's own, in .venv. Standard library only."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
OLDEST = (3, 11)


def python_with(*extras: str) -> Path:
    """Return the Python of the environment, which has pellucid with ``extras``; make it if need be."""
    if sys.version_info < OLDEST:
        sys.exit(f"pellucid needs Python {OLDEST[0]}.{OLDEST[1]} or later; this is {sys.version.split()[0]}")
    python = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = FOLDER / f"installed-{'-'.join(extras) or 'plain'}"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    if not python.exists():
        print(f"Making a virtual environment in {FOLDER}", file=sys.stderr)
        try:
            venv.create(FOLDER, with_pip=True, clear=FOLDER.exists())
        except subprocess.CalledProcessError:
            sys.exit(
                "This Python cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv"
            )
    what = f"{ROOT}[{','.join(extras)}]" if extras else str(ROOT)
    print("Installing pellucid and what it needs (once; a minute or two)", file=sys.stderr)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--editable", what], check=True)
    stamp.write_text(wanted)
    return python


def run(*command: str | Path) -> None:
    """Run a command in the checkout; end with its exit code if that is not 0."""
    code = subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode
    if code:
        sys.exit(code)
