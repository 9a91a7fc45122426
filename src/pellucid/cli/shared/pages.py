"""Writes the pages of a run or a study, and the index of the folder of runs that it is in."""

from __future__ import annotations

import contextlib
from pathlib import Path

from pellucid.errors import OutputError


def write_run_pages(run: Path) -> tuple[Path, list[Path]]:
    """Write the figures and the report of a run; return the report and the figures."""
    from pellucid.report import write_figures, write_report

    refresh_index(run)  # first, so that the report links it
    figures = write_figures(run)
    page = write_report(run)
    refresh_index(run)
    return page, figures


def write_study_pages(study: Path) -> Path:
    """Write the page of a study of several seeds, and those of seeds that have none; return the study's."""
    from pellucid.report import write_report, write_study_report
    from pellucid.report.links import REPORT
    from pellucid.runs.study_standing import seeds_of

    refresh_index(study)
    page = write_study_report(study)  # first, so that the seeds' pages link it
    begun = [run for run in seeds_of(study).values() if run is not None and run.has("configuration.json")]
    without = [run for run in begun if not (run.path / REPORT).exists()]
    for run in without:
        write_report(run.path)
    if without:
        write_study_report(study)
    refresh_index(study)
    return page


def refresh_index(run: Path) -> None:
    """Write the index of the folder of runs that the run, study or page is in, if there is one."""
    from pellucid.report import index_folder, write_index

    folder = index_folder(run)
    if folder is not None:
        with contextlib.suppress(OutputError):  # the run itself is what matters
            write_index(folder)
