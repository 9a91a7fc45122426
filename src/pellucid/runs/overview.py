"""What was trained in a folder: each run and each study of several seeds, with its status and its result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pellucid.errors import PellucidError
from pellucid.runs.folder import RunFolder
from pellucid.runs.record.run_info import RunStatus
from pellucid.runs.standing import progress
from pellucid.runs.study_folder import FILE, is_study
from pellucid.runs.study_standing import seeds_of, study_status

if TYPE_CHECKING:
    import os

INFO = "run.json"


@dataclass(frozen=True, kw_only=True)
class Overview:
    """One run, or one study of several seeds, in a line.

    Attributes
    ----------
    folder, name
        Its folder, and its experiment.
    status
        Its status; None if it cannot be read, and then ``problem`` says why.
    created
        When it began, ISO 8601, UTC.
    dataset
        What it learned from.
    seeds, finished_seeds
        Number of seeds, and of those that are finished: 1 and at most 1 for a run.
    epochs, planned_epochs
        Epochs done and planned; of a study, those of its first seed that is not finished.
    accuracy, interval
        Accuracy on the test images, with its 95 % interval; of a study their mean, and the lowest and the
        highest; None if there is none yet.
    bytes
        Size on disk.
    """

    folder: Path
    name: str
    status: RunStatus | None
    created: str | None = None
    dataset: str | None = None
    seeds: int = 1
    finished_seeds: int = 0
    epochs: int = 0
    planned_epochs: int | None = None
    accuracy: float | None = None
    interval: tuple[float, float] | None = None
    bytes: int = 0
    problem: str | None = None

    @property
    def report(self) -> Path | None:
        """Its page, if it has one."""
        page = self.folder / "report.html"
        return page if page.is_file() else None


def overviews(folder: str | os.PathLike[str]) -> list[Overview]:
    """Return the runs and studies in ``folder``, those that began last first.

    One that is damaged is in the list too, with its ``problem``.

    Examples
    --------
    >>> overviews("no-such-folder")
    []
    """
    here = Path(folder)
    found = {path.parent for file in (INFO, FILE) for path in here.glob(f"*/{file}")}
    listed = [_overview(path) for path in sorted(found) if not path.name.startswith(".")]
    return sorted(listed, key=lambda one: one.created or "", reverse=True)


def _overview(path: Path) -> Overview:
    try:
        return _of_study(path) if is_study(path) else _of_run(path)
    except PellucidError as error:
        return Overview(folder=path, name=path.name, status=None, bytes=_size(path), problem=str(error))


def _of_run(path: Path) -> Overview:
    run = RunFolder.open(path)
    done, planned, _ = progress(path)
    finished = run.status is RunStatus.FINISHED
    test = run.results.test if finished else None
    return Overview(
        folder=path,
        name=run.info.name,
        status=run.status,
        created=run.info.created,
        dataset=run.configuration.dataset.name if run.has("configuration.json") else None,
        finished_seeds=int(finished),
        epochs=done,
        planned_epochs=done if finished else planned,  # it may have ended early
        accuracy=None if test is None else test.accuracy,
        interval=None if test is None else test.accuracy_interval,
        bytes=_size(path),
    )


def _of_study(path: Path) -> Overview:
    folders = seeds_of(path)
    seeds = [_of_run(path / name) for name, run in folders.items() if run is not None]
    accuracies = [one.accuracy for one in seeds if one.accuracy is not None]
    unfinished = next((one for one in seeds if one.status is not RunStatus.FINISHED), None)
    at = unfinished or (seeds[0] if seeds else None)
    return Overview(
        folder=path,
        name=at.name if at else path.name,
        status=study_status(path),
        created=min((one.created for one in seeds if one.created), default=None),
        dataset=at.dataset if at else None,
        seeds=len(folders),
        finished_seeds=len(accuracies),
        epochs=at.epochs if at else 0,
        planned_epochs=at.planned_epochs if at else None,
        accuracy=sum(accuracies) / len(accuracies) if accuracies else None,
        interval=(min(accuracies), max(accuracies)) if accuracies else None,
        bytes=_size(path),
    )


def _size(folder: Path) -> int:
    """Return the bytes of all files in a folder; what is removed meanwhile counts as nothing."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += 0 if path.is_dir() else path.lstat().st_size
        except OSError:
            continue
    return total
