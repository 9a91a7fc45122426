"""A run folder on disk: written piece by piece while a run goes on, read by everything after it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pellucid
from pellucid.core.files import write_bytes
from pellucid.errors import FileFormatError, OutputError
from pellucid.runs.documents import (
    REQUIRED,
    document_from_bytes,
    document_to_bytes,
    history_from_bytes,
    history_to_bytes,
    missing_key,
)
from pellucid.runs.pictures import pictures_from_bytes, pictures_to_bytes
from pellucid.runs.predictions import Predictions, predictions_from_bytes, predictions_to_bytes

if TYPE_CHECKING:
    import os

    from numpy.typing import ArrayLike, NDArray

FORMAT, VERSION = "pellucid-run", 1
STATUSES = ("running", "interrupted", "finished")

# The files whose sha256 is kept in run.json once the run is finished.
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

READERS: dict[str, Callable[[bytes], Any]] = {
    **{file: partial(document_from_bytes, file) for file in REQUIRED},
    "history.json": history_from_bytes,
    "predictions.csv": predictions_from_bytes,
    "validation.csv": predictions_from_bytes,
    "uses.json": partial(document_from_bytes, "uses.json"),
    "pictures.npz": pictures_from_bytes,
}


class RunFolder:
    """A folder that holds one run. Make it with :meth:`create` or :meth:`open`.

    A file is either wholly written or as it was before. The run's status, name and command are in
    ``about``, the content of ``run.json``.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()) / "my-run"
    >>> run = RunFolder.create(folder, command="pellucid run my-run")
    >>> run.write_history([{"epoch": 1, "loss": 0.5, "accuracy": 0.75}])
    >>> run.finish()
    >>> RunFolder.open(folder).history
    [{'epoch': 1, 'loss': 0.5, 'accuracy': 0.75}]
    """

    def __init__(self, path: Path, about: dict[str, Any]) -> None:
        self.path = path
        self.about = about

    def __repr__(self) -> str:
        return f"RunFolder({str(self.path)!r}, status={self.about['status']!r})"

    @classmethod
    def create(cls, path: str | os.PathLike[str], *, name: str | None = None, command: str = "") -> RunFolder:
        """Make the folder and note in it that the experiment ``name`` is running by ``command``.

        Raises :class:`~pellucid.errors.OutputError` where the folder exists and is not empty, or cannot be
        made. ``name`` is the folder's own name by default.
        """
        folder = Path(path)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            occupied = any(folder.iterdir())
        except FileExistsError:
            raise OutputError(f"Cannot make the run folder {folder}: a file of that name exists.") from None
        except OSError as error:
            raise OutputError(
                f"Cannot make the run folder {folder}: {error.strerror or error}. Choose another place."
            ) from error
        if occupied:
            raise OutputError(
                f"The run folder {folder} exists and is not empty; nothing in it was changed. "
                "Choose another folder, or remove this one first."
            )
        about = {
            "format": FORMAT,
            "version": VERSION,
            "name": name or folder.resolve().name,
            "status": "running",
            "created": _now(),
            "finished": None,
            "command": command,
            "pellucid": pellucid.__version__,
        }
        run = cls(folder, about)
        run.write_document("run.json", about)
        return run

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> RunFolder:
        """Return the run folder at ``path``, whatever its status.

        Raises :class:`~pellucid.errors.FileFormatError` where it is none, or one of another version.
        """
        folder = Path(path)
        if not (folder / "run.json").is_file():
            what = "has no run.json" if folder.is_dir() else "does not exist"
            raise FileFormatError(
                f"{folder} is not a run folder: it {what}. Give the folder that a `pellucid run` has made."
            )
        try:
            about = document_from_bytes("", (folder / "run.json").read_bytes())
            if about.get("format") == FORMAT and about.get("version") != VERSION:
                raise FileFormatError(
                    f"{folder} is a run folder of version={about.get('version')!r}, made by pellucid "
                    f"{about.get('pellucid')}; pellucid {pellucid.__version__} reads version={VERSION}. "
                    "Read it with the pellucid that made it, or make the run again."
                )
            _check_about(about)
        except FileFormatError:
            raise
        except (ValueError, OSError) as error:
            raise FileFormatError(
                f"run.json in {folder} {error}. Restore it from a copy, or make the run again."
            ) from error
        return cls(folder, about)

    # Writing

    def write_document(self, file: str, content: Mapping[str, Any]) -> None:
        """Write a JSON file; raises ArgumentError where a key that the format asks for is missing."""
        write_bytes(self.path / file, document_to_bytes(file, content))

    def write_configuration(self, configuration: Mapping[str, Any]) -> None:
        """Write what is trained on what, and how."""
        self.write_document("configuration.json", configuration)

    def write_environment(self, environment: Mapping[str, Any]) -> None:
        """Write what it runs on: versions, processor, threads."""
        self.write_document("environment.json", environment)

    def write_results(self, results: Mapping[str, Any]) -> None:
        """Write the test results, the times and the warnings."""
        self.write_document("results.json", results)

    def write_history(self, rows: Sequence[Mapping[str, float]]) -> None:
        """Write the history so far, a row per epoch; called again after each epoch with all rows."""
        as_json, as_csv = history_to_bytes(rows)
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

        ``index`` (N,) says which image of its part of the dataset each is; 0, 1, 2, … by default.
        """
        file = "validation.csv" if validation else "predictions.csv"
        write_bytes(self.path / file, predictions_to_bytes(Predictions.of(labels, probabilities, index)))

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
        (H', W', K). Raises :class:`~pellucid.errors.ShapeError`.
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
        """Note that the run is finished, and what its files hold, so that a later change is found out."""
        files = {file: _sha256(self.path / file) for file in SEALED if (self.path / file).is_file()}
        self._update(status="finished", finished=_now(), files=files)

    def interrupt(self) -> None:
        """Note that the run was interrupted; what is written so far can be read, and it can be resumed."""
        self._update(status="interrupted")

    def resume(self) -> None:
        """Note that the run goes on, finished or not."""
        self.about.pop("files", None)
        self._update(status="running", finished=None)

    # Reading

    def has(self, file: str) -> bool:
        """Return whether the run has written ``file``; a finished run remembers it if the file is lost."""
        return file in self.about.get("files", ()) or (self.path / file).is_file()

    @property
    def configuration(self) -> dict[str, Any]:
        """What was trained on what, and how."""
        configuration: dict[str, Any] = self._read("configuration.json")
        return configuration

    @property
    def environment(self) -> dict[str, Any]:
        """What it ran on."""
        environment: dict[str, Any] = self._read("environment.json")
        return environment

    @property
    def results(self) -> dict[str, Any]:
        """The test results, the times and the warnings."""
        results: dict[str, Any] = self._read("results.json")
        return results

    @property
    def history(self) -> list[dict[str, float]]:
        """A row per epoch; a number that was not finite is NaN."""
        history: list[dict[str, float]] = self._read("history.json")
        return history

    @property
    def predictions(self) -> Predictions:
        """The test labels, the predicted classes and the probabilities."""
        predictions: Predictions = self._read("predictions.csv")
        return predictions

    @property
    def validation(self) -> Predictions:
        """The same of the validation images, by the weights of the end."""
        predictions: Predictions = self._read("validation.csv")
        return predictions

    @property
    def uses(self) -> dict[str, Any]:
        """What the predictions suffice for."""
        uses: dict[str, Any] = self._read("uses.json")
        return uses

    @property
    def pictures(self) -> dict[str, NDArray[Any]]:
        """The arrays of pictures.npz by name."""
        pictures: dict[str, NDArray[Any]] = self._read("pictures.npz")
        return pictures

    def check(self) -> None:
        """Read every file that the run has written; raises FileFormatError at the first fault."""
        for file in SEALED:
            if self.has(file):
                self._read(file)

    def _read(self, file: str) -> Any:
        """Return the content of ``file``, having compared it with what the finished run noted."""
        try:
            data = (self.path / file).read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            if self.about.get("files", {}).get(file, digest) != digest:
                raise ValueError("is not what the run wrote: it was changed or cut short afterwards")
            return READERS.get(file, bytes)(data)
        except FileNotFoundError:
            fault = "is missing"
        except (ValueError, OSError) as error:
            fault = str(error)
        raise FileFormatError(f"{file} in the run folder {self.path} {fault}. {self._remedy()}")

    def _remedy(self) -> str:
        status, command = self.about["status"], self.about["command"]
        if status != "finished":
            return f"The run is {status}, not finished: go on with `pellucid resume {self.path}`."
        again = f" with `{command}`" if command else ""
        return f"Restore the file from a copy, or make the run again{again}."

    def _update(self, **changes: Any) -> None:
        self.about.update(changes)
        self.write_document("run.json", self.about)


def _check_about(about: Mapping[str, Any]) -> None:
    """Raise ``ValueError`` where the content of run.json is not that of a run folder."""
    if about.get("format") != FORMAT:
        raise ValueError(f"has format={about.get('format')!r} where a run folder has {FORMAT!r}")
    missing = missing_key("run.json", about)
    if missing:
        raise ValueError(f"has no {missing!r}")
    if about["status"] not in STATUSES:
        raise ValueError(f"has status={about['status']!r} where one of {', '.join(STATUSES)} belongs")
    if not isinstance(about.get("files", {}), Mapping):
        raise ValueError(f"has files={about['files']!r} where an object belongs")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
