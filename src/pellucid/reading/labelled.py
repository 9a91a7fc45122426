"""A person's own labelled images, read by the network of a run: a CSV file of files and labels."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pellucid.errors import DataError, FileFormatError
from pellucid.evaluation.predictions import Predictions, predictions_of
from pellucid.reading.recognizer import Recognizer

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

COLUMNS = ("file", "label")


def read_labelled(run_path: str | os.PathLike[str], path: str | os.PathLike[str]) -> Predictions:
    """Return a run's predictions for the labelled images that a CSV file lists.

    File names are relative to the folder of the CSV file; labels are names of the run's classes.

    Raises
    ------
    FileFormatError
        The file cannot be read, or lacks a column.
    DataError
        A label that is not one of the classes, or an image that cannot be read.
    """
    table, recognizer = Path(path), Recognizer.open(run_path)
    rows = _rows(table)
    labels = [
        _class_of(label, recognizer.classes, table, line) for line, (_, label) in enumerate(rows, start=2)
    ]
    answers = list(recognizer.read([table.parent / file for file, _ in rows]))
    problems = [one.problem for one in answers if one.problem is not None]
    if problems:
        raise DataError(
            f"{len(problems)} of the {len(rows)} images in {table} cannot be read. The first: {problems[0]}"
        )
    return predictions_of(
        str(table), labels, np.stack([one.probabilities for one in answers]).astype(np.float64)
    )


def _rows(table: Path) -> list[tuple[str, str]]:
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise FileFormatError(
                    f"{table} needs the columns file and label, such as file,label / scans/seven.png,7. "
                    f"Received: columns={list(reader.fieldnames or ())}"
                )
            rows = [(str(row["file"] or ""), str(row["label"] or "").strip()) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileFormatError(f"The labels {table} cannot be read: {error}.") from error
    if not rows:
        raise FileFormatError(f"{table} lists no image. Received: rows=0")
    return rows


def _class_of(label: str, classes: Sequence[str], table: Path, line: int) -> int:
    if label not in classes:
        raise DataError(
            f"Line {line} of {table}: the label must be one of the run's classes, "
            f"{', '.join(map(str, classes))}. Received: label={label!r}"
        )
    return list(classes).index(label)
