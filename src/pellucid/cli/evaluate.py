"""``pellucid evaluate RUN``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from pellucid.cli.shared.json_output import JsonOption, print_json
from pellucid.cli.shared.layout import emphasised, labelled, printable, table, width
from pellucid.cli.shared.matrix import shown_matrix
from pellucid.cli.shared.options import RunOrStudyArgument
from pellucid.cli.shared.run_folders import open_run
from pellucid.cli.shared.run_results import trained_on, watch_out
from pellucid.cli.shared.study_results import evaluate_study
from pellucid.core.styling import styled
from pellucid.core.wrapping import wrapped

if TYPE_CHECKING:
    from pellucid.evaluation import Estimate, Evaluation
    from pellucid.runs import RunFolder
    from pellucid.runs.record.results import Results

LEGEND = (
    "Recall: how many of a class's images were found. Precision: how many of the images taken for it are "
    "of it. F1: between the two. In brackets 95 % intervals, for images independent of each other: where few "
    "people made the images, all but that of new writers are too narrow. In the loss a probability below "
    "1e-7 counts as 1e-7."
)


def evaluate(run: RunOrStudyArgument, as_json: JsonOption = False) -> None:
    """Report how accurate a run's network is, class by class.

    Uses the predictions for the test images that the run has stored: nothing is computed again, and the test
    images are not opened again. Every estimate has its 95 % interval. Of a folder of several seeds, each
    seed's accuracy, their mean and their spread.

    Example: pellucid evaluate runs/mnist-cnn

    Example: pellucid evaluate runs/digits-cnn-5-seeds
    """
    from pellucid.evaluation import evaluate as evaluate_predictions
    from pellucid.runs.study_folder import is_study

    if is_study(run):
        evaluate_study(run, as_json=as_json)
        return

    folder = open_run(run, finished=True)
    predictions, classes = folder.predictions, list(folder.configuration.dataset.classes)
    found = evaluate_predictions(predictions.labels, predictions.probabilities, class_names=classes)
    if as_json:
        print_json({"run": str(run), **_kept(folder), "class_names": classes, **found.as_dict()})
    else:
        _show(folder, found, [printable(name) for name in classes])


def _kept(folder: RunFolder) -> dict[str, Any]:
    """Return what the run has kept of its evaluation, for JSON."""
    from pellucid.runs.record.json_form import to_json

    results = folder.results
    return {
        "name": folder.info.name,
        "dataset": folder.configuration.dataset.name,
        "test_set_opened": results.test_set_opened,
        "warnings": results.warnings,
        "findings": to_json(results.findings),
        "calibration": to_json(results.calibration),
        "generalisation": to_json(results.generalisation),
    }


def _said(results: Results) -> list[tuple[str, str]]:
    """Return what the run has kept of how sure its network is, and of its curves, in sentences."""
    from pellucid.evaluation import sentence

    calibration, curves = results.calibration, results.generalisation
    said = [] if calibration is None else [("how sure", sentence(calibration.before))]
    if calibration is not None and calibration.temperature is not None and calibration.after is not None:
        points = f"{100 * calibration.after.error.value:.1f} points"
        temperature = f"{calibration.temperature:.2f} fits the validation images best; with it {points}"
        said.append(("temperature", temperature))
    sentences = curves.sentences if curves else ()
    return [*said, *(("" if place else "the curves", f"- {one}") for place, one in enumerate(sentences))]


def _by_writer(folder: RunFolder) -> list[tuple[str, str]]:
    """Return the accuracy for new writers, whose images go together, where the writers are known."""
    from pellucid.evaluation import field_accuracy
    from pellucid.runs.sufficiency import predictions_of_test, writers_of_test

    writers, _ = writers_of_test(folder, fetch=False)
    if writers is None:
        return []
    measured = field_accuracy(predictions_of_test(folder).correct, 1, writers).measured
    return [] if measured is None else [("of new writers", f"{measured}: here n counts writers")]


def _show(folder: RunFolder, found: Evaluation, classes: list[str]) -> None:
    from pellucid.figures.confusion import confusion_matrix_text

    results = folder.results
    rows = [
        ("run", f"{folder.info.name} in {folder.path}"),
        ("tested on", f"{found.n:,} images of {folder.configuration.dataset.name}"),
        *trained_on(folder),
        ("accuracy", emphasised(str(found.accuracy))),
        *_by_writer(folder),
        ("loss", emphasised(str(found.loss))),
        *_top(found),
        *_said(results),
        *watch_out(results),
    ]
    typer.echo(labelled(rows, width()))
    typer.echo()
    head = ["CLASS", "IMAGES", "RECALL %", "PRECISION %", "F1 %"]
    each = [
        [name, f"{one.support:,}", *(_compact(rate) for rate in (one.recall, one.precision, one.f1))]
        for name, one in zip(classes, found.classes, strict=True)
    ]
    typer.echo(table(head, each, "lrlll"))
    typer.echo(f"{wrapped(LEGEND, width())}\n")
    words = confusion_matrix_text(found.confusion, classes).partition("\n\n")[0]
    for line in words.splitlines():
        typer.echo(wrapped(line, width()))
    typer.echo(f"\n{shown_matrix(found.confusion, classes, width())}")


def _compact(estimate: Estimate) -> str:
    """Return an estimate in percent with its interval, short enough for a table."""
    value, space, interval = estimate.percent().replace(" %", "").replace(" to ", "–").partition(" ")
    return value + space + styled(interval, "dim")


def _top(found: Evaluation) -> list[tuple[str, str]]:
    """Return how often the class is among the k most probable, where these are fewer than half of all."""
    few = {k: estimate for k, estimate in found.top_k.items() if 2 * k < len(found.classes)}
    return [(f"in top {k}", emphasised(str(estimate))) for k, estimate in few.items()]
