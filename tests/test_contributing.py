"""CONTRIBUTING.md's checklists are true: their places exist, and what is there already is in all of them."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import pellucid
from pellucid import datasets, experiments, fast, figures, layers, metrics, optimizers
from pellucid.cli.main import app
from pellucid.fast.form import Form
from pellucid.fast.forms import forms_for

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
LISTS = dict(re.findall(r"^### Add an? ([\w ]+)\n(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL))


def read(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def classes_in(package: object, base: type) -> list[type]:
    """Return the public classes of a package's files that derive from ``base`` and are no base of others."""
    names = [f"{package.__name__}.{module.name}" for module in pkgutil.iter_modules(package.__path__)]
    found = [
        kind
        for name in names
        for kind in vars(importlib.import_module(name)).values()
        if inspect.isclass(kind) and kind.__module__ == name and issubclass(kind, base) and kind is not base
        if not kind.__name__.startswith("_")
    ]
    return [kind for kind in found if not any(kind in other.__bases__ for other in found) or kind in KEPT]


KEPT = (optimizers.Adam,)  # bases of others, and used by themselves


def test_there_is_a_list_for_each_kind():
    kinds = [
        "layer",
        "optimizer",
        "metric",
        "dataset",
        "experiment",
        "report panel",
        "command",
        "engine form",
    ]
    assert list(LISTS) == kinds
    assert [kind for kind, text in LISTS.items() if "\nChecked by `" not in text] == []


def places(text: str) -> list[str]:
    """Return the paths in backticks; a name in capitals becomes the folder that it is in."""
    paths = re.findall(r"`((?:src|tests|scripts|benchmarks)/[\w./]+|[A-Z]+\.md)(?:::\w+)?`", text)
    return [re.sub(r"(?<=/)(test_)?[A-Z]{2,}(\.py|/).*$", "", path) for path in paths]


@pytest.mark.parametrize("path", sorted(set(places(TEXT))))
def test_a_place_that_is_named_is_there(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(tests/[\w./]+::\w+)`", TEXT))))
def test_a_test_that_is_named_is_there(name):
    path, _, function = name.partition("::")
    assert function in {node.name for node in ast.parse(read(path)).body if isinstance(node, ast.FunctionDef)}


def test_a_place_that_is_gone_is_noticed():
    assert places("`src/pellucid/layers/NAME.py`, `tests/cli/test_NAME.py`, `README.md`, `src/gone.py`") == [
        "src/pellucid/layers/",
        "tests/cli/",
        "README.md",
        "src/gone.py",
    ]


@pytest.mark.parametrize("kind", classes_in(layers, layers.Layer))
def test_a_layer_is_in_its_places(kind):
    assert kind.__name__ in layers.__all__
    assert f'"{kind.__name__}' in read("tests/layers/test_contract.py")


@pytest.mark.parametrize("kind", classes_in(optimizers, optimizers.Optimizer))
def test_an_optimizer_is_in_its_places(kind):
    assert kind.__name__ in optimizers.__all__
    assert type(optimizers.get({"class_name": kind.__name__, "config": {"learning_rate": 0.5}})) is kind
    assert kind.__name__.lower() in read("tests/optimizers/test_against_keras.py").lower()


@pytest.mark.parametrize("kind", classes_in(metrics, metrics.Metric))
def test_a_metric_is_in_its_places(kind):
    if kind.__name__ not in INTERNAL_METRICS:
        assert kind.__name__ in metrics.__all__
        assert type(metrics.get(kind.__name__)) is kind
        assert kind.__name__ in read("tests/metrics/test_init.py")


INTERNAL_METRICS = {"AccuracyByLabels", "FunctionMetric"}  # what "accuracy" and a function become


@pytest.mark.parametrize("name", datasets.names())
def test_a_dataset_is_in_its_places(name):
    assert datasets.describe(name).name == name
    assert name in datasets.__all__ or name == "digits"  # whose load_data would be scikit-learn's own
    assert (ROOT / f"src/pellucid/datasets/{name}.py").exists()


@pytest.mark.parametrize("name", experiments.names())
def test_an_experiment_is_in_its_places(name):
    declared = read("src/pellucid/experiments/coursework.py") + read("src/pellucid/experiments/recipes.py")
    assert f'"{name}"' in declared
    assert f"`{name}`" in read("README.md")


@pytest.mark.parametrize("name", [name for name in figures.__all__ if name.startswith("plot_")])
def test_a_plot_is_in_its_places(name):
    place = inspect.getmodule(getattr(figures, name))
    assert place is not None
    assert place.__name__.startswith("pellucid.figures.")


COMMANDS = [command.name for command in app.registered_commands] + [
    group.name for group in app.registered_groups
]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_in_its_places(name):
    assert (ROOT / f"src/pellucid/cli/{name}.py").exists()
    assert (ROOT / f"tests/cli/test_{name}.py").exists()
    assert f"## pellucid {name}\n" in read("docs/cli.md")


def test_a_form_is_in_its_place():
    pytest.importorskip("numba")
    listed = forms_for("compiled")
    names = [name for _, name, _ in pkgutil.walk_packages(fast.__path__, "pellucid.fast.")]
    defined = [
        thing
        for name in names
        if name.endswith("forms") or not name.rpartition(".")[2].startswith("compiled")
        for thing in vars(importlib.import_module(name)).values()
        if isinstance(thing, Form)
    ]
    assert len(listed) > 5
    assert [form.name for form in defined if form not in listed] == []


def test_the_setup_names_extras_and_scripts_that_exist():
    extras = set(re.findall(r'\.\[(\w+)\]"', TEXT))
    assert extras
    assert all(f"\n{extra} = [" in read("pyproject.toml") for extra in extras)
    assert pellucid.__version__
