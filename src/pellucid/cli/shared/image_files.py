"""Finds image files from a command line's arguments: files, folders and patterns."""

from __future__ import annotations

import glob
from collections.abc import Iterable
from pathlib import Path

ENDINGS = {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".pbm", ".pnm"}


def find_images(arguments: Iterable[str]) -> tuple[list[Path], list[str]]:
    """Return the files that arguments name, each once, and a message for each argument that names none.

    A folder means the image files in it and in its sub-folders, by name; hidden ones are passed over. A
    pattern is needed where a shell has not replaced it already; ``**`` in it means any folders.

    Examples
    --------
    >>> find_images(["no-such-folder/*.png"])
    ([], ['No file matches no-such-folder/*.png.'])
    """
    files: dict[Path, None] = {}
    problems = []
    for argument in arguments:
        path = Path(argument)
        if path.is_dir():
            found, problem = _images_in(path), f"There are no image files in the folder {path}."
        elif not path.exists() and glob.has_magic(argument):
            matches = sorted(Path(match) for match in glob.glob(argument, recursive=True))  # noqa: PTH207 - absolute too
            found = [file for match in matches for file in (_images_in(match) if match.is_dir() else [match])]
            problem = f"No file matches {argument}."
        else:
            found, problem = [path], ""  # whether it can be read is seen when it is read
        files.update(dict.fromkeys(found))
        if not found:
            problems.append(problem)
    return list(files), problems


def _images_in(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in ENDINGS
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )
