"""The table of Keras's names is what the script writes from the Keras that is installed."""

import json

import pytest

from pellucid.core.keras import table
from pellucid.core.keras.table import arguments_of, attributes_of, is_module, names_in


def test_the_table_has_names_alone():
    for kind, entries in table._table().items():
        for name, names in entries.items():
            assert all(one.isidentifier() for one in names.split()), (kind, name)
    assert set(table._table()) == {"modules", "attributes", "arguments"}


def test_what_is_not_there_has_no_names():
    assert names_in("horse") == frozenset()
    assert attributes_of("Horse") == frozenset()
    assert arguments_of("Horse") == ()
    assert is_module("")
    assert not is_module("horse")


def test_names_of_the_installed_keras_are_in_it(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")
    of_keras = {name for name in vars(keras.layers) if name[0].isupper()}
    assert len(of_keras & names_in("layers")) > 150
    assert json.dumps(sorted(names_in("layers.core")))
