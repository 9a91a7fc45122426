"""``run.json``: identity and status of a run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FORMAT, VERSION = "pellucid-run", 2


class RunStatus(StrEnum):
    """Status of a run.

    ``run.json`` never says ``STOPPED``: it is a run that is said to be running although its process has ended
    without a word, such as by ``kill -9`` or a power failure.
    """

    RUNNING = "running"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    FINISHED = "finished"


@dataclass(frozen=True, kw_only=True)
class RunInfo:
    """Identity and status of a run.

    Attributes
    ----------
    name
        Name of the experiment.
    created, finished
        ISO 8601, UTC; ``finished`` is None before the end.
    command
        The command that started the run.
    pellucid
        The pellucid version that wrote it.
    failure
        Why it failed.
    files
        The sha256 of each file of a finished run: a file that differs is refused.
    """

    format: str = FORMAT
    version: int = VERSION
    name: str
    status: RunStatus
    created: str
    finished: str | None = None
    command: str
    pellucid: str
    failure: str | None = None
    files: dict[str, str] | None = None
