"""``pellucid runs``."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pellucid.cli.shared.json_output import JsonOption, print_json
from pellucid.cli.shared.layout import emphasised, hint, printable, table
from pellucid.core.styling import styled
from pellucid.core.wording.plurals import counted
from pellucid.errors import FileFormatError, OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pellucid.runs.overview import Overview


STYLES = {"running": ("green",), "failed": ("red",), "stopped": ("yellow",), "interrupted": ("yellow",)}


def runs(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder that holds the runs.")] = Path(
        "runs"
    ),
    as_json: JsonOption = False,
) -> None:
    """List what was trained: how good it is, when, its status and its size.

    Also writes FOLDER/index.html, which links the reports.

    Example: pellucid runs

    Example: pellucid runs experiments/march
    """
    from pellucid.report import write_index
    from pellucid.runs.overview import overviews

    if folder.exists() and not folder.is_dir():
        raise FileFormatError(f"A folder of runs is listed. Received: {folder}, which is a file")
    found = overviews(folder)
    if as_json:
        print_json([_as_dict(one) for one in found])
        return
    if not found:
        hint(f"Nothing was trained in {folder} yet. Begin with: pellucid run digits-cnn-64")
        return
    head = ["RUN", "STATUS", "EPOCHS", "TEST ACCURACY", "BEGUN", "SIZE"]
    typer.echo(table(head, [_row(one) for one in found], "lllllr"))
    with contextlib.suppress(OutputError):  # a folder that can only be read is listed all the same
        typer.echo(f"\npage  {write_index(folder)}")
    _say_what_to_do(found)


def _row(one: Overview) -> list[str]:
    from pellucid.report.words import local_moment, size

    name = printable(one.folder)
    if one.status is None:
        return [name, "damaged", "", "", "", size(one.bytes)]
    return [
        name,
        styled(status_of(one), *STYLES.get(str(one.status), ())),
        epochs_of(one),
        emphasised(accuracy_of(one)),
        local_moment(one.created),
        size(one.bytes),
    ]


def status_of(one: Overview) -> str:
    """Return the status, and of several seeds how many are finished."""
    if one.seeds == 1:
        return str(one.status)
    return f"{one.status}, {one.finished_seeds} of {counted(one.seeds, 'seed')}"


def epochs_of(one: Overview) -> str:
    """Return the epochs done, and those planned if these are more."""
    return (
        f"{one.epochs}" if one.planned_epochs in (None, one.epochs) else f"{one.epochs}/{one.planned_epochs}"
    )


def accuracy_of(one: Overview) -> str:
    """Return the test accuracy with its interval, or of several seeds with the lowest and the highest."""
    if one.accuracy is None or one.interval is None:
        return "–"
    low, high = one.interval
    return f"{one.accuracy:.4f} ({low:.4f} to {high:.4f})"


def _say_what_to_do(found: Sequence[Overview]) -> None:
    """Say on standard error how each run that ended too soon stands, and what is wrong with damaged ones."""
    from pellucid.runs import RunFolder
    from pellucid.runs.study_folder import is_study
    from pellucid.runs.study_standing import study_standing

    for one in found:
        if one.problem is not None:
            hint(f"\n{one.problem}")
        elif one.status != "finished":
            path = one.folder
            said = study_standing(path) if is_study(path) else RunFolder.open(path).standing()
            hint(f"\n{said}")


def _as_dict(one: Overview) -> dict[str, Any]:
    return {
        "run": str(one.folder),
        "name": one.name,
        "status": one.status and str(one.status),
        "created": one.created,
        "dataset": one.dataset,
        "seeds": one.seeds,
        "finished_seeds": one.finished_seeds,
        "epochs": one.epochs,
        "planned_epochs": one.planned_epochs,
        "accuracy": one.accuracy,
        "interval": one.interval and list(one.interval),
        "bytes": one.bytes,
        "report": one.report and str(one.report),
        "problem": one.problem,
    }
