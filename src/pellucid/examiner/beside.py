"""Which files beside a submission go with it: modules that it imports, and data files that it names.

Only these are copied to where its code runs. Other people's submissions may lie in the same folder.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath

from pellucid.examiner.loading import is_a_library

MOST = 64 << 20  # bytes of all of them
LONGEST = 200  # characters of a path
DATA = (
    ".npy", ".npz", ".txt", ".csv", ".json", ".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff",
    ".pgm", ".ppm", ".webp", ".pkl", ".pickle", ".mat", ".h5", ".hdf5", ".gz", ".bin", ".dat", ".keras",
    ".safetensors",
)  # fmt: skip
OF_A_TEACHER = (b'"pellucid-marks"', b"file,Q2")  # marks that an earlier check wrote


def files_beside(path: Path, source: str, others: Collection[Path] = ()) -> dict[str, Path]:
    """Return the files that go with a submission, by their paths relative to it.

    Parameters
    ----------
    path
        The submission.
    source
        Its code.
    others
        Files that do not go with it, whatever it says: the other submissions.
    """
    folder, taken = path.parent.resolve(), {one.resolve() for one in (path, *others)}
    found: dict[str, Path] = {}
    sources, size = [source], 0
    while sources:
        for candidate in _named(ast.parse(sources.pop()), folder):
            name = candidate.relative_to(folder).as_posix()
            if name in found or candidate.resolve() in taken or not _is_given(candidate, folder):
                continue
            size += candidate.stat().st_size
            if size > MOST:
                return found
            found[name] = candidate
            if candidate.suffix == ".py":
                sources += _source(candidate)
    return found


def modules(beside: Mapping[str, str | Path]) -> dict[str, str]:
    """Return the sources of the modules among files beside a submission, by the names of the modules."""
    found: dict[str, str] = {}
    for name, path in beside.items():
        if name.endswith(".py"):
            source = Path(path).read_text("utf-8-sig", errors="replace")
            for module in {PurePosixPath(name).stem, PurePosixPath(name).parts[0].removesuffix(".py")}:
                found[module] = f"{found.get(module, '')}{source}\n"
    return found


def _named(tree: ast.AST, folder: Path) -> Iterator[Path]:
    """Yield the paths in the folder that a module's imports and strings may mean."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                yield from _module(folder, one.name)
        elif isinstance(node, ast.ImportFrom):
            for name in (node.module or "", *(one.name for one in node.names if not node.module)):
                yield from _module(folder, name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _data(folder, node.value)


def _module(folder: Path, name: str) -> Iterator[Path]:
    top = name.partition(".")[0]
    if top and not is_a_library(top):  # never a file that would take the place of one
        yield folder / f"{top}.py"
        if (folder / top / "__init__.py").is_file():
            yield from sorted((folder / top).rglob("*.py"))


def _data(folder: Path, text: str) -> Iterator[Path]:
    if not 0 < len(text) < LONGEST or "\0" in text or "\n" in text:
        return
    path = folder / text
    if ".." in path.parts or not path.is_relative_to(folder) or path == folder:
        return
    inside = path.rglob("*") if path.is_dir() and not path.is_symlink() else [path]
    yield from (one for one in sorted(inside) if one.suffix.lower() in DATA or "ubyte" in one.name)


def _is_given(path: Path, folder: Path) -> bool:
    """Return whether it is a file, really in the folder, and no marks."""
    try:
        if not path.is_file() or not path.resolve().is_relative_to(folder):
            return False
        with path.open("rb") as file:
            beginning = file.read(4096)
    except OSError:
        return False
    return not any(mark in beginning for mark in OF_A_TEACHER)


def _source(path: Path) -> list[str]:
    try:
        source = path.read_text("utf-8-sig")
        ast.parse(source)
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
        return []
    return [source]
