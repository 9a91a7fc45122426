"""Atomic file writes: to a temporary file, synced, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pellucid.core.temporaries import ENDING, remove_leftovers, sync_folder, temporary_prefix, umask
from pellucid.errors import OutputError


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a temporary file beside ``path``, which replaces ``path`` when the block ends without an error.

    If the block raises, or the process is killed, ``path`` is unchanged. What killed processes left of the
    same file is removed.

    Raises
    ------
    OutputError
        When the folder is not writable or the disk is full.
    """
    target = Path(path)
    temporary: Path | None = None
    try:
        remove_leftovers(target.parent, target.name)
        descriptor, name = tempfile.mkstemp(prefix=temporary_prefix(target), suffix=ENDING, dir=target.parent)
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~umask())
        temporary.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise cannot_write(target, error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def cannot_write(path: Path, error: OSError) -> OutputError:
    """Return the error that says why nothing could be written to ``path``."""
    return OutputError(
        f"Cannot write {path}: {error.strerror or error}. Nothing was changed there; "
        "free some space or choose another place."
    )


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write ``content`` to ``path`` atomically."""
    with replacing(path) as file:
        file.write(content)


def write_text(path: str | os.PathLike[str], content: str) -> None:
    """Write ``content`` to ``path`` as UTF-8 atomically."""
    write_bytes(path, content.encode())
