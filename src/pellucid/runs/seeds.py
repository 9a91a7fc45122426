"""Run one experiment with several seeds: a folder of runs, and a summary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pellucid.core.temporaries import new_folder, remove_leftovers
from pellucid.errors import ArgumentError, OutputError
from pellucid.evaluation.seeds import check_seeds
from pellucid.experiments.experiment import Experiment
from pellucid.runs.folder import RunFolder
from pellucid.runs.record.configuration import ExperimentDescription
from pellucid.runs.record.run_info import RunStatus
from pellucid.runs.record.study import StudyInfo, StudyResults, StudyStatus
from pellucid.runs.replacing import make_room
from pellucid.runs.running import resume, run
from pellucid.runs.settings import Settings
from pellucid.runs.standing import refuse_if_trained
from pellucid.runs.studies import study_of_runs
from pellucid.runs.study_folder import FILE, is_study, read_study, write_study
from pellucid.runs.study_standing import unfinished_seeds


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
    begun = StudyInfo(
        name=experiment.name,
        status=StudyStatus.RUNNING,
        command=command,
        experiment=ExperimentDescription.of(experiment),
        settings=replace(first, threads=None),
        vary_split=vary_split,
        folders=tuple(f"seed-{first.seed + number}" for number in range(seeds)),
    )
    _begin(folder, begun)
    return _go_through(folder, begun, experiment, first.threads, verbose, on_run)


def resume_seeds(
    path: str | Path,
    *,
    threads: int | None = None,
    verbose: Any = "auto",
    on_run: Callable[[RunFolder], None] | None = None,
) -> StudyResults:
    """Run the seeds that the study in the folder ``path`` lacks, and finish those that ended too soon.

    The result is that of an uninterrupted study, bit for bit. For the arguments see :func:`run_seeds`.

    Raises
    ------
    ArgumentError
        When all seeds are finished.
    OutputError
        When a process is training one of them.
    """
    folder = Path(path)
    begun = read_study(folder)
    for name in begun.folders:
        refuse_if_trained(folder / name)
    remove_leftovers(folder)
    if begun.status is StudyStatus.FINISHED and not unfinished_seeds(folder):
        raise ArgumentError(f"All seeds of the study in {folder} are finished; there is nothing to resume")
    return _go_through(folder, begun, begun.experiment.experiment(), threads, verbose, on_run)


def _go_through(
    folder: Path,
    begun: StudyInfo,
    experiment: Experiment,
    threads: int | None,
    verbose: Any,
    on_run: Callable[[RunFolder], None] | None,
) -> StudyResults:
    """Run all seeds of a study, keeping those that are finished, and write what they say together."""
    runs = []
    for number, name in enumerate(begun.folders):
        settings = settings_of_seed(begun, number, threads)
        runs.append(_one(experiment, folder / name, settings, verbose, begun.command))
        if on_run is not None:
            on_run(runs[-1])
    study = study_of_runs(runs, vary_split=begun.vary_split)
    write_study(folder, replace(begun, status=StudyStatus.FINISHED, study=study))
    return study


def settings_of_seed(study: StudyInfo, number: int, threads: int | None = None) -> Settings:
    """Return the settings of a study's run number 0, 1, ….

    Examples
    --------
    >>> declared = ExperimentDescription(name="mine")
    >>> study = StudyInfo(name="mine", status=StudyStatus.RUNNING, experiment=declared,
    ...     settings=Settings(seed=4, seeds=2), vary_split=True, folders=("seed-4", "seed-5"))
    >>> settings_of_seed(study, 1)
    Settings(seed=5, split_seed=1, threads=None, limit=None, seeds=2)
    """
    first = study.settings
    split_seed = first.split_seed + number * study.vary_split
    return replace(first, seed=first.seed + number, split_seed=split_seed, threads=threads)


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
    make_room(folder)
    try:
        with new_folder(folder) as temporary:
            write_study(temporary, study)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"Cannot make the folder {folder}: {error.strerror or error}.") from error


def _one(experiment: Experiment, folder: Path, settings: Settings, verbose: Any, command: str) -> RunFolder:
    """Return the run of one seed: new, resumed, or as it is if finished."""
    if not (folder / "configuration.json").is_file():
        return run(experiment, folder, settings, verbose=verbose, command=command)
    begun = RunFolder.open(folder)
    if begun.info.status is RunStatus.FINISHED:
        return begun
    return resume(folder, threads=settings.threads, verbose=verbose)
