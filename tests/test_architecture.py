"""The floors of ARCHITECTURE.md: imports point down only, in no circle, and importing pellucid is light."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from imports import ROOT, circles, import_graph, imported_modules

import pellucid

TEXT = (ROOT.parent.parent / "ARCHITECTURE.md").read_text("utf-8")
FLOORS = {
    room.removesuffix("/").removesuffix(".py"): int(number)
    for number, rooms in re.findall(r"^\| (\d+) \| (.*?) \|", TEXT, re.MULTILINE)
    for room in re.findall(r"`([\w./]+)`", rooms)
}
GRAPH = import_graph()


def room_of(module: str) -> str:
    return module.split(".")[0]


def faults(module: str, imported: set[str]) -> set[str]:
    """Return which imports point neither down nor into the module's own room."""
    rooms = {room_of(other) for other in imported} - {room_of(module)}
    return {room for room in rooms if FLOORS[room] >= FLOORS[room_of(module)]}


def test_the_table_has_every_room_and_no_other():
    rooms = {path.stem for path in ROOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert rooms - {"__init__", "__main__"} == set(FLOORS)


@pytest.mark.parametrize("module", GRAPH)
def test_imports_point_down(module):
    assert faults(module, GRAPH[module]) == set()


def test_an_import_that_points_up_or_sideways_is_noticed():
    assert faults("functions.x", imported_modules("def f():\n    from pellucid.layers import Dense")) == {
        "layers"
    }
    assert faults("engine.x", imported_modules("import pellucid.datasets.mnist")) == {"datasets"}
    assert faults("layers.x", imported_modules("from pellucid import models")) == {"models"}
    assert faults("models.x", imported_modules("import pellucid.datasets.mnist")) == {"datasets"}
    assert faults("layers.x", imported_modules("from pellucid.functions import relu")) == set()


def test_modules_do_not_import_each_other_in_a_circle():
    assert circles(GRAPH) == []


def test_a_circle_is_noticed():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


def loaded_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in answer.stdout.split()}


def test_importing_pellucid_loads_nothing_heavy():
    heavy = {"numpy", "scipy", "sklearn", "matplotlib", "PIL", "rich", "typer"}
    assert not loaded_after("import pellucid") & heavy


def test_training_needs_numpy_alone():
    heavy = {"scipy", "sklearn", "matplotlib", "PIL", "rich", "typer", "jinja2", "pooch"}
    statement = "import pellucid as keras; keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])"
    assert not loaded_after(statement) & heavy


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'pellucid' has no attribute 'layer'"):
        pellucid.layer  # noqa: B018 - the access is what is tested
