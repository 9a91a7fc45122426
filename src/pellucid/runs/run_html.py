"""A run in a notebook: how it stands, its results and its curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.html_output import Html, history_curves, html_table, paragraph, titled
from pellucid.evaluation.pitfalls.finding import but_one_seed

if TYPE_CHECKING:
    from pellucid.runs.written_run import WrittenRun


def run_html(run: WrittenRun) -> Html:
    """Return the results and curves of a run as HTML; of an unfinished one, what it has so far."""
    rows = [["folder", str(run.path)], ["status", str(run.status)]]
    rows += _results(run) if run.has("results.json") else [["", run.standing()]]
    parts = [html_table(["", ""], rows, "ll")]
    if run.has("history.json"):
        columns = run.history.columns()
        plots = [history_curves(metric, columns) for metric in ("loss", "accuracy")]
        parts.append(Html(f"<div>{''.join(plots)}</div>"))
    page = run.path / "report.html"
    if page.is_file():
        parts.append(paragraph(f"Report: {page}"))
    parts.append(paragraph("Mistakes, kernels and maps: pellucid.report.write_figures(run.path)"))
    return titled(run.info.name, *parts)


def _results(run: WrittenRun) -> list[list[str]]:
    results = run.results
    watch_out = [["watch out", str(finding)] for finding in but_one_seed(results.findings)]
    return [
        ["test accuracy", str(results.test.estimate)],
        ["test loss", f"{results.test.loss:.4f}"],
        ["loss in training", run.configuration.objective],
        *watch_out,
    ]
