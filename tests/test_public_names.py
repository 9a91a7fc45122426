"""Every public name has one home: the folder that a user imports it from; and each is documented."""

from __future__ import annotations

import importlib
import inspect

import pytest

import pellucid

HOMES = [*sorted(set(pellucid.__all__) - {"Input", "Sequential"}), "optimizers.schedules"]
NAMES = [
    (home, name)
    for home in HOMES
    for name in getattr(importlib.import_module(f"pellucid.{home}"), "__all__", [])
    if not inspect.ismodule(getattr(importlib.import_module(f"pellucid.{home}"), name))
]


def object_of(home: str, name: str):
    return getattr(importlib.import_module(f"pellucid.{home}"), name)


@pytest.mark.parametrize("name", pellucid.__all__)
def test_every_public_name_is_there(name):
    assert getattr(pellucid, name) is not None


@pytest.mark.parametrize("home", HOMES)
def test_every_home_lists_its_names(home):
    module = importlib.import_module(f"pellucid.{home}")
    assert module.__doc__
    if hasattr(module, "__path__"):  # a folder; a file's public names are those that it defines
        assert len(module.__all__) == len(set(module.__all__))


@pytest.mark.parametrize(("home", "name"), NAMES, ids=[f"{home}.{name}" for home, name in NAMES])
def test_a_public_name_is_defined_in_the_folder_that_it_is_imported_from(home, name):
    thing = object_of(home, name)
    if inspect.isclass(thing) or inspect.isroutine(thing):
        path = f"pellucid.{home}"
        assert thing.__module__ == path or thing.__module__.startswith(f"{path}.")
        assert inspect.getdoc(thing)


def test_the_network_and_its_input_are_at_the_root_too():
    assert pellucid.Sequential is pellucid.models.Sequential
    assert pellucid.Input is pellucid.layers.Input
