"""``run.json``: which run this is, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FORMAT, VERSION = "pellucid-run", 2


class RunStatus(StrEnum):
    """How far a run is."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    FINISHED = "finished"


@dataclass(frozen=True, kw_only=True)
class RunInfo:
    """Which run a folder holds.

    Attributes
    ----------
    name
        Of the experiment.
    created, finished
        ISO 8601, UTC; ``finished`` is None until then.
    command
        That the run was made by.
    pellucid
        The version that wrote it.
    files
        Each file of the finished run with its sha256: a file that differs is refused.
    """

    format: str = FORMAT
    version: int = VERSION
    name: str
    status: RunStatus
    created: str
    finished: str | None = None
    command: str
    pellucid: str
    files: dict[str, str] | None = None
