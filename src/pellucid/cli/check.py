"""``pellucid workbook DIR`` and ``pellucid check FILE…``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def workbook(
    folder: Annotated[Path, typer.Argument(help="Where to write lowlevel.py and lowlevel.ipynb.")],
) -> None:
    """Write the low-level functions of the lab, with nothing in them yet, to fill in.

    Example: pellucid workbook mywork
    """
    from pellucid.examiner.workbook import write_workbook

    written = write_workbook(folder)
    for path in written:
        typer.echo(path)
    typer.echo(f"\nFill in either of the two, and see how far you are with: pellucid check {written[0]}")


def check(
    files: Annotated[list[Path], typer.Argument(help="Python files or notebooks with the functions.")],
    question: Annotated[
        list[int] | None,
        typer.Option("--question", "-q", help="Only this question, 20 to 28; can be repeated."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed draws other hidden cases.")] = 0,
    seconds: Annotated[float, typer.Option(help="Time for each question.")] = 20.0,
    jobs: Annotated[
        int | None, typer.Option(help="Files examined at a time; as many as cores when missing.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the marks as one HTML page.")] = None,
    gradescope: Annotated[
        Path | None, typer.Option(help="Write Gradescope's results.json (for one file).")
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Write one row of marks for each file.")] = None,
) -> None:
    """Examine low-level functions: points by criterion, and what is wrong and why.

    Each question runs in a process of its own, with limits of time and memory, in a temporary folder.

    Example: pellucid check mywork/lowlevel.py --html marks.html
    """
    from pellucid.core.files import write_text
    from pellucid.errors import ArgumentError
    from pellucid.examiner.examining import examine_all

    if gradescope is not None and len(files) != 1:
        raise ArgumentError(f"--gradescope is for one file at a time; got {len(files)} files")
    if jobs is not None and jobs < 1:
        raise ArgumentError(f"--jobs must be at least 1; got {jobs}")
    marks = examine_all(files, seed=seed, questions=question, seconds=seconds, jobs=jobs)

    from pellucid.examiner import showing

    if as_json:
        found = [one.to_json() for one in marks]
        typer.echo(json.dumps(found[0] if len(found) == 1 else found, indent=2, ensure_ascii=False))
    elif csv is None or len(marks) == 1:
        from rich.console import Console

        console = Console(highlight=False)
        for one in marks:
            console.print(showing.table(one))
    else:
        for one in marks:
            typer.echo(f"{one.file}: {showing.total(one)}{f'. {one.message}' if one.message else ''}")
    if html is not None:
        write_text(html, showing.page(marks))
    if csv is not None:
        write_text(csv, showing.csv_text(marks))
    if gradescope is not None:
        write_text(gradescope, json.dumps(showing.gradescope(marks[0]), indent=2, ensure_ascii=False) + "\n")
