"""``pellucid check FILE…``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pellucid.cli.shared.json_output import JsonOption
from pellucid.core.files import write_text
from pellucid.errors import ArgumentError

if TYPE_CHECKING:
    from pellucid.examiner.marks import Marks


def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Python files or notebooks with the functions.")
    ],
    question: Annotated[
        list[int] | None,
        typer.Option("--question", "-q", metavar="N", help="Only this question, 20 to 28; can be repeated."),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Another seed draws other hidden cases.")] = 0,
    seconds: Annotated[float, typer.Option(metavar="S", help="Seconds allowed for each question.")] = 20.0,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", help="Files examined at a time; by default as many as cores.")
    ] = None,
    as_json: JsonOption = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the marks as one HTML page.")
    ] = None,
    gradescope: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write Gradescope's results.json (for one file).")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one row of marks for each file.")
    ] = None,
) -> None:
    """Examine low-level functions: points by criterion, and what is wrong and why.

    Each question runs in a process of its own, with limits of time and memory, in a temporary folder.

    Example: pellucid check mywork/lowlevel.py --html marks.html
    """
    from pellucid.core.arguments import whole_number
    from pellucid.examiner.examining import examine_all

    if gradescope is not None and len(files) != 1:
        raise ArgumentError(f"--gradescope is for one file at a time. Received: files={_names(files)}")
    if jobs is not None:
        whole_number("", "--jobs", jobs)
    marks = examine_all(files, seed=seed, questions=question, seconds=seconds, jobs=jobs)
    if as_json:
        found = [one.to_json() for one in marks]
        typer.echo(json.dumps(found[0] if len(found) == 1 else found, indent=2, ensure_ascii=False))
    elif csv is None or len(marks) == 1:
        _print_tables(marks)
    else:
        _print_totals(marks)
    _write(marks, html=html, csv=csv, gradescope=gradescope)


def _names(files: Sequence[Path]) -> list[str]:
    return [str(file) for file in files]


def _print_tables(marks: Sequence[Marks]) -> None:
    from rich.console import Console

    from pellucid.examiner.showing import table

    console = Console(highlight=False)
    for one in marks:
        console.print(table(one))


def _print_totals(marks: Sequence[Marks]) -> None:
    from pellucid.examiner.showing import total

    for one in marks:
        typer.echo(f"{one.file}: {total(one)}{f'. {one.message}' if one.message else ''}")


def _write(marks: Sequence[Marks], *, html: Path | None, csv: Path | None, gradescope: Path | None) -> None:
    from pellucid.examiner import showing

    if html is not None:
        write_text(html, showing.page(marks))
    if csv is not None:
        write_text(csv, showing.csv_text(marks))
    if gradescope is not None:
        write_text(gradescope, json.dumps(showing.gradescope(marks[0]), indent=2, ensure_ascii=False) + "\n")
