"""What a run folder holds, read file by file, each compared with the sha256 that the run recorded."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pellucid.errors import FileFormatError
from pellucid.runs.documents import history_from_bytes, record_from_bytes
from pellucid.runs.identity import status_of
from pellucid.runs.pictures import pictures_from_bytes
from pellucid.runs.predictions import PredictionTable, checked_predictions
from pellucid.runs.record.configuration import Configuration
from pellucid.runs.record.environment import Environment
from pellucid.runs.record.history import History
from pellucid.runs.record.results import Results
from pellucid.runs.record.run_info import RunInfo, RunStatus
from pellucid.runs.record.uses import Uses
from pellucid.runs.standing import standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

# The files whose sha256 run.json records once the run is finished.
SEALED = (
    "configuration.json",
    "environment.json",
    "history.json",
    "model.safetensors",
    "predictions.csv",
    "validation.csv",
    "results.json",
    "uses.json",
    "pictures.npz",
)


class WrittenRun:
    """A run folder as its readers see it: its status, and what its files hold.

    Parameters
    ----------
    path
        The folder.
    info
        The content of its ``run.json``.
    """

    def __init__(self, path: Path, info: RunInfo) -> None:
        self.path = path
        self.info = info

    def __repr__(self) -> str:
        return f"RunFolder({str(self.path)!r}, status={self.info.status.value!r})"

    @property
    def status(self) -> RunStatus:
        """The status, now: a run whose process has ended without a word is ``STOPPED``."""
        return status_of(self.path, self.info)

    def standing(self, subject: str = "") -> str:
        """Return who trains the run and how far it is, or why it ended, and what to do next, in words.

        The sentence begins with ``subject``, by default with the folder's name.
        """
        return standing(self.path, self.info, subject=subject)

    def has(self, file: str) -> bool:
        """Return whether the run has written ``file``; for a finished run also when the file was lost."""
        return file in (self.info.files or ()) or (self.path / file).is_file()

    @property
    def configuration(self) -> Configuration:
        """What was trained, on which data, and how."""
        configuration: Configuration = self._read("configuration.json")
        return configuration

    @property
    def environment(self) -> Environment:
        """Where it ran."""
        environment: Environment = self._read("environment.json")
        return environment

    @property
    def results(self) -> Results:
        """The results."""
        results: Results = self._read("results.json")
        return results

    @property
    def history(self) -> History:
        """The metrics epoch by epoch."""
        history: History = self._read("history.json")
        return history

    @property
    def predictions(self) -> PredictionTable:
        """The test labels, the predicted classes and the probabilities."""
        predictions: PredictionTable = self._read("predictions.csv")
        return predictions

    @property
    def validation(self) -> PredictionTable:
        """The same for the validation images, with the final weights."""
        predictions: PredictionTable = self._read("validation.csv")
        return predictions

    @property
    def uses(self) -> Uses:
        """Whether the predictions suffice for each application."""
        uses: Uses = self._read("uses.json")
        return uses

    @property
    def pictures(self) -> dict[str, NDArray[Any]]:
        """The arrays of pictures.npz, by name."""
        pictures: dict[str, NDArray[Any]] = self._read("pictures.npz")
        return pictures

    def check(self) -> None:
        """Read every file that the run has written; raise FileFormatError at the first fault."""
        for file in SEALED:
            if self.has(file):
                self._read(file)

    def _read(self, file: str) -> Any:
        """Return the content of ``file``, after comparing it with the recorded sha256."""
        try:
            data = (self.path / file).read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            if (self.info.files or {}).get(file, digest) != digest:
                raise ValueError("is not what the run wrote: it was changed or cut short afterwards")
            return self._parse(file, data)
        except FileNotFoundError:
            fault = "is missing"
        except (ValueError, OSError) as error:
            fault = str(error)
        raise FileFormatError(f"{file} in the run folder {self.path} {fault}. {self._remedy()}")

    def _parse(self, file: str, data: bytes) -> Any:
        if file in DOCUMENTS:
            return record_from_bytes(DOCUMENTS[file], file, data, self.info.version)
        return READERS.get(file, bytes)(data)

    def _remedy(self) -> str:
        if self.info.status is not RunStatus.FINISHED:
            return self.standing("The run")
        again = f" with `{self.info.command}`" if self.info.command else ""
        return f"Restore the file from a copy, or make the run again{again}."


DOCUMENTS: dict[str, Any] = {
    "configuration.json": Configuration,
    "environment.json": Environment,
    "results.json": Results,
    "uses.json": Uses,
}
READERS: dict[str, Callable[[bytes], Any]] = {
    "history.json": history_from_bytes,
    "predictions.csv": checked_predictions,
    "validation.csv": checked_predictions,
    "pictures.npz": pictures_from_bytes,
}
