"""A virtual environment for each library, with pellucid in it so that it can be measured there."""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import tomllib
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comparison.contenders import FAST

ROOT = Path(__file__).resolve().parent.parent.parent


def requirements(options: argparse.Namespace) -> dict[str, list[str]]:
    """Return, for each environment, what pip installs there; pellucid itself comes on top."""
    named = {name: shlex.split(getattr(options, name)) for name in ("tensorflow", "torch", "jax", "mygrad")}
    keras = shlex.split(options.keras)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found: dict[str, list[str]] = {"pellucid": project["dependencies"]}
    if "fast" in project["optional-dependencies"]:
        found[FAST] = project["dependencies"] + project["optional-dependencies"]["fast"]
    return found | {name: packages + keras * (name != "mygrad") for name, packages in named.items()}


class Environments:
    """The environments in ``folder``, each made when first asked for."""

    def __init__(self, folder: Path, wanted: Mapping[str, list[str]]) -> None:
        self.folder, self.wanted = folder, wanted

    @property
    def names(self) -> list[str]:
        return list(self.wanted)

    def python(self, name: str) -> Path:
        scripts = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
        return self.folder / name / scripts

    def made(self, name: str) -> dict[str, Any]:
        """Return what is installed in an environment and how large that is; make it if need be."""
        stamp = self.folder / name / "made.json"
        if stamp.exists():
            made = json.loads(stamp.read_text())
            if made["requirements"] == self.wanted[name]:
                return made
        made = self._make(name)
        stamp.write_text(json.dumps(made, indent=2))
        return made

    def _make(self, name: str) -> dict[str, Any]:
        folder = self.folder / name
        print(f"Making an environment in {folder}", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True, clear=True)
        empty = size(folder)
        if name in ("pellucid", FAST):
            self._install(name, "--editable", f"{ROOT}[fast]" if name == FAST else str(ROOT))
            occupied = size(folder) - empty + size(ROOT / "src", but="__pycache__")
        else:
            self._install(name, *self.wanted[name])
            occupied = size(folder) - empty
            self._install(name, "--editable", str(ROOT))
        return {"requirements": self.wanted[name], "bytes": occupied}

    def _install(self, name: str, *what: str) -> None:
        subprocess.run([self.python(name), "-m", "pip", "install", "--quiet", *what], check=True)


def size(folder: Path, but: str = "") -> int:
    """Return the bytes of all files in a folder, but not of those in folders of a name."""
    files = (file for file in folder.rglob("*") if but not in file.parts)
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink())
