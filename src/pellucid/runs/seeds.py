"""Run one experiment with several seeds: a folder of runs, and a summary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pellucid.errors import OutputError
from pellucid.evaluation.seeds import check_seeds
from pellucid.experiments.experiment import Experiment
from pellucid.runs.folder import RunFolder
from pellucid.runs.record.configuration import ExperimentDescription
from pellucid.runs.record.run_info import RunStatus
from pellucid.runs.record.study import StudyInfo, StudyResults, StudyStatus
from pellucid.runs.running import resume, run
from pellucid.runs.settings import Settings
from pellucid.runs.studies import study_of_runs
from pellucid.runs.study_folder import FILE, is_study, read_study, write_study


def run_seeds(
    experiment: Experiment,
    out: str | Path,
    seeds: int,
    settings: Settings | None = None,
    *,
    vary_split: bool = False,
    verbose: Any = "auto",
    command: str = "",
    on_run: Callable[[RunFolder], None] | None = None,
) -> StudyResults:
    """Run ``experiment`` with several seeds into ``out/seed-0``, …; return the statistics of the accuracies.

    If ``out`` already holds the same study, interrupted, it continues: finished runs are kept.

    Parameters
    ----------
    seeds
        Number of seeds, from ``settings.seed`` on.
    vary_split
        Whether each run also has a different split into training, validation and test images.
    on_run
        Called after each run.

    Raises
    ------
    ArgumentError
        Fewer than two seeds.
    OutputError
        ``out`` holds something else.

    For other exceptions see :func:`pellucid.runs.run`.
    """
    check_seeds(seeds)
    first = replace(settings or Settings(), seeds=seeds)
    folder = Path(out)
    each = [
        replace(first, seed=first.seed + i, split_seed=first.split_seed + i * vary_split)
        for i in range(seeds)
    ]
    names = [f"seed-{one.seed}" for one in each]
    begun = StudyInfo(
        name=experiment.name,
        status=StudyStatus.RUNNING,
        command=command,
        experiment=ExperimentDescription.of(experiment),
        settings=replace(first, threads=None),
        vary_split=vary_split,
        folders=tuple(names),
    )
    _begin(folder, begun)
    runs = []
    for one, name in zip(each, names, strict=True):
        runs.append(_one(experiment, folder / name, one, verbose, command))
        if on_run is not None:
            on_run(runs[-1])
    study = study_of_runs(runs, vary_split=vary_split)
    write_study(folder, replace(begun, status=StudyStatus.FINISHED, study=study))
    return study


def _begin(folder: Path, study: StudyInfo) -> None:
    """Write the summary of a new study, or check that the existing one is the same."""
    if is_study(folder):
        there = read_study(folder)
        differing = [
            name
            for name in ("experiment", "settings", "vary_split")
            if getattr(there, name) != getattr(study, name)
        ]
        if differing:
            raise OutputError(
                f"{folder / FILE} is of another study (its {' and '.join(differing)} differ); nothing in it "
                "was changed. Choose another folder, or remove this one first."
            )
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        occupied = any(folder.iterdir())
    except OSError as error:
        raise OutputError(f"Cannot make the folder {folder}: {error.strerror or error}.") from error
    if occupied:
        raise OutputError(
            f"The folder {folder} exists and is not empty; nothing in it was changed. "
            "Choose another folder, or remove this one first."
        )
    write_study(folder, study)


def _one(experiment: Experiment, folder: Path, settings: Settings, verbose: Any, command: str) -> RunFolder:
    """Return the run of one seed: new, resumed, or as it is if finished."""
    if not (folder / "run.json").is_file():
        return run(experiment, folder, settings, verbose=verbose, command=command)
    begun = RunFolder.open(folder)
    if begun.info.status is RunStatus.FINISHED:
        return begun
    if not begun.has("configuration.json"):
        raise OutputError(
            f"The run in {folder} was interrupted before it began. Remove that folder, then try again."
        )
    return resume(folder, threads=settings.threads, verbose=verbose)
