"""A run in a notebook: how it stands, its results and its curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.html_output import Html, curves, html_table, paragraph, titled

if TYPE_CHECKING:
    from pellucid.runs.record.history import History
    from pellucid.runs.written_run import WrittenRun

_LINES = {"in training": "{}", "after it": "train_{}", "validation": "val_{}"}


def run_html(run: WrittenRun) -> Html:
    """Return the results and curves of a run as HTML; of an unfinished one, what it has so far."""
    rows = [["folder", str(run.path)], ["status", str(run.status)]]
    rows += _results(run) if run.has("results.json") else [["", run.standing()]]
    parts = [html_table(["", ""], rows, "ll")]
    if run.has("history.json"):
        parts.append(Html(f"<div>{''.join(_plots(run.history))}</div>"))
    page = run.path / "report.html"
    if page.is_file():
        parts.append(paragraph(f"Report: {page}"))
    parts.append(paragraph("Mistakes, kernels and maps: pellucid.report.write_figures(run.path)"))
    return titled(run.info.name, *parts)


def _results(run: WrittenRun) -> list[list[str]]:
    results = run.results
    watch_out = [["watch out", str(finding)] for finding in results.findings if finding.code != "one-seed"]
    return [
        ["test accuracy", str(results.test.estimate)],
        ["test loss", f"{results.test.loss:.4f}"],
        ["loss in training", run.configuration.objective],
        *watch_out,
    ]


def _plots(history: History) -> list[str]:
    found: list[str] = []
    for metric in ("loss", "accuracy"):
        names = {label: form.format(metric) for label, form in _LINES.items()}
        found.append(
            curves(
                metric,
                {label: history.column(name) for label, name in names.items() if history.measured(name)},
            )
        )
    return found
