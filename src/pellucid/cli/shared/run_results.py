"""Prints the results of finished runs, and writes their figures and reports."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from pellucid.cli.shared.json_output import print_json
from pellucid.cli.shared.layout import emphasised, labelled, table, width
from pellucid.cli.shared.pages import write_run_pages, write_study_pages
from pellucid.core.styling import styled
from pellucid.core.terminal import doing, tell
from pellucid.core.wrapping import wrapped

if TYPE_CHECKING:
    from pellucid.runs import RunFolder
    from pellucid.runs.record.results import Results
    from pellucid.runs.record.study import StudyResults

OPENERS = {"darwin": "open", "win32": "start"}


def show_results(run: RunFolder, *, as_json: bool) -> None:
    """Print the results of a finished run, and write its figures and report."""
    results, page = run.results, run.path / "report.html"
    if as_json:
        print_json({"run": str(run.path), "report": str(page), **_as_json(results)})
    else:
        typer.echo(labelled([*_results(results), *trained_on(run), *watch_out(results)], width()))
    with doing("drawing the figures and the report"):
        write_run_pages(run.path)
    if not as_json:
        typer.echo(f"report         {page}")
        tell_of_one_seed(results)
        opener = OPENERS.get(sys.platform, "xdg-open")
        tell(f"\nTo look at it: {opener} {shlex.quote(str(page))}")


def show_seed(run: RunFolder) -> None:
    """Print the result of one of several seeds on standard error, and write its figures and report."""
    from pellucid.report import write_study_report

    with doing("drawing the figures and the report"):
        write_study_report(run.path.parent)  # first, so that the run's page links it
        write_run_pages(run.path)
    tell(f"{run.path}: test accuracy {run.results.test.accuracy:.4f}\n")


def show_study(folder: Path, study: StudyResults, *, as_json: bool) -> None:
    """Print the accuracies of an experiment with several seeds, and what they say together."""
    from pellucid.runs.record.json_form import to_json
    from pellucid.runs.study_folder import study_runs

    runs = study_runs(folder)
    with doing("drawing the figures and the report"):
        page = write_study_pages(folder)
    if as_json:
        found = [{"run": str(run.path), **_as_json(run.results)} for run in runs]
        print_json({"folder": str(folder), "report": str(page), "runs": found, "study": to_json(study)})
        return
    tests = {str(run.path): run.results.test for run in runs}
    rows = [
        [path, styled(f"{test.accuracy:.4f}", "bold"), f"{test.loss:.4f}"] for path, test in tests.items()
    ]
    typer.echo(table(["RUN", "TEST ACCURACY", "TEST LOSS"], rows, "lrr"))
    typer.echo(f"\n{wrapped(study.sentence, width())}")
    typer.echo(f"\nreport  {page}")
    tell(f"\nTo compare it with another experiment: pellucid compare {shlex.quote(str(folder))} …")


def _as_json(results: Results) -> dict[str, Any]:
    """Return the results as the run folder has them, with the findings as texts too."""
    from pellucid.runs.record.json_form import to_object

    return {**to_object(results), "warnings": results.warnings}


def _results(results: Results) -> list[tuple[str, str]]:
    test, rate = results.test, results.images_per_second or 0
    seconds = 0.0 if results.seconds is None else results.seconds.training
    return [
        ("test accuracy", f"{emphasised(str(test.estimate))}; {test.right:,} right"),
        ("test loss", f"{test.loss:.4f}"),
        ("training", f"{seconds:.1f} s, {rate:,.0f} images/s"),
        *([] if results.kept_epoch is None else [("kept", _kept(results.kept_epoch))]),
    ]


def _kept(epoch: int) -> str:
    return f"the network of epoch {epoch:,}, whose validation loss is the lowest"


def trained_on(run: RunFolder) -> list[tuple[str, str]]:
    """Return what was minimised, if that is not the cross-entropy that is measured on the test images."""
    configuration = run.configuration
    if configuration.minimises_what_is_tested:
        return []
    return [("trained on", f"{configuration.objective}; the test loss is the plain cross-entropy")]


def watch_out(results: Results) -> list[tuple[str, str]]:
    """Return what is wrong with a run; that it has one seed is said once, after training."""
    from pellucid.evaluation.pitfalls.finding import but_one_seed

    label = styled("watch out", "bold", "yellow")
    return [(label, str(finding)) for finding in but_one_seed(results.findings)]


def tell_of_one_seed(results: Results) -> None:
    """Tell that another seed gives another accuracy, and the command that shows how far off."""
    from pellucid.evaluation.pitfalls.finding import ONE_SEED

    for finding in results.findings:
        if finding.code == ONE_SEED:
            tell(f"\n{finding.message} {finding.fix}")
