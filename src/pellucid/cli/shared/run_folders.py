"""The run folders that a command is given: opening one, and completing its path."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

from pellucid.errors import FileFormatError

if TYPE_CHECKING:
    from pellucid.runs import RunFolder


def complete_runs(incomplete: str) -> list[str]:
    """Return the run folders in ``runs`` whose paths begin with ``incomplete``; shells complete other paths.

    Examples
    --------
    >>> complete_runs("no-such-folder/")
    []
    """
    return [str(path) for path in run_folders(Path("runs")) if str(path).startswith(incomplete)]


def run_folders(folder: Path) -> list[Path]:
    """Return the folders of runs, and of studies of several seeds, in ``folder``, by name.

    Examples
    --------
    >>> run_folders(Path("no-such-folder"))
    []
    """
    return sorted(path.parent for file in ("run.json", "summary.json") for path in folder.glob(f"*/{file}"))


def open_run(path: Path, *, finished: bool = False) -> RunFolder:
    """Return the run in the folder ``path``.

    Raises
    ------
    FileFormatError
        When it is not a run folder; the message offers one that may have been meant. Or when the run must be
        finished and is not.
    """
    from pellucid.runs import RunFolder
    from pellucid.runs.study_folder import is_study, read_study

    if is_study(path):
        seeds = read_study(path).folders
        raise FileFormatError(
            f"{path} holds {len(seeds)} seeds of an experiment, and this takes one run. Give one of them, "
            f"such as {path / seeds[0]}."
        )
    try:
        run = RunFolder.open(path)
    except FileFormatError as error:
        raise FileFormatError(f"{error}{_meant(path)}") from error
    if finished and run.status != "finished":
        raise FileFormatError(run.standing())
    return run


def _meant(path: Path) -> str:
    """Return a sentence that offers the run folder nearest to ``path``, or nothing."""
    if path.is_file() and (path.parent / "run.json").is_file():
        return f" It is a file in the run {path.parent}: give that folder."
    if path.exists():
        return ""
    known = {str(run): run.name for run in [*run_folders(Path("runs")), *run_folders(path.parent)]}
    for run, name in known.items():
        if name == path.name:
            return f" Did you mean {run}?"
    near = difflib.get_close_matches(str(path), known, n=1) or [
        run
        for run, name in known.items()
        if name in difflib.get_close_matches(path.name, known.values(), n=1)
    ]
    return f" Did you mean {near[0]}?" if near else ""
