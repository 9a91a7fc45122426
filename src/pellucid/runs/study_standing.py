"""How a study of several seeds stands: which are finished, what to do next, and whose network to use."""

from __future__ import annotations

import math
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from pellucid.core.wording.plurals import counted
from pellucid.datasets.splits import ValidationSource
from pellucid.errors import ArgumentError, FileFormatError
from pellucid.runs.folder import RunFolder
from pellucid.runs.record.run_info import RunStatus
from pellucid.runs.standing import being_trained
from pellucid.runs.study_folder import read_study

if TYPE_CHECKING:
    import os

BY_VALIDATION = "of the finished seeds, the one with the highest validation accuracy"
BY_ORDER = "the first finished seed, because no validation images were held out"


def seeds_of(path: str | os.PathLike[str]) -> dict[str, RunFolder | None]:
    """Return the runs of the study in the folder ``path``, by their folders' names; None if not begun.

    Raises as :func:`~pellucid.runs.study_folder.read_study`, and if a run's ``run.json`` is damaged.
    """
    folders = {name: Path(path) / name for name in read_study(path).folders}
    return {
        name: RunFolder.open(folder) if (folder / "run.json").is_file() else None
        for name, folder in folders.items()
    }


def finished_seeds(path: str | os.PathLike[str]) -> list[RunFolder]:
    """Return the runs of the study that are finished, in order.

    Raises
    ------
    FileFormatError
        When none is; the message says how the study stands.
    """
    found = [run for run in seeds_of(path).values() if run and run.status is RunStatus.FINISHED]
    if not found:
        raise FileFormatError(study_standing(path))
    return found


def unfinished_seeds(path: str | os.PathLike[str]) -> list[str]:
    """Return the names of the study's run folders that are not finished, or not begun."""
    return [name for name, run in seeds_of(path).items() if not run or run.status is not RunStatus.FINISHED]


def study_status(path: str | os.PathLike[str]) -> RunStatus:
    """Return the status of a study, which follows from those of its runs.

    It is running if one of them is, finished if all are, failed or interrupted if one is, and else stopped.
    """
    statuses = [run.status if run else RunStatus.STOPPED for run in seeds_of(path).values()]
    if RunStatus.RUNNING in statuses:
        return RunStatus.RUNNING
    if all(status is RunStatus.FINISHED for status in statuses):
        return RunStatus.FINISHED
    for status in (RunStatus.FAILED, RunStatus.INTERRUPTED):
        if status in statuses:
            return status
    return RunStatus.STOPPED


def study_standing(path: str | os.PathLike[str]) -> str:
    """Return how many seeds of a study are finished, and what to do next, in a sentence or two."""
    runs = seeds_of(path)
    finished = sum(run is not None and run.status is RunStatus.FINISHED for run in runs.values())
    said = f"Of the study in {path}, {finished} of {counted(len(runs), 'seed')} are finished"
    trained = next((run for run in runs.values() if run and run.status is RunStatus.RUNNING), None)
    if trained is not None:
        return f"{said}; {trained.path.name} {being_trained(trained.path)}. Ask again when it is finished."
    if finished == len(runs):
        return f"{said}."
    failed = next((run for run in runs.values() if run and run.status is RunStatus.FAILED), None)
    why = "" if failed is None else f"; {failed.path.name} failed: {failed.info.failure}"
    return f"{said}{why}: continue with `pellucid resume {shlex.quote(str(path))}`."


def chosen_seed(path: str | os.PathLike[str], seed: int | None = None) -> tuple[RunFolder, str]:
    """Return the run of a study whose network is to be used, and why it is that one.

    It is the one with ``seed``, or, of those that are finished, that with the highest accuracy on validation
    images after the last epoch: test images choose nothing. Of equally good ones it is the first.

    Raises
    ------
    ArgumentError
        When the study has no finished run with that seed.
    FileFormatError
        When no run is finished.
    """
    runs = finished_seeds(path)
    by_seed = {run.configuration.training.seed: run for run in runs}
    if seed is not None:
        if seed not in by_seed:
            known = ", ".join(map(str, by_seed))
            raise ArgumentError(f"The finished seeds of {path} are {known}. Received: seed={seed}")
        return by_seed[seed], "chosen by --seed"
    accuracies = [_validation_accuracy(run) for run in runs]
    if all(math.isnan(one) for one in accuracies):
        return runs[0], BY_ORDER
    best = max(range(len(runs)), key=lambda at: -1 if math.isnan(accuracies[at]) else accuracies[at])
    return runs[best], BY_VALIDATION


def _validation_accuracy(run: RunFolder) -> float:
    """Return the last accuracy on validation images; NaN if there were none, or they were the test images."""
    column = run.history.column("val_accuracy")
    on_test = run.configuration.dataset.split.validation is ValidationSource.TEST
    return math.nan if on_test or not column else column[-1]
