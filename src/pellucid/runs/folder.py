"""A run folder on disk, as the run writes it, file by file."""

from __future__ import annotations

import errno
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pellucid
from pellucid.core.files import write_bytes
from pellucid.core.temporaries import new_folder
from pellucid.errors import OutputError
from pellucid.runs.documents import (
    history_to_bytes,
    record_to_bytes,
)
from pellucid.runs.identity import read_info
from pellucid.runs.pictures import pictures_to_bytes
from pellucid.runs.predictions import PredictionTable, predictions_to_bytes
from pellucid.runs.record.configuration import Configuration
from pellucid.runs.record.environment import Environment
from pellucid.runs.record.history import History
from pellucid.runs.record.results import Results
from pellucid.runs.record.run_info import VERSION, RunInfo, RunStatus
from pellucid.runs.record.uses import Uses
from pellucid.runs.replacing import make_room, occupied
from pellucid.runs.run_html import run_html
from pellucid.runs.written_run import SEALED, WrittenRun

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from numpy.typing import ArrayLike


class RunFolder(WrittenRun):
    """A folder that holds one run. Create it with :meth:`create` or :meth:`open`.

    Files are written atomically. The run's status, name and command are in ``info``, the content of
    ``run.json``.

    Examples
    --------
    >>> from pellucid.runs.record.history import History
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()) / "my-run"
    >>> run = RunFolder.create(folder, command="pellucid run my-run")
    >>> run.write_history(History.of([{"epoch": 1, "loss": 0.5, "accuracy": 0.75}]))
    >>> run.finish()
    >>> RunFolder.open(folder).history.column("loss")
    [0.5]
    """

    def _repr_html_(self) -> str:
        """Return how the run stands, its results and curves, as a notebook shows them."""
        return run_html(self)

    @classmethod
    def create(
        cls,
        path: str | os.PathLike[str],
        *,
        name: str | None = None,
        command: str = "",
        configuration: Configuration | None = None,
        environment: Environment | None = None,
        made: Callable[[Path], object] = lambda _: None,
    ) -> RunFolder:
        """Create the folder and record that the experiment ``name`` is running, started by ``command``.

        It is made under a temporary name and then renamed, so it is never there without these files.
        A run of that name which ended before its first epoch is replaced; see
        :mod:`pellucid.runs.replacing`.

        Parameters
        ----------
        name
            The folder's own name by default.
        made
            Called with the temporary folder, before anything is in it.

        Raises
        ------
        OutputError
            When the folder exists and is not empty, or cannot be created.
        """
        folder = Path(path)
        info = RunInfo(
            name=name or folder.resolve().name,
            status=RunStatus.RUNNING,
            created=_now(),
            command=command,
            pellucid=pellucid.__version__,
        )
        make_room(folder)
        try:
            with new_folder(folder) as temporary:
                made(temporary)
                _write_begin(cls(temporary, info), configuration, environment)
        except OSError as error:
            if error.errno in (errno.EEXIST, errno.ENOTEMPTY) and folder.is_dir():
                raise occupied(folder) from None
            if isinstance(error, OutputError):
                raise
            raise OutputError(
                f"Cannot make the run folder {folder}: {error.strerror or error}. Choose another place."
            ) from error
        return cls(folder, info)

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> RunFolder:
        """Return the run folder at ``path``, whatever its status.

        Raises
        ------
        FileFormatError
            When it is not a run folder, or has a newer version.
        """
        folder = Path(path)
        return cls(folder, read_info(folder))

    def write_configuration(self, configuration: Configuration) -> None:
        """Write what is trained, on which data, and how."""
        self._write("configuration.json", configuration)

    def write_environment(self, environment: Environment) -> None:
        """Write where it runs: versions, processor, threads."""
        self._write("environment.json", environment)

    def write_results(self, results: Results) -> None:
        """Write the results: test result, times, findings."""
        self._write("results.json", results)

    def write_uses(self, uses: Uses) -> None:
        """Write whether the predictions suffice for each application."""
        self._write("uses.json", uses)

    def renew_uses(self, uses: Uses) -> None:
        """Write the verdicts anew, also into a finished run, which then records the new sha256."""
        self.write_uses(uses)
        if self.info.files is not None:
            self._update(files={**self.info.files, "uses.json": _sha256(self.path / "uses.json")})

    def write_history(self, history: History) -> None:
        """Write the history so far; called again after each epoch with all epochs."""
        as_json, as_csv = history_to_bytes(history)
        write_bytes(self.path / "history.csv", as_csv)
        write_bytes(self.path / "history.json", as_json)

    def write_predictions(
        self,
        labels: ArrayLike,
        probabilities: ArrayLike,
        *,
        index: ArrayLike | None = None,
        validation: bool = False,
    ) -> None:
        """Write labels (N,) and probabilities (N, U) of the test images, or of the validation images.

        ``index`` (N,) holds the position of each image in the dataset; 0, 1, 2, … by default.
        """
        file = "validation.csv" if validation else "predictions.csv"
        write_bytes(self.path / file, predictions_to_bytes(PredictionTable.of(labels, probabilities, index)))

    def write_pictures(
        self,
        *,
        first_images: ArrayLike,
        first_labels: ArrayLike,
        mistakes: ArrayLike | None = None,
        mistake_index: ArrayLike | None = None,
        kernels: ArrayLike | None = None,
        maps: ArrayLike | None = None,
        white: float | None = None,
    ) -> None:
        """Write the pictures; ``white`` is the value of a white pixel (see ``to_uint8``).

        Shapes: images (n, H, W) or (n, H, W, C), labels and indices (n,), kernels (R, S, C, K), maps
        (H', W', K).

        Raises
        ------
        ShapeError
            When an array has another shape.
        """
        pictures = {
            "first_images": first_images,
            "first_labels": first_labels,
            "mistakes": mistakes,
            "mistake_index": mistake_index,
            "kernels": kernels,
            "maps": maps,
        }
        present = {name: array for name, array in pictures.items() if array is not None}
        write_bytes(self.path / "pictures.npz", pictures_to_bytes(present, white))

    def finish(self) -> None:
        """Mark the run as finished, and record the sha256 of its files, to detect later changes."""
        files = {file: _sha256(self.path / file) for file in SEALED if (self.path / file).is_file()}
        self._update(status=RunStatus.FINISHED, finished=_now(), files=files)

    def interrupt(self) -> None:
        """Mark the run as interrupted; its files can be read, and it can be resumed."""
        self._update(status=RunStatus.INTERRUPTED)

    def fail(self, failure: str) -> None:
        """Mark the run as failed, for the reason ``failure``; what it has written so far is kept."""
        self._update(status=RunStatus.FAILED, failure=failure)

    def resume(self) -> None:
        """Mark the run as running again; files of an older format are rewritten in the current one."""
        for file in ("configuration.json", "environment.json") if self.info.version < VERSION else ():
            if self.has(file):  # before run.json claims this version
                self._write(file, self._read(file))
        self._update(status=RunStatus.RUNNING, finished=None, files=None, failure=None, version=VERSION)

    def _write(self, file: str, record: object) -> None:
        write_bytes(self.path / file, record_to_bytes(record))

    def _update(self, **changes: Any) -> None:
        self.info = replace(self.info, **changes)
        self._write("run.json", self.info)


def _write_begin(
    run: RunFolder, configuration: Configuration | None, environment: Environment | None
) -> None:
    for file, record in (
        ("configuration.json", configuration),
        ("environment.json", environment),
        ("run.json", run.info),
    ):
        if record is not None:
            run._write(file, record)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
