"""Prints how accurate an experiment with several seeds is."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import typer

from pellucid.cli.shared.json_output import print_json
from pellucid.cli.shared.layout import hint, table, width
from pellucid.core.styling import styled
from pellucid.core.wrapping import wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from pellucid.runs import RunFolder


def evaluate_study(path: Path, *, as_json: bool) -> None:
    """Print the test results of each finished seed, and what they say together."""
    from pellucid.runs.record.json_form import to_json
    from pellucid.runs.studies import study_of_runs
    from pellucid.runs.study_folder import read_study
    from pellucid.runs.study_standing import finished_seeds, study_standing, unfinished_seeds

    runs, missing, info = finished_seeds(path), unfinished_seeds(path), read_study(path)
    study = study_of_runs(runs, vary_split=info.vary_split) if len(runs) > 1 else None
    if as_json:
        print_json(
            {
                "folder": str(path),
                "name": info.name,
                "runs": [_as_dict(run) for run in runs],
                "missing": missing,
                "study": None if study is None else to_json(study),
            }
        )
        return
    head = ["SEED", "TEST ACCURACY", "95 % INTERVAL", "TEST LOSS", "RIGHT"]
    typer.echo(table(head, [_row(run) for run in runs], "rrlrr"))
    if study is not None:
        mean = f"{study.mean.value:.4f}"
        typer.echo(f"\nmean {styled(mean, 'bold')}, standard deviation {study.deviation:.4f}")
        typer.echo(f"\n{wrapped(study.sentence, width())}")
    if missing:
        hint(f"\n{study_standing(path)}")
    hint(f"\nOne seed, class by class: pellucid evaluate {shlex.quote(str(runs[0].path))}")


def _row(run: RunFolder) -> list[str]:
    test = run.results.test
    low, high = test.accuracy_interval
    seed = run.configuration.training.seed
    interval = f"{low:.4f} to {high:.4f}"
    accuracy = styled(f"{test.accuracy:.4f}", "bold")
    right = f"{test.right:,} of {test.n:,}"
    return [str(seed), accuracy, styled(interval, "dim"), f"{test.loss:.4f}", right]


def _as_dict(run: RunFolder) -> dict[str, object]:
    from pellucid.runs.record.json_form import to_json

    return {
        "run": str(run.path),
        "seed": run.configuration.training.seed,
        "test": to_json(run.results.test),
    }
