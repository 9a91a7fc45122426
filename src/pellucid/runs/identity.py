"""What a run folder says that it is: ``run.json``, and the run's status, which also depends on its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pellucid
from pellucid.errors import FileFormatError
from pellucid.runs.documents import json_from_bytes
from pellucid.runs.ownership import owner_of
from pellucid.runs.record.json_form import RecordError, from_json
from pellucid.runs.record.run_info import FORMAT, VERSION, RunInfo, RunStatus

if TYPE_CHECKING:
    from pathlib import Path

INFO = "run.json"


def read_info(folder: Path) -> RunInfo:
    """Return the content of ``run.json``.

    Raises
    ------
    FileFormatError
        When ``folder`` is not a run folder, or has a newer version.
    """
    if not (folder / INFO).is_file():
        what = f"has no {INFO}" if folder.is_dir() else "is a file" if folder.exists() else "does not exist"
        raise FileFormatError(
            f"{folder} is not a run folder: it {what}. Give the folder that a `pellucid run` has made."
        )
    try:
        return _parsed(folder, (folder / INFO).read_bytes())
    except FileFormatError:
        raise
    except (ValueError, OSError) as error:
        raise FileFormatError(
            f"{INFO} in {folder} {error}. Restore it from a copy, or make the run again."
        ) from error


def status_of(folder: Path, info: RunInfo) -> RunStatus:
    """Return the status of the run in ``folder``, whose ``run.json`` is ``info``."""
    if info.status is RunStatus.RUNNING and owner_of(folder) is None:
        return RunStatus.STOPPED
    return info.status


def _parsed(folder: Path, data: bytes) -> RunInfo:
    """Return the content of run.json; raise ``ValueError`` if it is not that of a run folder."""
    content = json_from_bytes(data)
    if not isinstance(content, dict):
        raise RecordError(f"holds a {type(content).__name__} where an object belongs")
    found, version = content.get("format"), content.get("version")
    if found != FORMAT:
        raise RecordError(f"has format={found!r} where a run folder has {FORMAT!r}")
    if isinstance(version, bool) or version not in range(1, VERSION + 1):
        raise FileFormatError(
            f"{folder} is a run folder of version={version!r}, "
            f"written by pellucid {content.get('pellucid')}; "
            f"pellucid {pellucid.__version__} reads versions up to {VERSION}. Read it with the pellucid that "
            "wrote it, or make the run again."
        )
    return from_json(RunInfo, content)
