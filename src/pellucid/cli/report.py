"""``pellucid report RUN``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pellucid.cli.shared.json_output import JsonOption, print_json
from pellucid.cli.shared.options import RunOrStudyArgument
from pellucid.cli.shared.pages import write_run_pages, write_study_pages
from pellucid.cli.shared.run_folders import open_run
from pellucid.core.terminal import doing, telling
from pellucid.errors import ArgumentError


def report(
    run: RunOrStudyArgument,
    out: Annotated[
        Path | None,
        typer.Option(metavar="PAGE.html", help="Write the page there, and leave the run folder as it is."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a run's report and figures again, or the page of several seeds.

    Needs only the run folder, so it also works for a run made elsewhere, or one that is not finished yet. The
    page contains all of its figures and needs no network.

    Example: pellucid report runs/mnist-cnn

    Example: pellucid report runs/digits-cnn-5-seeds

    Example: pellucid report runs/mnist-cnn --out for-my-teacher.html
    """
    from pellucid.runs.study_folder import is_study

    if not is_study(run):
        open_run(run)
    figures: list[Path] = []
    with telling(), doing("drawing the figures and the report"):
        if out is not None:
            page = _write_elsewhere(run, out)
        elif is_study(run):
            page = write_study_pages(run)
        else:
            page, figures = write_run_pages(run)
    if as_json:
        print_json({"report": str(page), "figures": [str(figure) for figure in figures]})
        return
    typer.echo(f"report   {page}")
    if figures:
        typer.echo(f"figures  {figures[0].parent}: {', '.join(figure.name for figure in figures)}")


def _write_elsewhere(run: Path, out: Path) -> Path:
    from pellucid.core.files import write_text
    from pellucid.report.html import report_html
    from pellucid.report.rundata import RunData
    from pellucid.report.study_page import study_html
    from pellucid.runs.study_folder import is_study

    page = out / "report.html" if out.is_dir() else out
    if page.suffix not in (".html", ".htm"):
        raise ArgumentError(
            f"The report is a page: --out names a file ending in .html. Received: --out={out}"
        )
    write_text(page, study_html(run, page) if is_study(run) else report_html(RunData.read(run), page))
    return page
