"""Finding an experiment: by name, or in a user's own file."""

from __future__ import annotations

import runpy
from pathlib import Path

from pellucid.errors import ArgumentError, UnknownNameError, nearest
from pellucid.experiments.experiment import Experiment
from pellucid.experiments.lab import EXPERIMENTS


def names() -> list[str]:
    """Return the names of the experiments that come with pellucid, in the lab's order.

    >>> names()[:3]
    ['mnist-linear', 'mnist-relu', 'mnist-cnn']
    """
    return [experiment.name for experiment in EXPERIMENTS]


def find(name: str) -> Experiment:
    """Return the experiment of that name, or the one that a Python file of that name declares.

    Raises
    ------
    UnknownNameError
        When there is none; the nearest name is offered.
    ArgumentError
        When the file declares none, or several.

    >>> find("mnist-cnn").epochs
    6
    """
    for experiment in EXPERIMENTS:
        if experiment.name == name:
            return experiment
    if name.endswith(".py"):
        return from_file(Path(name))
    raise UnknownNameError(f"There is no experiment {name!r}: {nearest(name, names())}")


def from_file(path: Path) -> Experiment:
    """Run a Python file of the user's and return the one :class:`Experiment` that it declares."""
    if not path.is_file():
        raise UnknownNameError(f"There is no file {path} to take an experiment from")
    values = runpy.run_path(str(path)).values()
    declared = list({id(value): value for value in values if isinstance(value, Experiment)}.values())
    if len(declared) != 1:
        found = ", ".join(experiment.name for experiment in declared) or "none"
        raise ArgumentError(
            f"A file declares one pellucid.experiments.Experiment. Received: {path} with {found}"
        )
    return declared[0]
