"""The report of a run: one HTML file that needs no network and no script.

It stays below four megabytes: the pictures of mistakes, its largest part, have a limit of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pellucid.core.files import write_text
from pellucid.report import contents, drawings, judgement
from pellucid.report.links import links_of_run
from pellucid.report.matrix import MOST_NUMBERED, confused_pairs, matrices
from pellucid.report.mistakes import mistake_list
from pellucid.report.network_table import layer_rows
from pellucid.report.pages import page_templates
from pellucid.report.rundata import RunData
from pellucid.report.sections import filled_sections

if TYPE_CHECKING:
    import os
    from pathlib import Path

# The sections in their order, with their entries in the contents: what was found first, how it was made last.
SECTIONS = {
    "result": "Result",
    "mistakes": "Mistakes",
    "sees": "What it sees",
    "curves": "Curves",
    "confusion": "Confusion",
    "classes": "Classes",
    "sureness": "Sureness",
    "enough": "Is it enough?",
    "further": "Further",
    "setup": "Setup",
    "repeat": "Repeat",
}


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
    templates, mistakes = page_templates(), mistake_list(data)
    shown: dict[str, Any] = {
        "run": data,
        "info": data.info,
        "contents": contents,
        "drawings": drawings,
        "judgement": judgement,
    }
    of_sections = {
        "mistakes": mistakes,
        "matrices": matrices,
        "confused_pairs": confused_pairs,
        "most_numbered": MOST_NUMBERED,
        "layer_rows": layer_rows,
    }
    sections = filled_sections(templates, "report", SECTIONS, {**shown, **of_sections})
    return templates.get_template("report.html").render(
        **shown,
        sections=sections,
        style=mistakes.css,
        links=links_of_run(data.folder.path) if page is None else [],
    )
