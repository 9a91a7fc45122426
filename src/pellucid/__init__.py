"""Image recognition you can see through.

Build, train, open up and judge image-recognition networks, on an engine written by hand on NumPy. Keras's
names are kept throughout: a plain Keras script runs with ``import pellucid as keras``.

>>> import pellucid as keras
>>> network = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10)])
>>> network.count_params()
7850
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from pellucid.core.keras.imports import answer_imports

if TYPE_CHECKING:
    from pellucid import (
        activations,
        callbacks,
        datasets,
        errors,
        evaluation,
        experiments,
        figures,
        functions,
        initializers,
        layers,
        losses,
        metrics,
        models,
        optimizers,
        runs,
        sklearn,
        utils,
    )
    from pellucid.layers import Input
    from pellucid.models import Sequential

__version__ = "0.1.0"

__all__ = [
    "Input",
    "Sequential",
    "activations",
    "callbacks",
    "datasets",
    "errors",
    "evaluation",
    "experiments",
    "figures",
    "functions",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "runs",
    "sklearn",
    "utils",
]


def __getattr__(name: str) -> Any:
    """Import a module of the package when it is first asked for: ``import pellucid`` alone stays quick."""
    if name == "Sequential":
        return importlib.import_module("pellucid.models").Sequential
    if name == "Input":
        return importlib.import_module("pellucid.layers").Input
    if name in __all__:
        return importlib.import_module(f"pellucid.{name}")
    from pellucid.core.keras.modules import sentence

    raise AttributeError(sentence(name) or f"module 'pellucid' has no attribute {name!r}")


answer_imports()


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
