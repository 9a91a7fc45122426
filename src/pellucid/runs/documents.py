"""The JSON files of a run folder as bytes: each is a record; the history is also written as CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, TypeVar

from pellucid.runs.migration import migrated
from pellucid.runs.record.configuration import Configuration
from pellucid.runs.record.environment import Environment
from pellucid.runs.record.history import QUANTITIES, EpochRecord, History
from pellucid.runs.record.json_form import JSON, RecordError, from_json, to_json
from pellucid.runs.record.results import Results
from pellucid.runs.record.run_info import VERSION, RunInfo
from pellucid.runs.record.study import StudyInfo
from pellucid.runs.record.uses import Uses

T = TypeVar("T")

# The record of each file; the schemas are made from these.
RECORDS: dict[str, Any] = {
    "run.json": RunInfo,
    "configuration.json": Configuration,
    "environment.json": Environment,
    "history.json": tuple[EpochRecord, ...],
    "results.json": Results,
    "uses.json": Uses,
    "summary.json": StudyInfo,
}


def record_to_bytes(record: object) -> bytes:
    r"""Return a record as the bytes of a JSON file.

    Examples
    --------
    >>> from pellucid.runs.record.environment import Processor
    >>> record_to_bytes(Processor(name="A processor"))
    b'{\n  "name": "A processor"\n}\n'
    """
    return (json.dumps(to_json(record), indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def record_from_bytes(kind: type[T], file: str, data: bytes, version: int = VERSION) -> T:
    """Return the record in ``file``, which that version of the format wrote.

    Raises
    ------
    ValueError
        The file is incomplete, or a field is missing or wrong; the message continues after the file name.

    Examples
    --------
    >>> from pellucid.runs.record.environment import Processor
    >>> record_from_bytes(Processor, "cpu.json", b'{"name": "A processor"}')
    Processor(name='A processor', count=None)
    """
    content = json_from_bytes(data)
    if not isinstance(content, dict):
        raise RecordError(f"holds a {type(content).__name__} where an object belongs")
    return from_json(kind, migrated(file, content) if version < VERSION else content)


def history_to_bytes(history: History) -> tuple[bytes, bytes]:
    r"""Return the history as (JSON, CSV), a row per epoch; quantities not measured are left out.

    Examples
    --------
    >>> history_to_bytes(History.of([{"epoch": 1, "loss": 0.5}]))[1]
    b'epoch,loss\n1,0.5\n'
    """
    columns = ["epoch", *(quantity for quantity in QUANTITIES if history.measured(quantity))]
    rows: Any = to_json(history.epochs)
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)  # None and a missing key both become an empty field
    return record_to_bytes(history.epochs), table.getvalue().encode()


def history_from_bytes(data: bytes) -> History:
    """Return the history in history.json; null becomes NaN.

    Raises
    ------
    ValueError
        It is incomplete, not a list of epochs, or has a wrong type where a number belongs.

    Examples
    --------
    >>> history_from_bytes(b'[{"epoch": 1, "loss": null}]').column("loss")
    [nan]
    """
    rows = json_from_bytes(data)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RecordError("is not a list of epochs")
    epochs = from_json(tuple[EpochRecord, ...], rows, "epochs")
    if [one.epoch for one in epochs] != list(range(1, len(epochs) + 1)):
        raise RecordError("does not have the epochs 1, 2, 3, … in order")
    return History(epochs)


def json_from_bytes(data: bytes) -> JSON:
    """Return the content of a JSON file.

    Raises
    ------
    ValueError
        It is incomplete.

    Examples
    --------
    >>> json_from_bytes(b'[1, 2]')
    [1, 2]
    """
    try:
        content: JSON = json.loads(data)
    except RecursionError:
        raise RecordError("is not JSON that pellucid writes: it is nested too deeply") from None
    except ValueError as error:  # JSONDecodeError and UnicodeDecodeError are subclasses
        raise RecordError(f"is not whole JSON ({error})") from None
    return content
