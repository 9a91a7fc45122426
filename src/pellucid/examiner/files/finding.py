"""Which files are to be examined: those given, and all Python files and notebooks in the folders given."""

from __future__ import annotations

import ast
import difflib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pellucid.examiner.files.text import kind_of_binary, special_kind

SUFFIXES = (".py", ".ipynb")
PASSED_OVER = ("__pycache__", "__MACOSX", "node_modules", "site-packages", "venv", "env")
NOTHING_LISTED = ("index.html", "submission_metadata.yml")  # what learning platforms add
LISTED = 4  # names of other files that are listed


@dataclass(frozen=True)
class Found:
    """The files to examine, saved histories, what is wrong with the paths, and what was passed over."""

    files: tuple[Path, ...]
    wrong: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    histories: tuple[Path, ...] = ()


def find_files(paths: Iterable[str | os.PathLike[str]], *, untouched: Sequence[str] = ()) -> Found:
    """Return the files that paths lead to, each once, in the order given; a folder's files by name.

    In folders of folders, as learning platforms pack them, every Python file and notebook is found. Passed
    over are hidden files, modules that another file beside them imports, and files whose text is one of
    ``untouched`` where there is another beside them.
    """
    files, wrong, notes, seen = list[Path](), list[str](), list[str](), set[Path]()
    given = [Path(path) for path in paths]
    histories = [path for path in given if is_history(path)]
    for path in (one for one in given if one not in histories):
        found, trouble = ([], wrong_path(path)) if not path.is_dir() else (_in_folder(path), "")
        if path.is_dir() and not found:
            trouble = f"{path} has no Python file and no notebook in it{_others(path)}."
        if trouble:
            wrong.append(trouble)
            continue
        kept, passed = _submissions(found, untouched) if found else ([path], [])
        notes += [*passed, *(_nothing_in(path) if found else [])]
        for one in kept:
            real = Path(os.path.realpath(one))
            if real not in seen:
                seen.add(real)
                files.append(one)
    return Found(tuple(files), tuple(wrong), tuple(notes), tuple(histories))


def is_history(path: Path) -> bool:
    """Return whether a path is a run folder, or a file of figures (JSON, CSV): it is compared, not examined.

    Examples
    --------
    >>> is_history(Path("mywork/lowlevel.py"))
    False
    """
    if path.is_dir():
        return (path / "configuration.json").is_file()
    return path.is_file() and path.suffix.lower() in (".json", ".csv")


def wrong_path(path: Path) -> str:
    """Return why a path cannot be that of a student's file; "" where it may be.

    Examples
    --------
    >>> wrong_path(Path("nowhere.py"))
    'nowhere.py cannot be read: No such file or directory.'
    """
    try:
        kind = special_kind(path.stat().st_mode)
    except (OSError, ValueError) as error:
        if path.is_symlink():
            return f"{path} is a link to {path.readlink()}, which is not there."
        reason = getattr(error, "strerror", None) or error
        return f"{path} cannot be read: {reason}.{_nearest(path)}"
    if kind:
        return f"{path} is {kind}, and no file."
    if path.suffix.lower() not in SUFFIXES and (binary := kind_of_binary(_beginning(path))):
        return f"{path} is {binary}, and neither Python nor a notebook."
    return ""


def short_names(files: Sequence[str]) -> list[str]:
    """Return names that tell the files apart: each without the folders that all have in common.

    Examples
    --------
    >>> short_names(["class/ann/a.py", "class/bob/a.py"]), short_names(["class/ann/a.py"])
    (['ann/a.py', 'bob/a.py'], ['a.py'])
    """
    parts = [Path(file).parts for file in files]
    common = 0
    while parts and all(len(one) > common + 1 and one[common] == parts[0][common] for one in parts):
        common += 1
    return [str(Path(*one[common:])) for one in parts]


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(64)
    except OSError:
        return b""


def _nearest(path: Path) -> str:
    try:
        names = [one.name for one in path.parent.iterdir()]
    except (OSError, ValueError):
        return ""
    close = difflib.get_close_matches(path.name, names, n=1)
    return f" Did you mean {path.parent / close[0]}?" if close else ""


def _in_folder(folder: Path) -> list[Path]:
    """Return the Python files and notebooks of a folder and its folders, hidden ones left out."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith(".") and one not in PASSED_OVER)
        found += [
            Path(place) / name
            for name in sorted(names)
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith((".", "__"))
        ]
    return found


def _submissions(found: Sequence[Path], untouched: Sequence[str]) -> tuple[list[Path], list[str]]:
    """Return the files that are submissions, and notes on those that are not."""
    kept, notes = [], []
    texts = {path: _text(path) for path in found}
    for path in found:
        beside = [one for one in found if one.parent == path.parent and one != path]
        importer = next((one for one in beside if _imports(texts[one], path.stem)), None)
        worked_on = [one for one in beside if texts[one] not in untouched]
        if importer is not None and path.suffix == ".py" and not _imports(texts[path], importer.stem):
            notes.append(f"{path} was not examined by itself: {importer.name} imports it.")
        elif texts[path] in untouched and worked_on:
            notes.append(f"{path} was not examined: it is the workbook as it was handed out.")
        else:
            kept.append(path)
    return kept, notes


def _text(path: Path) -> str:
    try:
        if not path.is_file() or path.stat().st_size > 1_000_000:
            return ""
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return ""


def _imports(text: str, module: str) -> bool:
    """Return whether Python text, or a notebook's, imports a module."""
    if f"import {module}" not in text and f"from {module}" not in text:
        return False
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(
        (isinstance(node, ast.Import) and module in (one.name for one in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == module)
        for node in ast.walk(tree)
    )


def _others(folder: Path) -> str:
    """Return what there is in a folder without anything to examine."""
    names = [path.name for path in sorted(folder.rglob("*")) if path.is_file()]
    names = [name for name in names if not name.startswith(".") and name not in NOTHING_LISTED]
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f", only {', '.join(names[:LISTED])}{more}" if names else ""


def _nothing_in(folder: Path) -> list[str]:
    """Return a note for each folder directly below, a student's as a rule, without anything to examine."""
    return [
        f"{one} has no Python file and no notebook in it{_others(one)}."
        for one in sorted(folder.iterdir())
        if one.is_dir()
        and not one.name.startswith(".")
        and one.name not in PASSED_OVER
        and not _in_folder(one)
    ]
