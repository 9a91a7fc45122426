"""Histories that were saved beside a submission: Keras's as JSON or CSV, and pellucid's run folders.

Nothing is unpickled: that would run whatever is in the file.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pellucid.errors import FileFormatError, PellucidError
from pellucid.examiner.files.finding import SUFFIXES
from pellucid.examiner.files.text import read_text
from pellucid.examiner.written.console import Curves, TestFigures
from pellucid.runs import RunFolder

NAMES = ("loss", "accuracy", "val_loss", "val_accuracy")
OLD = {"acc": "accuracy", "val_acc": "val_accuracy"}
PICKLED = (".pkl", ".pickle", ".npy", ".joblib")


@dataclass(frozen=True)
class SavedHistory:
    """A training as it was saved: its curves, its test where known, and the experiment where it says so."""

    name: str
    curves: Curves
    test: TestFigures | None = None
    experiment: str = ""


def histories_beside(path: Path) -> tuple[list[SavedHistory], list[str]]:
    """Return the histories beside a submission, and notes on those that cannot be read.

    Where other submissions lie in the same folder, only files are taken whose names begin with its own.
    """
    alone = not any(one.suffix.lower() in SUFFIXES for one in path.parent.iterdir() if one.name != path.name)
    found, notes = list[SavedHistory](), list[str]()
    for one in sorted(path.parent.iterdir()):
        if not (alone or one.name.startswith(path.stem)) or one == path:
            continue
        if one.suffix.lower() in PICKLED and "hist" in one.name.lower():
            notes.append(f"{one.name} was not read: unpickling runs code. Save the history as JSON or CSV.")
        elif (one / "configuration.json").is_file() or one.suffix.lower() in (".json", ".csv"):
            try:
                saved = read_history(one)
            except PellucidError as error:
                notes.append(f"{error}")
                continue
            found += [] if saved is None else [saved]
    return found, notes


def read_history(path: Path) -> SavedHistory | None:
    """Return a saved history; None where a file holds something else.

    Raises
    ------
    FileFormatError
        When a run folder is damaged, or a file cannot be read.
    """
    if path.is_dir():
        return _run_folder(path)
    text = read_text(path).text
    columns = _of_csv(text) if path.suffix.lower() == ".csv" else _of_json(text)
    curves = curves_of(columns, path.name)
    return None if curves is None else SavedHistory(path.name, curves)


def curves_of(columns: Mapping[str, Any], source: str) -> Curves | None:
    """Return curves from lists by name; None where they are none.

    Examples
    --------
    >>> curves_of({"loss": [0.5, 0.4], "val_acc": [0.9, 0.91]}, "h.json").values
    {'loss': [0.5, 0.4], 'val_accuracy': [0.9, 0.91]}
    """
    values = {}
    for name, found in columns.items():
        modern = OLD.get(str(name), str(name).replace("sparse_", "").replace("categorical_", ""))
        numbers = _numbers(found)
        if modern in NAMES and numbers:
            values[modern] = numbers
    lengths = {len(one) for one in values.values()}
    return Curves(lengths.pop(), values, source=source) if len(lengths) == 1 else None


def _numbers(found: Any) -> list[float]:
    """Return a list of numbers; an empty one where it is none."""
    if isinstance(found, Mapping):  # as pandas writes it
        found = list(found.values())
    if not isinstance(found, list):
        return []
    try:
        return [math.nan if one in (None, "") else float(one) for one in found]
    except (TypeError, ValueError):
        return []


def _of_json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if isinstance(found, list) and all(isinstance(row, dict) for row in found):
        return _columns(found)
    if isinstance(found, dict) and isinstance(found.get("history"), dict):
        found = found["history"]
    return found if isinstance(found, dict) else {}


def _of_csv(text: str) -> dict[str, Any]:
    try:
        return _columns(list(csv.DictReader(text.splitlines())))
    except csv.Error:
        return {}


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {name: [row.get(name) for row in rows] for name in (rows[0] if rows else ())}


def _run_folder(path: Path) -> SavedHistory:
    try:
        run = RunFolder.open(path)
        columns = run.history.whole_columns()
        experiment = run.configuration.experiment
    except (PellucidError, OSError) as error:
        raise FileFormatError(f"{path.name} is no run folder that can be read: {error}") from error
    curves = curves_of(columns, path.name) or Curves(0, source=path.name)
    return SavedHistory(path.name, curves, _test_of(run), str(experiment))


def _test_of(run: RunFolder) -> TestFigures | None:
    try:
        result = run.results.test
    except (PellucidError, OSError, AttributeError):
        return None
    return TestFigures(result.loss, result.accuracy, run.path.name)
