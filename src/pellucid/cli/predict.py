"""``pellucid predict RUN IMAGE…``."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pellucid.cli.shared.command_group import BAD_FILE
from pellucid.cli.shared.image_files import find_images
from pellucid.cli.shared.json_output import JsonOption, print_json
from pellucid.cli.shared.layout import hint, printable, table
from pellucid.cli.shared.options import RunOrStudyArgument
from pellucid.cli.shared.run_folders import open_run
from pellucid.core.styling import styled
from pellucid.core.wording.percents import confidence_percent
from pellucid.core.wording.plurals import counted
from pellucid.errors import ArgumentError

if TYPE_CHECKING:
    from pellucid.evaluation import SourceComparison
    from pellucid.reading.recognizer import Answer, Recognizer
    from pellucid.runs import RunFolder


def predict(
    run: RunOrStudyArgument,
    images: Annotated[
        list[str],
        typer.Argument(
            metavar="IMAGE", help='Image files, folders of them, or patterns such as "scans/*.png".'
        ),
    ],
    as_is: Annotated[
        bool, typer.Option("--as-is", help="Only resize the images: no inverting, cropping or centring.")
    ] = False,
    doubt_below: Annotated[
        float, typer.Option(min=0, max=1, metavar="SHARE", help="Mark predictions with less confidence.")
    ] = 0.9,
    seed: Annotated[
        int | None,
        typer.Option(metavar="N", help="Of several seeds, the one whose network reads."),
    ] = None,
    prepared: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write each image there as the network sees it, to look at."),
    ] = None,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for spreadsheets.")] = False,
) -> None:
    """Classify image files with a run's network.

    For a network trained on digits (MNIST, scikit-learn's), each picture is first prepared like them: the ink
    is separated from the paper, dark ink is inverted, and the digit is scaled and centred. What was done is
    printed. Photographs are only resized. A file that cannot be read is reported, and the others are still
    classified. Of a folder of several seeds, the network with the highest validation accuracy reads.

    Example: pellucid predict runs/mnist-cnn seven.jpg

    Example: pellucid predict runs/mnist-cnn scans/ --csv > read.csv
    """
    if as_json and as_csv:
        raise ArgumentError("Either --json or --csv can be printed, not both. Received: --json --csv")
    folder = _chosen(run, seed)
    run = folder.path

    from pellucid.datasets.progress import bar
    from pellucid.evaluation import with_sentences
    from pellucid.reading.recognizer import Recognizer

    files, missing = find_images(images)
    recognizer = Recognizer.open(run)
    with bar("reading", len(files), enabled=True) as advance:
        answers = list(recognizer.read(files, as_is=as_is, keep_in=prepared, advance=advance))
    rows = [_row(one, recognizer.classes, doubt_below) for one in answers if one.problem is None]
    failed = [*missing, *(one.problem for one in answers if one.problem is not None)]
    compared = _compared(folder, rows)
    if as_json:
        source = None if compared is None else with_sentences(compared)
        print_json(
            {
                "run": str(run),
                "classes": recognizer.classes,
                "images": rows,
                "failed": failed,
                "source": source,
            }
        )
    elif as_csv:
        _print_csv(rows)
    elif rows:
        _print_table(rows)
    for problem in failed:
        hint(f"pellucid: {printable(problem)}")
    if rows:
        _say_how(rows, recognizer)
        _say_warnings(rows)
        _say_doubts(rows, folder, doubt_below, compared)
    if failed:
        raise typer.Exit(BAD_FILE)


def _chosen(path: Path, seed: int | None) -> RunFolder:
    """Return the run in the folder ``path``; of several seeds, one, and say which on standard error."""
    from pellucid.runs.study_folder import is_study
    from pellucid.runs.study_standing import chosen_seed

    if not is_study(path):
        if seed is not None:
            raise ArgumentError(
                f"--seed chooses among several seeds; {path} is one run. Received: --seed {seed}"
            )
        return open_run(path)
    run, why = chosen_seed(path, seed)
    hint(f"Read by the network of {run.path}: {why}.\n")
    return run


def _row(answer: Answer, classes: Sequence[str], doubt_below: float) -> dict[str, Any]:
    first, second = (int(place) for place in (-answer.probabilities).argsort(kind="stable")[:2])
    confidence = float(answer.probabilities[first])
    return {
        "file": str(answer.path),
        "predicted": classes[first],
        "confidence": confidence,
        "second": classes[second],
        "second_confidence": float(answer.probabilities[second]),
        "doubtful": confidence < doubt_below or bool(answer.warnings),
        "warnings": list(answer.warnings),
        "prepared": list(answer.steps),
        "probabilities": [float(p) for p in answer.probabilities],
    }


def _print_table(rows: Sequence[dict[str, Any]]) -> None:
    lines = [
        [
            printable(row["file"]),
            styled(printable(row["predicted"]), "bold"),
            confidence_percent(row["confidence"]),
            styled("!" if row["warnings"] else "?" if row["doubtful"] else "", "bold", "yellow"),
            f"{printable(row['second'])} ({confidence_percent(row['second_confidence'])})",
        ]
        for row in rows
    ]
    typer.echo(table(["FILE", "READ AS", "CONFIDENCE", "", "SECOND GUESS"], lines, "llrll"))


def _print_csv(rows: Sequence[dict[str, Any]]) -> None:
    columns = [
        "file",
        "predicted",
        "confidence",
        "second",
        "second_confidence",
        "doubtful",
        "prepared",
        "warnings",
    ]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        numbers = {key: f"{row[key]:.6g}" for key in ("confidence", "second_confidence")}
        doubtful = "yes" if row["doubtful"] else "no"
        writer.writerow({**row, **numbers, "doubtful": doubtful, **_joined(row)})
    typer.echo(text.getvalue(), nl=False)


def _joined(row: dict[str, Any]) -> dict[str, str]:
    return {key: "; ".join(row[key]) for key in ("prepared", "warnings")}


def _say_warnings(rows: Sequence[dict[str, Any]]) -> None:
    """Say on standard error why the answers marked ! are not to be trusted."""
    for row in rows:
        for warning in row["warnings"]:
            hint(f"! {printable(row['file'])}: {printable(warning)}.")


def _say_how(rows: Sequence[dict[str, Any]], recognizer: Recognizer) -> None:
    """Say on standard error how the images were prepared."""
    counts = Counter(step for row in rows for step in row["prepared"])
    if not counts:
        return
    done = ", ".join(
        step if n == len(rows) else f"{step} ({n:,} of {len(rows):,})" for step, n in counts.items()
    )
    digits = recognizer.pipeline.digit_form
    form = "" if digits is None else f" as {digits.name} are"
    hint(f"\nPrepared{form}: {done}.")


def _compared(run: RunFolder, rows: Sequence[dict[str, Any]]) -> SourceComparison | None:
    """Return whether the images are from the source of the run's test images; None if it has none."""
    from pellucid.evaluation import compare_sources

    if not rows or not run.has("predictions.csv"):
        return None
    return compare_sources(run.predictions.probabilities, [row["probabilities"] for row in rows])


def _say_doubts(
    rows: Sequence[dict[str, Any]], run: RunFolder, doubt_below: float, compared: SourceComparison | None
) -> None:
    """Say on standard error how many answers are doubtful, and what that meant for the run's test images.

    For images that are shown to be from another source nothing is carried over from the test images.
    """
    from pellucid.evaluation import proportion, sentence

    if compared is not None and compared.differs:
        hint(sentence(compared))
    doubtful = sum(row["doubtful"] and not row["warnings"] for row in rows)
    if not doubtful:
        return
    which = f"{doubtful:,} of {counted(len(rows), 'image')} marked ?"
    text = f"{which}: read with less than {confidence_percent(doubt_below)} confidence."
    if compared is not None and not compared.differs:
        predictions = run.predictions
        unsure = predictions.probabilities.max(axis=1) < doubt_below
        wrong = predictions.predicted != predictions.labels
        if unsure.any():
            shares = [proportion(int(wrong[some].sum()), int(some.sum())) for some in (unsure, ~unsure)]
            text += f" Of the run's test images so doubtful, {shares[0].percent()} were wrong"
            text += f"; of the others {shares[1].percent()}" if shares[1].defined else ""
            text += ". On pictures from another source expect more errors."
    hint(text)
