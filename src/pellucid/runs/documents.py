"""The JSON files of a run folder, and the history, which is kept as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.errors import ArgumentError

# What each file must have: asked of whoever writes it, and checked when it is read.
REQUIRED = {
    "run.json": ("format", "version", "name", "status", "created", "command", "pellucid"),
    "configuration.json": ("experiment", "dataset.name", "dataset.classes", "network", "training"),
    "environment.json": ("python", "platform", "packages"),
    "uses.json": ("basis", "uses"),
    "results.json": ("test.n", "test.loss", "test.accuracy", "test.accuracy_interval"),
}
HISTORY_COLUMNS = (
    "epoch",
    "loss",
    "accuracy",
    "val_loss",
    "val_accuracy",
    "train_loss",
    "train_accuracy",
    "seconds",
    "learning_rate",
)


def document_to_bytes(file: str, content: Mapping[str, Any]) -> bytes:
    r"""Return ``content`` as the JSON of ``file``; NumPy numbers and arrays become plain ones.

    Raises :class:`~pellucid.errors.ArgumentError` where a key that the format asks for is missing, or a
    value is of a kind that JSON does not know.

    >>> document_to_bytes("extra.json", {"accuracy": np.float32(0.5), "loss": float("nan")})
    b'{\n  "accuracy": 0.5,\n  "loss": null\n}\n'
    """
    missing = missing_key(file, content)
    if missing:
        raise ArgumentError(f"{file} of a run folder needs {missing!r}, but its keys are {list(content)}.")
    return _to_json(content)


def document_from_bytes(file: str, data: bytes) -> dict[str, Any]:
    """Return the content of the JSON ``file``; raises ``ValueError`` saying what is wrong with it.

    >>> document_from_bytes("extra.json", b'{"accuracy": 0.5}')
    {'accuracy': 0.5}
    """
    content = _from_json(data)
    if not isinstance(content, dict):
        raise ValueError(f"holds a {type(content).__name__} where an object belongs")
    missing = missing_key(file, content)
    if missing:
        raise ValueError(f"has no {missing!r}")
    return content


def missing_key(file: str, content: Mapping[str, Any]) -> str | None:
    """Return the first key that ``file`` needs and ``content`` lacks, as ``"outer.inner"``, or None."""
    for path in REQUIRED.get(file, ()):
        value: Any = content
        for key in path.split("."):
            if not isinstance(value, Mapping) or key not in value:
                return path
            value = value[key]
    return None


def history_to_bytes(rows: Sequence[Mapping[str, float]]) -> tuple[bytes, bytes]:
    r"""Return the history as (JSON, CSV): a row per epoch, its first key ``epoch``, counted from 1.

    Raises :class:`~pellucid.errors.ArgumentError` where the epochs are not 1, 2, 3, ….

    >>> history_to_bytes([{"epoch": 1, "loss": 0.5}])[1]
    b'epoch,loss\n1,0.5\n'
    """
    epochs = [row.get("epoch") for row in rows]
    if epochs != list(range(1, len(rows) + 1)):
        raise ArgumentError(
            f"A history has the epochs 1, 2, 3, … in order, but got epochs={epochs}. Number them from 1."
        )
    plain: list[dict[str, Any]] = [_plain(row) for row in rows]
    seen = {key for row in plain for key in row}
    columns = [name for name in HISTORY_COLUMNS if name in seen] + sorted(seen - set(HISTORY_COLUMNS))
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(plain)  # None and a missing key are both an empty field
    ordered = [{name: row[name] for name in columns if name in row} for row in plain]
    return _to_json(ordered), table.getvalue().encode()


def history_from_bytes(data: bytes) -> list[dict[str, float]]:
    """Return the rows of history.json; what was not finite is NaN. Raises ``ValueError``.

    >>> history_from_bytes(b'[{"epoch": 1, "loss": null}]')
    [{'epoch': 1, 'loss': nan}]
    """
    rows = _from_json(data)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("is not a list of epochs")
    if [row.get("epoch") for row in rows] != list(range(1, len(rows) + 1)):
        raise ValueError("does not have the epochs 1, 2, 3, … in order")
    for row in rows:
        for key, value in row.items():
            if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
                raise ValueError(f"has {key}={value!r} in epoch {row['epoch']} where a number belongs")
    return [{key: math.nan if value is None else value for key, value in row.items()} for row in rows]


def _to_json(content: Any) -> bytes:
    return (json.dumps(_plain(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _from_json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("is not JSON that pellucid writes: it is nested too deeply") from None
    except ValueError as error:  # JSONDecodeError and UnicodeDecodeError are of this kind
        raise ValueError(f"is not whole JSON ({error})") from None


def _plain(value: Any) -> Any:
    """Return ``value`` in the kinds that JSON knows; numbers that are not finite become None."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    raise ArgumentError(
        f"A run folder keeps numbers, texts, lists and mappings, but got {value!r} of type "
        f"{type(value).__name__}. Convert it first, a path for example with str()."
    )
