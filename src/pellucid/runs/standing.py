"""How a run stands, in words: who trains it and how far it is, why it ended, and what to do next."""

from __future__ import annotations

import contextlib
import shlex
from typing import TYPE_CHECKING, Any

from pellucid.core.wording.plurals import counted
from pellucid.errors import OutputError
from pellucid.runs.documents import json_from_bytes
from pellucid.runs.identity import status_of
from pellucid.runs.ownership import UNKNOWN, owner_of
from pellucid.runs.record.run_info import RunStatus

if TYPE_CHECKING:
    from pathlib import Path

    from pellucid.runs.record.run_info import RunInfo


def standing(folder: Path, info: RunInfo, *, subject: str = "") -> str:
    """Return how the run in ``folder`` stands, and what to do next, in one or two sentences.

    Parameters
    ----------
    info
        Its ``run.json``.
    subject
        How the sentence begins, by default with the folder's name.
    """
    run, status = subject or f"The run in {folder}", status_of(folder, info)
    done, planned, unit = progress(folder)
    so_far = f" ({done} of {counted(planned, unit)} done)" if done and planned else ""
    if status is RunStatus.RUNNING:
        return f"{run} {being_trained(folder)}. Ask again when it is finished."
    if status is RunStatus.FAILED:
        step = f"Remove the cause, then {next_step(folder, info)}."
        return f"{run} failed{so_far}: {_sentence(info.failure)} {step}"
    if status is RunStatus.FINISHED:
        return f"{run} is finished."
    step = next_step(folder, info)
    if status is RunStatus.STOPPED:
        said = f"its process ended without a word{so_far}. {step[0].upper()}{step[1:]}"
        return f"{run} is stopped, not finished: {said}."
    return f"{run} is {status}, not finished{so_far}: {step}."


def next_step(folder: Path, info: RunInfo) -> str:
    """Return how an unfinished run is continued: by resuming it, or by its command if it has not begun."""
    if (folder / "configuration.json").is_file() or not info.command:
        return f"continue with `pellucid resume {shlex.quote(str(folder))}`"
    return f"run it again with `{info.command}`"


def being_trained(folder: Path) -> str:
    """Return who trains the run, and how far it is, as a predicate.

    Examples
    --------
    >>> from pathlib import Path
    >>> being_trained(Path("no-such-folder"))
    'is being trained by another process'
    """
    done, planned, unit = progress(folder)
    if not planned:
        how_far = ""
    elif done < planned:
        how_far = f": {unit} {done + 1} of {planned}"
    else:
        how_far = f": all {counted(planned, unit)} are done, and it is being tested"
    return f"is being trained by {owner_of(folder) or UNKNOWN}{how_far}"


def refuse_if_trained(folder: Path) -> None:
    """Raise OutputError if a process trains the run in ``folder``, saying who and how far it is."""
    if owner_of(folder) is not None:
        raise OutputError(f"The run in {folder} {being_trained(folder)}.")


def progress(folder: Path) -> tuple[int, int | None, str]:
    """Return how many epochs are done, how many are planned if that is known, and what they are called.

    Files that are missing or damaged count as nothing: this is for messages about them too.

    Examples
    --------
    >>> from pathlib import Path
    >>> progress(Path("no-such-folder"))
    (0, None, 'epoch')
    """
    history, configuration = _content(folder / "history.json"), _content(folder / "configuration.json")
    training = configuration.get("training") if isinstance(configuration, dict) else None
    training = training if isinstance(training, dict) else {}
    planned = training.get("epochs")
    unit = "cycle" if training.get("images_per_cycle") else "epoch"
    done = len(history) if isinstance(history, list) else 0
    return done, planned if isinstance(planned, int) else None, unit


def _content(file: Path) -> Any:
    with contextlib.suppress(OSError, ValueError):
        return json_from_bytes(file.read_bytes())
    return None


def _sentence(text: str | None) -> str:
    text = (text or "for a reason that is not recorded").rstrip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
