"""Experiments with several seeds side by side, compared seed by seed on the same test images."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid.errors import ArgumentError, DataError, FileFormatError
from pellucid.evaluation import (
    SeedComparison,
    compare_over_seeds,
    epoch_seconds,
    holm,
    sentence,
    with_sentences,
)
from pellucid.report.rundata import RunData
from pellucid.report.side_by_side import (
    SideBySide,
    compare_times,
    summary_of,
    warnings_of,
    what_dropout_changed,
)
from pellucid.report.words import listed
from pellucid.runs.record.json_form import to_object
from pellucid.runs.record.study import StudyResults
from pellucid.runs.studies import study_of_runs
from pellucid.runs.study_folder import is_study, read_study
from pellucid.runs.study_standing import study_standing, unfinished_seeds
from pellucid.runs.sufficiency import predictions_of_test

if TYPE_CHECKING:
    import os

    from pellucid.evaluation import Predictions


FIRST_SEED = (
    "The histories, and what is said of gaps, warnings and seconds, are those of each one's first seed."
)


@dataclass(frozen=True)
class Study:
    """An experiment's runs with several seeds, and their statistics."""

    name: str
    runs: list[RunData]
    seeds: list[int | None]
    results: StudyResults

    def tested(self) -> list[Predictions]:
        """Return the test predictions of each seed."""
        return [predictions_of_test(run.folder, self.name) for run in self.runs]


@dataclass(frozen=True)
class StudiesSideBySide(SideBySide):
    """Experiments compared with each other; ``runs`` are the first of each, whose histories are drawn."""

    studies: list[Study]
    over_seeds: list[SeedComparison]

    @property
    def each(self) -> str:
        """What is compared, in the plural."""
        return "experiments"

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON-able data."""
        return {
            **super().as_dict(),
            "studies": [
                {**to_object(one.results), "name": one.name, "seeds": one.seeds} for one in self.studies
            ],
            "over_seeds": [with_sentences(one) for one in self.over_seeds],
        }

    def summaries(self) -> dict[str, dict[str, str]]:
        """Return each experiment's results over its seeds in words."""
        return {one.name: _summary_of(one) for one in self.studies}


def are_studies(paths: Sequence[str | os.PathLike[str]]) -> bool:
    """Return whether these are folders of experiments with several seeds, rather than of single runs.

    Raises
    ------
    ArgumentError
        Some are and some are not.
    """
    studies = [path for path in paths if is_study(path)]
    if studies and len(studies) < len(paths):
        single = [str(path) for path in paths if not is_study(path)]
        raise ArgumentError(
            "Runs are compared with runs, and experiments over several seeds with such. Received: "
            f"{', '.join(map(str, studies))} with several seeds, {', '.join(single)} without"
        )
    return bool(studies)


def studies_side_by_side(paths: Sequence[str | os.PathLike[str]]) -> StudiesSideBySide:
    """Return the comparison of the experiments in these folders.

    Raises
    ------
    ArgumentError
        Fewer than two.
    FileFormatError
        A folder that is damaged, or whose study is not finished.
    """
    if len(paths) < 2:
        raise ArgumentError(f"A comparison needs two experiments or more. Received: {len(paths)}")
    studies = _read(paths)
    first = {one.name: one.runs[0] for one in studies}
    compared, reasons = _compared(studies)
    seconds, not_seconds = compare_times(first)
    findings = [
        *(sentence(one) for one in compared),
        *(one.results.sentence for one in studies),
        *what_dropout_changed(first),
        *seconds,
    ]
    if len(compared) > 1:
        findings.insert(len(compared), f"The p-values are corrected for {len(compared)} comparisons (Holm).")
    cautions = [*reasons, FIRST_SEED, *warnings_of(first), *not_seconds]
    return StudiesSideBySide(first, [], findings, cautions, studies, compared)


def _read(paths: Sequence[str | os.PathLike[str]]) -> list[Study]:
    found = []
    for path in paths:
        study = read_study(path)
        if unfinished_seeds(path):
            raise FileFormatError(study_standing(path))
        runs = [RunData.read(Path(path) / folder) for folder in study.folders]
        seeds = [run.configuration.training.seed for run in runs]
        results = study_of_runs([run.folder for run in runs], vary_split=study.vary_split)
        found.append(Study(study.name, runs, seeds, results))
    names = [one.name for one in found]
    if len(set(names)) == len(names):
        return found
    return [replace(one, name=str(path)) for one, path in zip(found, paths, strict=True)]


def _compared(studies: list[Study]) -> tuple[list[SeedComparison], list[str]]:
    """Return the comparisons, with p-values corrected for their number, and why others are not made."""
    found: list[SeedComparison] = []
    reasons: list[str] = []
    for a, b in itertools.combinations(studies, 2):
        if a.seeds != b.seeds:
            seeds = f"{listed(a.seeds)} and {listed(b.seeds)}"
            reasons.append(f"{a.name} and {b.name} cannot be paired: their seeds are {seeds}.")
            continue
        try:
            found.append(compare_over_seeds(a.tested(), b.tested()))
        except DataError as error:
            reasons.append(str(error))
    return _corrected(found), reasons


def _corrected(found: list[SeedComparison]) -> list[SeedComparison]:
    """Return the comparisons with their p-values corrected for being several; two seeds have none."""
    p_values = [one.p_value for one in found if one.p_value is not None]
    corrected = iter(holm(p_values).tolist())
    return [one if one.p_value is None else replace(one, p_value=next(corrected)) for one in found]


def _summary_of(study: Study) -> dict[str, str]:
    accuracies, mean = study.results.accuracies, study.results.mean
    results = [run.results for run in study.runs if run.results]
    seconds = [epoch_seconds(one.seconds.epochs).median for one in results if one.seconds is not None]
    over = {
        "seed": listed(study.seeds),
        "test accuracy": f"{mean.value:.4f}",
        "  95 % interval": f"{mean.low:.4f} to {mean.high:.4f}",
        "test loss": f"{statistics.mean(one.test.loss for one in results):.4f}",
        "seconds an epoch": f"{statistics.median(seconds):.3g}",
    }
    found: dict[str, str] = {}
    for key, value in summary_of(study.runs[0]).items():
        if key not in SINGLE:
            found[key] = over.get(key, value)
        if key == "  95 % interval":
            found["  lowest, highest"] = f"{min(accuracies):.4f}, {max(accuracies):.4f}"
            found["  deviation"] = f"{study.results.deviation:.4f}"
    return found


# Values of a single run, which are no result of an experiment.
SINGLE = {"val. accuracy", "training time", "images/s", "status", "  first epoch"}
