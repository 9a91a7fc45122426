"""The floors of ARCHITECTURE.md: an import only ever points down, and importing pellucid is light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import pellucid

ROOT = Path(pellucid.__file__).parent
FLOORS = {
    "errors": 0,
    "arguments": 0,
    "old_spellings": 0,
    "configured": 0,
    "registry": 0,
    "randomness": 0,
    "files": 0,
    "runfolder": 0,
    "fast": 1,
    "functions": 1,
    "layers": 2,
    "training": 3,
    "datasets": 3,
    "evaluation": 4,
    "experiments": 4,
    "report": 5,
    "lab": 5.5,
    "bench": 5,
    "examiner": 5,
    "cli": 6,
}
DOORS = {  # re-export only, or stand on top of all: nothing on the floors imports them
    *("__init__", "__main__", "activations", "callbacks", "figures", "initializers", "losses", "metrics"),
    *("models", "optimizers", "sklearn", "utils"),
}
APART = {
    ("training", "datasets"),
    ("datasets", "training"),
    ("evaluation", "training"),
    ("report", "training"),
}


def imports(source: str) -> set[str]:
    """Return the top-level parts of pellucid that Python source imports outside TYPE_CHECKING blocks."""
    found: set[str] = set()
    tree = ast.parse(source)
    for_types_only = [
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    ]
    for node in ast.walk(tree):
        if any(node is inner for inner in for_types_only):
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "pellucid":
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("pellucid.")}
    return found - {"__version__"}


def place(file: Path) -> str:
    return file.relative_to(ROOT).parts[0].removesuffix(".py")


def faults(part: str, imported: set[str]) -> set[str]:
    """Return which of the imports do not point down (or sideways within one part)."""
    return {
        other
        for other in imported - {part}
        if other in DOORS or FLOORS[other] > FLOORS[part] or (part, other) in APART
    }


FILES = sorted(file for file in ROOT.rglob("*.py") if place(file) not in DOORS)


def test_every_part_has_a_floor():
    assert {place(file) for file in ROOT.rglob("*.py")} <= set(FLOORS) | DOORS


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(ROOT)) for file in FILES])
def test_imports_point_down(file):
    assert faults(place(file), imports(file.read_text())) == set()


def test_an_import_that_points_up_is_noticed():
    assert faults("functions", imports("def f():\n    from pellucid.layers import Dense")) == {"layers"}
    assert faults("training", imports("import pellucid.datasets.mnist")) == {"datasets"}
    assert faults("layers", imports("from pellucid import models")) == {"models"}
    assert faults("layers", imports("from pellucid.functions import relu")) == set()


def test_architecture_names_every_part():
    text = (ROOT.parent.parent / "ARCHITECTURE.md").read_text()
    for part in {place(file) for file in ROOT.rglob("*.py")} - {"__init__", "__main__"}:
        assert f"`{part}/`" in text or f"`{part}.py`" in text, f"ARCHITECTURE.md does not mention {part}"


def loaded_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in answer.stdout.split()}


def test_importing_pellucid_loads_nothing_heavy():
    assert not loaded_after("import pellucid") & {
        "numpy",
        "scipy",
        "sklearn",
        "matplotlib",
        "PIL",
        "rich",
        "typer",
    }


def test_training_needs_numpy_alone():
    heavy = {"scipy", "sklearn", "matplotlib", "PIL", "rich", "typer", "jinja2", "pooch"}
    statement = "import pellucid as keras; keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])"
    assert not loaded_after(statement) & heavy


@pytest.mark.parametrize("name", pellucid.__all__)
def test_every_public_name_is_there(name):
    assert getattr(pellucid, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'pellucid' has no attribute 'layer'"):
        pellucid.layer  # noqa: B018
