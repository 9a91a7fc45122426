"""A seed study on disk: a folder of runs of one experiment with several seeds, and what they come to.

``summary.json`` has ``format`` "pellucid-seeds"; ``version`` 1; ``name`` of the experiment; ``status``
"running" or "finished"; ``command`` that made it; ``experiment`` as declared; ``settings`` of the first run;
``vary_split`` whether the split has another seed in each run as well; ``folders`` of the runs, in order;
``study``? {accuracies, n, mean, deviation, range, seed_deviation?, test_deviation?, seed_share?, sentence},
once it is finished.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid.core.files import write_bytes
from pellucid.errors import FileFormatError
from pellucid.runs.documents import document_from_bytes, document_to_bytes
from pellucid.runs.folder import RunFolder

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

FILE, FORMAT, VERSION = "summary.json", "pellucid-seeds", 1
NEEDED = ("name", "status", "experiment", "settings", "vary_split", "folders")


def is_study(path: str | os.PathLike[str]) -> bool:
    """Return whether ``path`` is the folder of a seed study.

    >>> is_study("no-such-folder")
    False
    """
    return (Path(path) / FILE).is_file()


def write_study(path: str | os.PathLike[str], content: Mapping[str, Any]) -> None:
    """Write the summary of the study in the folder ``path``."""
    whole = {"format": FORMAT, "version": VERSION, **content}
    write_bytes(Path(path) / FILE, document_to_bytes(FILE, whole))


def read_study(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the summary of the study in the folder ``path``.

    Raises
    ------
    FileFormatError
        There is none, or it is damaged or of another version.
    """
    file = Path(path) / FILE
    try:
        content = document_from_bytes(FILE, file.read_bytes())
    except (ValueError, OSError) as error:
        raise FileFormatError(f"{file} cannot be read: it {_reason(error)}.") from error
    if content.get("format") != FORMAT or content.get("version") != VERSION:
        raise FileFormatError(
            f"{file} is not the summary of a seed study that this pellucid reads: it has "
            f"format={content.get('format')!r}, version={content.get('version')!r}, not "
            f"{FORMAT!r} and {VERSION}."
        )
    missing = [key for key in NEEDED if key not in content]
    if missing:
        raise FileFormatError(f"{file} lacks {', '.join(missing)}. Make the study again.")
    return content


def study_runs(path: str | os.PathLike[str]) -> list[RunFolder]:
    """Return the runs of the study in the folder ``path``, in order.

    Raises as :func:`read_study`, and where a run's folder is missing or damaged.
    """
    return [RunFolder.open(Path(path) / folder) for folder in read_study(path)["folders"]]


def _reason(error: Exception) -> str:
    return f"is not there ({error.strerror})" if isinstance(error, OSError) else str(error)
