"""Runs code as a notebook runs a cell, and captures its output and the plot that it ends in."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import warnings
from typing import Any

from matplotlib.figure import Figure


def imports_first(source: str) -> str:
    r"""Return the source of a cell with its imports of one line at the top.

    Examples
    --------
    >>> print(imports_first("a = 1\nfrom math import pi\n\nprint(pi)"))
    from math import pi
    <BLANKLINE>
    a = 1
    <BLANKLINE>
    print(pi)
    """
    lines = source.strip("\n").split("\n")
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    if not imports:
        return "\n".join(lines)
    rest = "\n".join(line for line in lines if line not in imports)
    rest = re.sub(r"\n{3,}", "\n\n", rest.strip("\n"))
    return "\n".join([*dict.fromkeys(imports), "", rest])


def run_cell(source: str, names: dict[str, Any]) -> tuple[str, Figure | None]:
    r"""Run ``source`` with the variables ``names``, which it may change.

    Returns what it printed to standard output or error, followed by the last expression's value as a
    notebook shows it; if that value is a plot, it is returned separately.

    Examples
    --------
    >>> run_cell("half = 1 / 2\nprint('a half')\nhalf", {})
    ('a half\n0.5\n', None)
    """
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    value = None
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings():
        exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102 - the lab's own code, shown beside
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)  # noqa: S307 - the lab's own code, shown beside
    if isinstance(value, Figure):
        return printed.getvalue(), value
    shown = "" if value is None else f"{value!r}\n"
    return printed.getvalue() + shown, None
