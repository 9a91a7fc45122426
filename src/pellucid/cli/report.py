"""``pellucid report RUN``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pellucid.cli.shared.json_output import JsonOption, print_json
from pellucid.cli.shared.options import RunArgument
from pellucid.cli.shared.run_folders import open_run


def report(
    run: RunArgument,
    out: Annotated[
        Path | None,
        typer.Option(metavar="PAGE.html", help="Write the page there, and leave the run folder as it is."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a run's report and figures again.

    Needs only the run folder, so it also works for a run made elsewhere, or one that is not finished yet. The
    page contains all of its figures and needs no network.

    Example: pellucid report runs/mnist-cnn

    Example: pellucid report runs/mnist-cnn --out for-my-teacher.html
    """
    from pellucid.report import write_figures, write_report

    open_run(run)
    figures: list[Path] = []
    if out is None:
        figures = write_figures(run)
        page = write_report(run)
    else:
        page = _write_elsewhere(run, out)
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

    page = out / "report.html" if out.is_dir() else out
    write_text(page, report_html(RunData.read(run)))
    return page
