"""A seed study on disk: a folder of runs of one experiment with several seeds, and a summary.

Its ``summary.json`` is a :class:`~pellucid.runs.record.study.StudyInfo`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pellucid
from pellucid.core.files import write_bytes
from pellucid.errors import FileFormatError
from pellucid.runs.documents import json_from_bytes, record_to_bytes
from pellucid.runs.folder import RunFolder
from pellucid.runs.record.json_form import from_json
from pellucid.runs.record.study import FORMAT, VERSION, StudyInfo

if TYPE_CHECKING:
    import os

FILE = "summary.json"


def is_study(path: str | os.PathLike[str]) -> bool:
    """Return whether ``path`` is the folder of a seed study.

    Examples
    --------
    >>> is_study("no-such-folder")
    False
    """
    return (Path(path) / FILE).is_file()


def write_study(path: str | os.PathLike[str], study: StudyInfo) -> None:
    """Write the summary of the study in the folder ``path``."""
    write_bytes(Path(path) / FILE, record_to_bytes(study))


def read_study(path: str | os.PathLike[str]) -> StudyInfo:
    """Return the summary of the study in the folder ``path``.

    Raises
    ------
    FileFormatError
        It does not exist, is damaged or has another version.
    """
    file = Path(path) / FILE
    try:
        content = json_from_bytes(file.read_bytes())
    except (ValueError, OSError) as error:
        raise FileFormatError(f"{file} cannot be read: it {_reason(error)}.") from error
    summary = content if isinstance(content, dict) else {}
    version = summary.get("version")
    if summary.get("format") != FORMAT or version not in range(1, VERSION + 1):
        raise FileFormatError(
            f"{file} is not the summary of a seed study that pellucid {pellucid.__version__} reads: it has "
            f"format={summary.get('format')!r}, version={version!r}, not {FORMAT!r} and {VERSION} or less."
        )
    try:
        return from_json(StudyInfo, summary)
    except ValueError as error:
        raise FileFormatError(f"{file} {error}. Make the study again.") from error


def study_runs(path: str | os.PathLike[str]) -> list[RunFolder]:
    """Return the runs of the study in the folder ``path``, in order.

    Raises as :func:`read_study`, and if a run's folder is missing or damaged.
    """
    return [RunFolder.open(Path(path) / folder) for folder in read_study(path).folders]


def _reason(error: Exception) -> str:
    return f"is not there ({error.strerror})" if isinstance(error, OSError) else str(error)
