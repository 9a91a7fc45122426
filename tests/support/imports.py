"""Reading the imports of Python source, for tests of who may import whom."""

from __future__ import annotations

import ast
from pathlib import Path

import pellucid

ROOT = Path(pellucid.__file__).parent


def imported_modules(source: str) -> set[str]:
    """Return the modules and names of pellucid that ``source`` imports anywhere, dotted, without "pellucid.".

    Imports inside functions and those for type checkers count too.
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pellucid":
            below = (node.module or "").partition(".")[2]
            found |= {f"{below}.{alias.name}".lstrip(".") for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name.partition(".")[2] for a in node.names if a.name.startswith("pellucid.")}
    return found - {"__version__"}


def module_of(dotted: str) -> str | None:
    """Return the module that a dotted name is or lies in: "losses.base.Loss" lies in "losses.base"."""
    parts = dotted.split(".")
    while parts:
        path = ROOT.joinpath(*parts)
        if path.with_suffix(".py").exists() or (path / "__init__.py").exists():
            return ".".join(parts)
        parts.pop()
    return None


def name_of(file: Path) -> str:
    """Return the dotted name of a module's file, without "pellucid."; a package's is the package's own."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def import_graph() -> dict[str, set[str]]:
    """Return, for each module of pellucid but the root's own, the modules that it imports."""
    graph = {}
    for file in sorted(ROOT.rglob("*.py")):
        if name_of(file) not in ("", "__main__"):
            modules = (module_of(dotted) for dotted in imported_modules(file.read_text("utf-8")))
            graph[name_of(file)] = {module for module in modules if module}
    return graph


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that import one another, directly or by way of others (Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in graph.get(node, ()):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = []
            while True:
                group.append(stack.pop())
                if group[-1] == node:
                    break
            if len(group) > 1:
                found.append(sorted(group))

    for node in graph:
        if node not in index:
            visit(node)
    return found
