"""``pellucid suffices RUN…``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pellucid.cli.shared.json_output import JsonOption, print_json
from pellucid.cli.shared.layout import printable, table, width
from pellucid.cli.shared.run_folders import complete_runs, open_run
from pellucid.core.styling import styled
from pellucid.core.wording.percents import exact_percent
from pellucid.core.wrapping import wrapped
from pellucid.errors import ArgumentError

if TYPE_CHECKING:
    from pellucid.evaluation import Assessment, Use
    from pellucid.runs import RunFolder
    from pellucid.runs.sufficiency import Sufficiency


SEVERAL = (
    "Each run is judged by itself. To choose the run with the best verdict after seeing them all weakens its "
    "guarantee: of many runs that are not good enough, one in twenty is said to suffice."
)


def complete_uses(incomplete: str) -> list[str]:
    """Return the built-in uses whose names begin so.

    Examples
    --------
    >>> complete_uses("student")
    ['student-number', 'student-number-mod-11']
    """
    from pellucid.evaluation import load_uses

    return [name for name in load_uses() if name.startswith(incomplete)]


def suffices(
    runs: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN",
            help="The folders of runs, of one or of several seeds.",
            autocompletion=complete_runs,
        ),
    ],
    use: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this use; can be repeated.", autocompletion=complete_uses),
    ] = None,
    uses: Annotated[
        Path | None, typer.Option(metavar="FILE.toml", help="Uses of your own, beside the built-in ones.")
    ] = None,
    digits: Annotated[
        int | None,
        typer.Option(metavar="N", help="A use of your own: its number of digits (with --max-error)."),
    ] = None,
    max_error: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE", help="Of your own use: the largest share of accepted numbers that may be wrong."
        ),
    ] = None,
    check: Annotated[
        str | None,
        typer.Option(metavar="NAME", help='The check digit of your own use: "mod-97" or "mod-11".'),
    ] = None,
    labelled: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="Judge on images of your own instead: columns file and label (100 to 300 images).",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a run's network is good enough for.

    For each use (a postal code, an account number, …): how often the whole number is right, and whether the
    machine can read it alone, or with a person for the doubtful part, at an error that is guaranteed.

    Example: pellucid suffices runs/mnist-cnn

    Example: pellucid suffices runs/mnist-cnn --use iban --use exam-grade

    A verdict is for images from the source of the run's test images. For those of another source, such as
    your own scanner's, label 100 to 300 of them: --labelled fits the thresholds to these.

    Example: pellucid suffices runs/mnist-cnn --digits 10 --max-error 0.001

    Example: pellucid suffices runs/mnist-cnn --labelled mine.csv
    """
    chosen = _chosen(use, uses, digits, max_error, check)
    folders = [folder for path in runs for folder in _opened(path)]

    from pellucid.runs.sufficiency import renew_uses, sufficiency

    if labelled is None:
        judged = [(folder, sufficiency(folder, chosen)) for folder in folders]
        for folder in folders:
            renew_uses(folder)
    else:
        judged = [(folder, _on_own(folder, labelled, chosen)) for folder in folders]
    if as_json:
        print_json({"runs": [_as_dict(folder, found) for folder, found in judged]})
        return
    asked = use is not None or digits is not None
    told = [_told(folder, found, width(), details=asked) for folder, found in judged]
    if len(judged) > 1:
        told.append(wrapped(SEVERAL, width()))
    typer.echo("\n\n".join(told))


def _chosen(
    names: list[str] | None,
    file: Path | None,
    digits: int | None,
    max_error: float | None,
    check: str | None,
) -> list[Use]:
    """Return the uses that are asked for: all of them where none is named."""
    from pellucid.evaluation import find_use, load_uses, own_use

    if (digits is None) != (max_error is None):
        raise ArgumentError(
            "A use of your own has --digits and --max-error, such as --digits 10 --max-error 0.001. "
            f"Received: digits={digits}, max_error={max_error}"
        )
    if max_error is not None and not 0 < max_error < 1:
        raise ArgumentError(
            "--max-error is a share between 0 and 1, such as 0.01 for 1 %. "
            f"Received: --max-error={max_error:g}"
        )
    if check is not None and digits is None:
        raise ArgumentError(f"--check belongs to --digits and --max-error. Received: check={check!r}")
    known = load_uses(file)
    own = [] if digits is None or max_error is None else [own_use(digits, max_error, check=check)]
    if names:
        return [*(find_use(name, known) for name in names), *own]
    if own:
        return own
    return list(known.values())


def _on_own(folder: RunFolder, labelled: Path, chosen: list[Use]) -> Sufficiency:
    """Return what the run suffices for on the labelled images of a person."""
    from pellucid.reading.labelled import read_labelled
    from pellucid.runs.sufficiency import sufficiency_for

    return sufficiency_for(folder, read_labelled(folder.path, labelled), chosen)


def _opened(path: Path) -> list[RunFolder]:
    """Return the run in the folder, or the runs where it holds one experiment with several seeds."""
    from pellucid.runs.study_folder import is_study, read_study

    if is_study(path):
        return [open_run(path / folder, finished=True) for folder in read_study(path).folders]
    return [open_run(path, finished=True)]


def _as_dict(folder: RunFolder, found: Sufficiency) -> dict[str, Any]:
    from pellucid.evaluation import with_sentences

    uses = [with_sentences(one) for one in found.assessments]
    return {"run": str(folder.path), "name": folder.info.name, "basis": found.basis, "uses": uses}


def _told(folder: RunFolder, found: Sufficiency, columns: int, *, details: bool) -> str:
    """Return what a run suffices for: on what that rests, a table, and the verdicts in a line each."""
    from pellucid.evaluation import detail_sentences, sentence

    head = ["USE", "DIGITS", "MAY BE WRONG", "RIGHT IF INDEPENDENT", "RIGHT, ONE WRITER", "VERDICT"]
    rows = [_row(one) for one in found.assessments]
    parts = [f"{printable(folder.info.name)} in {folder.path}"]
    parts += [wrapped(one, columns) for one in found.basis]
    parts += ["", table(head, rows, "lrrlll", columns), ""]
    for one in found.assessments:
        parts.append(wrapped(f"- {sentence(one)}", columns, 2))
        if details:
            parts += [wrapped(f"  {detail}", columns, 2) for detail in detail_sentences(one)]
    return "\n".join(parts)


def _row(one: Assessment) -> list[str]:
    measured = one.field.measured
    return [
        one.use.title,
        str(one.use.digits),
        exact_percent(one.use.target),
        one.field.independent.percent(),
        "–" if measured is None else measured.percent(),
        styled(one.verdict, "bold", _colour(one.verdict)),
    ]


def _colour(verdict: str) -> str:
    """Return green for a verdict that something suffices, red for one that it does not, else yellow."""
    if verdict == "not sufficient":
        return "red"
    return "yellow" if verdict == "cannot be guaranteed" else "green"
