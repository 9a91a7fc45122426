"""Finds functions that let a library do the work which the question asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pellucid.examiner.parts import needed, part_of, tables
from pellucid.examiner.trust import LIBRARIES, doubt

NEED_THEM = ("numba", "pandas", "seaborn", "statsmodels")  # work only where libraries with answers are


@dataclass(frozen=True)
class Borrowing:
    """A function that uses such a library, or hides what it uses."""

    function: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.function} uses {self.what}. Is the work the student's own?"


def unlocked(sources: Iterable[str]) -> frozenset[str]:
    """Return the libraries that the process of these sources may read: none where none is openly imported.

    A library that is imported by stealth would not be noted, and so is not there.

    Examples
    --------
    >>> sorted(unlocked(["import numpy as np"])), "scipy" in unlocked(["import scipy.signal"])
    ([], True)
    """
    named = {whole.partition(".")[0] for source in sources for whole in _imported_by(source).values()}
    if "pellucid" in named:
        return frozenset(LIBRARIES)
    if named & {*LIBRARIES, *NEED_THEM}:
        return frozenset(LIBRARIES) - {"pellucid"}
    return frozenset()


def borrowed(source: str, modules: Mapping[str, str] | None = None) -> list[Borrowing]:
    r"""Return the functions in which such a library is used, directly or by others, each with the first line.

    ``modules`` are the sources of the modules beside the file. In a file, or with modules, that can read
    such a library, a function that could reach it unseen is among them too.

    Examples
    --------
    >>> source = "from scipy.special import expit\ndef f(x):\n    return expit(x)\ndef g(x):\n    return f(x)"
    >>> for one in borrowed(source):
    ...     print(one)
    Line 3: f uses scipy.special.expit. Is the work the student's own?
    Line 3: g uses scipy.special.expit. Is the work the student's own?
    """
    modules = modules or {}
    if not unlocked([source, *modules.values()]):
        return []
    used = {name: whole for name, whole in imported(ast.parse(source)).items() if _is_theirs(whole, modules)}
    found = (_in(function, source, used, modules) for function in _functions(ast.parse(source), used))
    return [one for one in found if one is not None]


def imported(tree: ast.AST) -> dict[str, str]:
    """Return the names that import statements bind, each with what it stands for."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                found[one.asname or one.name.partition(".")[0]] = one.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                found[one.asname or one.name] = f"{node.module}.{one.name}"
    return found


def _imported_by(source: str) -> dict[str, str]:
    try:
        return imported(ast.parse(source))
    except (SyntaxError, ValueError):
        return {}


def _is_theirs(whole: str, modules: Mapping[str, str]) -> bool:
    """Return whether it is in such a library, or in a module beside the file that imports one."""
    top = whole.partition(".")[0]
    inner = _imported_by(modules.get(top, "")).values()
    return top in LIBRARIES or any(one.partition(".")[0] in LIBRARIES for one in inner)


def _functions(tree: ast.Module, used: Mapping[str, str]) -> list[str]:
    """Return the names of the functions that a file defines, and other names for functions; no objects."""
    names = []
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef):
            names.append(statement.name)
        elif isinstance(statement, ast.Assign) and not (
            isinstance(statement.value, ast.Call) and _root(statement.value.func) in used
        ):
            names += [target.id for target in statement.targets if isinstance(target, ast.Name)]
    return names


def _root(node: ast.expr) -> str:
    """Return the name that a chain of attributes begins with."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _in(function: str, source: str, used: Mapping[str, str], modules: Mapping[str, str]) -> Borrowing | None:
    part = part_of(source, [function])
    scopes = tables(source)
    lines = [
        (node.lineno, used[node.id])
        for statement in part.statements
        for names in [{*needed(statement, scopes), *imported(statement)}]
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and node.id in used and node.id in names
    ]
    if lines:
        return Borrowing(function, *min(lines))
    hidden = doubt(
        [one for one in part.statements if not isinstance(one, ast.Import | ast.ImportFrom)], modules
    )
    return Borrowing(function, hidden[0], f"{hidden[1]}, which hides what does the work") if hidden else None
