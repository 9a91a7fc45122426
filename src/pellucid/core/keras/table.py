"""The table of Keras's public names, which ``scripts/keras_names.py`` writes; it holds names alone."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path


def names_in(module: str) -> frozenset[str]:
    """Return the public names of a module of Keras, ``""`` for the package itself; none for other modules.

    Examples
    --------
    >>> "LSTM" in names_in("layers"), names_in("horses")
    (True, frozenset())
    """
    return frozenset(_table()["modules"].get(module, "").split())


def is_module(module: str) -> bool:
    """Return whether Keras has, or had, a module of that name.

    Examples
    --------
    >>> is_module("layers.core"), is_module("layers.LSTM")
    (True, False)
    """
    return module in _table()["modules"]


def attributes_of(kind: str) -> frozenset[str]:
    """Return the public attributes of objects of one of Keras's base classes.

    Examples
    --------
    >>> "train_on_batch" in attributes_of("Model")
    True
    """
    return frozenset(_table()["attributes"].get(kind, "").split())


def arguments_of(called: str) -> tuple[str, ...]:
    """Return the arguments of a class, function or method of Keras, in Keras's order.

    Examples
    --------
    >>> arguments_of("Dropout")
    ('rate', 'noise_shape', 'seed')
    """
    return tuple(_table()["arguments"].get(called, "").split())


@cache
def _table() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("names.json").read_bytes())
    return table
