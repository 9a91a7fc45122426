"""Every public name has one home: the folder that a user imports it from; and each is documented."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys

import pytest

import pellucid

HOMES = [*sorted(set(pellucid.__all__) - {"Input", "Sequential"}), "optimizers.schedules"]
NAMES = [
    (home, name)
    for home in HOMES
    for name in getattr(importlib.import_module(f"pellucid.{home}"), "__all__", [])
    if not inspect.ismodule(getattr(importlib.import_module(f"pellucid.{home}"), name))
]


MODULES = [
    module.name
    for module in pkgutil.walk_packages(pellucid.__path__, "pellucid.")
    if not re.search(r"__main__|\.fast\.compiled\.", module.name)  # those need Numba
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


@pytest.mark.parametrize("name", MODULES)
def test_a_name_of_a_module_means_the_module(name):
    try:
        module = importlib.import_module(name)
    except ImportError as missing:  # a peer that is not installed
        pytest.skip(str(missing))
    home, _, own_name = name.rpartition(".")
    assert getattr(sys.modules[home], own_name) is module
