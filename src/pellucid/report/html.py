"""The report of a run: one HTML file that needs no network and no script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.files import write_text
from pellucid.report import contents, drawings, judgement
from pellucid.report.links import links_of_run
from pellucid.report.pages import page_templates
from pellucid.report.rundata import RunData

if TYPE_CHECKING:
    import os
    from pathlib import Path


def write_report(run_path: str | os.PathLike[str]) -> Path:
    """Write ``report.html`` into the run folder ``run_path`` and return its path.

    The run may be unfinished: missing content is left out, and the report says so. The same run folder gives
    the same bytes.

    Raises
    ------
    FileFormatError
        The folder is not a run folder, or a file in it is missing or damaged.
    OutputError
        The report cannot be written.
    """
    data = RunData.read(run_path)
    path = data.folder.path / "report.html"
    write_text(path, report_html(data))
    return path


def report_html(data: RunData, page: Path | None = None) -> str:
    """Return the page of a run; ``page`` is the file, if it is not ``report.html`` in the run folder.

    In the run folder, it links the pages of its study and of all runs.
    """
    return (
        page_templates()
        .get_template("report.html")
        .render(
            run=data,
            info=data.info,
            contents=contents,
            drawings=drawings,
            judgement=judgement,
            links=links_of_run(data.folder.path) if page is None else [],
        )
    )
