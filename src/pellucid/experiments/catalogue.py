"""Find an experiment by name, or in a user's own file."""

from __future__ import annotations

import os
import runpy
import sys
import traceback
from pathlib import Path
from typing import Any

from pellucid.errors import ArgumentError, UnknownNameError, nearest
from pellucid.experiments.coursework import EXPERIMENTS as OF_THE_LAB
from pellucid.experiments.experiment import Experiment
from pellucid.experiments.own_images import experiment_on
from pellucid.experiments.recipes import RECIPES

EXPERIMENTS: tuple[Experiment, ...] = (*OF_THE_LAB, *RECIPES)


def names() -> list[str]:
    """Return the names of the built-in experiments, the lab's first, in its order.

    Examples
    --------
    >>> names()[:3]
    ['mnist-linear', 'mnist-relu', 'mnist-cnn']
    """
    return [experiment.name for experiment in EXPERIMENTS]


def find(name: str) -> Experiment:
    """Return the experiment of that name, or of a Python file, or the default one for a folder of images.

    Raises
    ------
    UnknownNameError
        When there is none; the message suggests the nearest name.
    ArgumentError
        When the file declares none, or several.
    DataError
        When the folder does not have a folder of images for each class.

    Examples
    --------
    >>> find("mnist-cnn").epochs
    6
    """
    for experiment in EXPERIMENTS:
        if experiment.name == name:
            return experiment
    if name.endswith(".py"):
        return from_file(Path(name))
    if Path(name).is_dir():
        return experiment_on(name)
    if "/" in name or os.sep in name:
        raise UnknownNameError(f"There is no folder of images here of that name. Received: {name}")
    raise UnknownNameError(f"There is no experiment {name!r}: {nearest(name, names())}")


def from_file(path: Path) -> Experiment:
    """Run a user's Python file and return the one :class:`Experiment` that it declares.

    The file can import modules beside it. Built-in experiments that it found and modified do not count as
    declared by it.

    Raises
    ------
    UnknownNameError
        When there is no such file.
    ArgumentError
        When the file fails (the message gives the line), or declares no experiment, or several.
    """
    if not path.is_file():
        raise UnknownNameError(f"There is no file {path} that declares an experiment")
    values = _run(path).values()
    ours = {id(experiment) for experiment in EXPERIMENTS}
    found = {id(value): value for value in values if isinstance(value, Experiment) and id(value) not in ours}
    if len(found) != 1:
        declared = ", ".join(experiment.name for experiment in found.values()) or "none"
        raise ArgumentError(
            f"A file declares one pellucid.experiments.Experiment. Received: {path} with {declared}"
        )
    return next(iter(found.values()))


def _run(path: Path) -> dict[str, Any]:
    """Return the names that a Python file defines, run as ``python FILE`` runs it."""
    beside = str(path.resolve().parent)
    sys.path.insert(0, beside)
    try:
        return runpy.run_path(str(path))
    except (Exception, SystemExit) as error:
        raise ArgumentError(f"{_place(path, error)}: {type(error).__name__}: {_said(error)}") from error
    finally:
        sys.path.remove(beside)


def _place(path: Path, error: BaseException) -> str:
    """Return the line of the user's file where an error occurred."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    if isinstance(error, SyntaxError) and error.filename == str(path):
        lines.append(error.lineno)
    return f"{path}, line {lines[-1]}" if lines else str(path)


def _said(error: BaseException) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)
