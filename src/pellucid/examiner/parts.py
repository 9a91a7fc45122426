"""The part of a file that a function needs: its own definition, and whatever it refers to, step by step."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

KEPT = ("EXAMINER",)  # what the file says of itself
Scopes: TypeAlias = dict[tuple[str, int], symtable.SymbolTable]


@dataclass(frozen=True)
class Part:
    """Statements of a file. ``source`` has them on their own lines; ``unknown`` are names bound nowhere."""

    source: str
    statements: tuple[ast.stmt, ...]
    unknown: tuple[str, ...]


def part_of(source: str, wanted: Collection[str]) -> Part:
    r"""Return the part of a file that the names in ``wanted`` need.

    Examples
    --------
    >>> part = part_of("import os\nLOW = 0\nx = os.getcwd()\ndef f(a):\n    x = a\n    return x > LOW", ["f"])
    >>> [statement.lineno for statement in part.statements], part.source.split("\n")[:3]
    ([2, 4], ['', 'LOW = 0', ''])
    """
    tree, scopes = ast.parse(source), tables(source)
    binding: dict[str, list[ast.stmt]] = {}
    for statement in tree.body:
        for name in bound(statement):
            binding.setdefault(name, []).append(statement)
    stars = [one for one in tree.body if isinstance(one, ast.ImportFrom) and one.names[0].name == "*"]
    chosen: list[ast.stmt] = []
    names, seen = [*wanted, *KEPT], set[str]()
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.add(name)
        for statement in _on_the_same_lines(binding.get(name, []), tree.body):
            if statement not in chosen:
                chosen.append(statement)
                names += needed(statement, scopes)
    chosen += [star for star in stars if star not in chosen]
    chosen += [one for one in tree.body if isinstance(one, ast.ImportFrom) and one.module == "__future__"]
    unknown = () if stars else tuple(sorted(n for n in seen if _is_unknown(n, binding)))
    return Part(_only(source, chosen), tuple(sorted(chosen, key=lambda one: one.lineno)), unknown)


def bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement binds where it stands, not in functions within it."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
        return
    if isinstance(statement, ast.Import | ast.ImportFrom):
        for one in statement.names:
            yield one.asname or one.name.partition(".")[0]
        return
    for node in ast.iter_child_nodes(statement):
        yield from _bound_within(node)


def _bound_within(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.stmt):
        yield from bound(node)
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node.id
    if isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name
    if not isinstance(node, ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _bound_within(child)


def needed(statement: ast.stmt, scopes: Scopes) -> Iterator[str]:
    """Yield the names of the file that a statement refers to: of a function, not its own variables."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = statement.args
        outside: Iterable[ast.AST | None] = (
            *statement.decorator_list,
            *arguments.defaults,
            *arguments.kw_defaults,
        )
        for node in outside:
            yield from _names(node)
        table = scopes.get((statement.name, statement.lineno))
        yield from _globals(table) if table is not None else _names(statement)
    else:
        yield from _names(statement)


def _names(node: ast.AST | None) -> Iterator[str]:
    for inner in ast.walk(node) if node is not None else ():
        if isinstance(inner, ast.Name):
            yield inner.id


def _globals(table: symtable.SymbolTable) -> Iterator[str]:
    yield from (symbol.get_name() for symbol in table.get_symbols() if symbol.is_global())
    for child in table.get_children():
        yield from _globals(child)


def tables(source: str) -> Scopes:
    """Return the symbol tables of a file's functions and classes, by name and line."""
    children = symtable.symtable(source, "<submission>", "exec").get_children()
    return {(table.get_name(), table.get_lineno()): table for table in children}


def _on_the_same_lines(chosen: list[ast.stmt], all_of_them: list[ast.stmt]) -> list[ast.stmt]:
    def meet(one: ast.stmt, other: ast.stmt) -> bool:
        return _first(other) <= (one.end_lineno or 0) and _first(one) <= (other.end_lineno or 0)

    return [other for other in all_of_them if any(meet(one, other) for one in chosen)]


def _first(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(one.lineno for one in decorators)])


def _only(source: str, chosen: list[ast.stmt]) -> str:
    """Return the source with every line blank that belongs to no chosen statement."""
    lines = source.splitlines()
    kept = {line for one in chosen for line in range(_first(one), (one.end_lineno or one.lineno) + 1)}
    return "\n".join(line if number in kept else "" for number, line in enumerate(lines, 1))


def _is_unknown(name: str, binding: dict[str, list[ast.stmt]]) -> bool:
    return name not in binding and not hasattr(builtins, name) and name not in (*KEPT, "__name__", "__file__")
