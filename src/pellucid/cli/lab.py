"""``pellucid lab``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pellucid.cli.shared.json_output import JsonOption
from pellucid.cli.shared.options import QuietOption


def lab(
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="The folder for the document and its runs.")
    ] = Path("lab"),
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer images and epochs, marked as such: under two minutes.")
    ] = False,
    only: Annotated[
        str | None, typer.Option(help="Some questions, such as Q10-Q15,D7,I5.", metavar="QUESTIONS")
    ] = None,
    experiments: Annotated[
        list[Path] | None,
        typer.Option(
            help="A run folder, or a folder of them, to use instead of training; may be repeated.",
            metavar="DIR",
        ),
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf/--no-pdf", help="Print it as PDF too, with a browser or WeasyPrint.")
    ] = True,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Answer all of the lab's questions in one document: HTML, PDF, notebook and Markdown.

    Every answer is computed from measured results. Networks that were trained before with the same settings
    are not trained again, and interrupted training continues.

    Example: pellucid lab --quick --only Q20-Q25
    """
    from pellucid.engine.workers import default_threads
    from pellucid.lab.scale import FULL, QUICK
    from pellucid.lab.writing import write_lab

    try:
        written = write_lab(
            out,
            scale=QUICK if quick else FULL,
            only=only,
            experiments=experiments or (),
            progress=None if quiet else sys.stderr,
            pdf=pdf,
            processes=default_threads() if quick else 1,  # a full training keeps all threads busy
        )
    except KeyboardInterrupt:
        typer.echo(
            f"\nInterrupted. What was trained is in {out / 'runs'}; the same command goes on from there.",
            err=True,
        )
        raise
    paths = {name: None if path is None else str(path) for name, path in asdict(written).items()}
    if as_json:
        typer.echo(json.dumps(paths, indent=2))
        return
    for name, path in paths.items():
        if path is not None:
            typer.echo(f"{name:<10}{path}")
