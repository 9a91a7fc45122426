"""A CSV file with one row of metrics an epoch."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any

from pellucid.callbacks.callback import Callback, reject_unknown_arguments
from pellucid.errors import ArgumentError, FileFormatError, OutputError


class CSVLogger(Callback):
    """Writes the metrics of each epoch to a CSV file as soon as the epoch is over.

    Columns are Keras's: ``epoch`` (from 0), then the metrics by name in alphabetical order; where the first
    epoch has no ``val_…`` metrics there are columns for them ("NA"), as later epochs may have some. The file
    is closed between epochs, so it can be read, and survives whatever happens to the training.

    Parameters
    ----------
    filename
        Where to write; folders on the way are made.
    separator
        The character between values.
    append
        Whether rows join those of an earlier training, under the columns that are there.

    Raises
    ------
    ArgumentError
        For a separator that is not one character.
    FileFormatError
        Where the file to append to has not the columns it takes.
    OutputError
        Where it cannot write.
    UnknownNameError
        For an unknown argument.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     logger = CSVLogger(Path(folder) / "log.csv")
    ...     logger.on_train_begin()
    ...     logger.on_epoch_end(0, {"loss": 0.5, "val_loss": 0.75})
    ...     print((Path(folder) / "log.csv").read_text())
    epoch,loss,val_loss
    0,0.5,0.75
    """

    def __init__(
        self, filename: str | os.PathLike[str], separator: str = ",", append: bool = False, **unknown: Any
    ) -> None:
        reject_unknown_arguments(self, unknown)
        if len(separator) != 1:
            raise ArgumentError(
                f"CSVLogger takes separator as one character. Received: separator={separator!r}"
            )
        self.filename = os.fspath(filename)
        self.separator = separator
        self.append = append
        self.columns: list[str] = []
        self._joins_earlier_rows = False

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Start the file, or read the columns of the one to append to."""
        self.columns = []
        path = Path(self.filename)
        self._joins_earlier_rows = self.append and path.exists() and path.stat().st_size > 0
        if self._joins_earlier_rows:
            self._read_columns(path)
        else:
            self._write("", mode="w")

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write the row of this epoch."""
        metrics = dict(logs or {})
        rows = []
        if not self.columns:
            self.columns = ["epoch", *_columns(metrics)]
            rows.append(self.columns)
        elif self._joins_earlier_rows:
            self._check_columns(metrics)
            self._joins_earlier_rows = False
        rows.append([str({"epoch": epoch, **metrics}.get(column, "NA")) for column in self.columns])
        text = io.StringIO()
        csv.writer(text, delimiter=self.separator, lineterminator="\n").writerows(rows)
        self._write(text.getvalue(), mode="a")

    def _read_columns(self, path: Path) -> None:
        try:
            text = path.read_text(encoding="utf-8")
            self.columns = next(csv.reader(io.StringIO(text), delimiter=self.separator))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise FileFormatError(
                f"CSVLogger cannot append to {path}, which is no CSV file: {error}. Give it another."
            ) from error
        if not text.endswith("\n"):  # an earlier training was ended in the midst of a row
            self._write("\n", mode="a")

    def _check_columns(self, metrics: dict[str, Any]) -> None:
        known, strange = ", ".join(self.columns), set(metrics) - set(self.columns)
        if strange:
            raise FileFormatError(
                f"CSVLogger cannot append to {self.filename}, which has the columns {known} but not "
                f"{', '.join(sorted(strange))}. Give it another file, or leave out append=True to begin anew."
            )

    def _write(self, text: str, mode: str) -> None:
        path = Path(self.filename)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open(mode, encoding="utf-8", newline="") as file:
                file.write(text)
        except OSError as error:
            raise OutputError(
                f"CSVLogger cannot write {path}: {error.strerror or error}. Choose another place."
            ) from error


def _columns(metrics: dict[str, Any]) -> list[str]:
    names = sorted(metrics)
    if not any(name.startswith("val_") for name in names):
        names += [f"val_{name}" for name in names]
    return names
