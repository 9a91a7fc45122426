"""Slips that the source itself shows: a comparison for an assignment, a result thrown away, state kept."""

from __future__ import annotations

import ast
from collections.abc import Iterator

IN_PLACE = (
    "append",
    "sort",
    "fill",
    "extend",
    "insert",
    "put",
    "resize",
    "setflags",
    "shuffle",
    "update",
    "add",
)


def functions_of(source: str, name: str) -> list[ast.FunctionDef]:
    """Return the definitions of a name in the source; all definitions where there is none."""
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return [node for node in found if node.name == name] or found


def lone_comparison(source: str, name: str) -> str:
    r"""Return words on a comparison that stands alone, as ``out[out < 0] == 0`` does; none: an empty text.

    Examples
    --------
    >>> lone_comparison("def relu(x):\n    x[x < 0] == 0\n    return x", "relu")[:56]
    'Line 2 changes nothing: x[x < 0] == 0 is a comparison (='
    """
    for node in _nodes(source, name):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Compare):
            return (
                f"Line {node.lineno} changes nothing: {ast.unparse(node)} is a comparison (==), where an "
                "assignment (=) was meant."
            )
    return ""


def thrown_away(source: str, name: str) -> str:
    r"""Return words on a call whose result is not kept, as ``np.maximum(x, 0)`` on a line of its own.

    Examples
    --------
    >>> thrown_away("def relu(x):\n    np.maximum(x, 0)\n    return x", "relu")
    'Line 2 computes np.maximum(x, 0) and throws the result away: keep it (name = ...) or return it.'
    """
    for node in _nodes(source, name):
        if not isinstance(node, ast.Expr):
            continue
        call = node.value
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if call.func.attr not in IN_PLACE and not any(word.arg == "out" for word in call.keywords):
            return (
                f"Line {node.lineno} computes {ast.unparse(call)} and throws the result away: keep it "
                "(name = ...) or return it."
            )
    return ""


def early_return(source: str, name: str) -> str:
    r"""Return words on a return that ends a loop in its first round.

    Examples
    --------
    >>> early_return("def f(x):\n    for i in x:\n        y = i\n        return y", "f")
    'The return in line 4 stands inside the loop of line 2, and ends it in its first round: indent it less.'
    """
    for node in _nodes(source, name):
        last = node.body[-1] if isinstance(node, ast.For | ast.While) else None
        if isinstance(node, ast.For | ast.While) and isinstance(last, ast.Return):
            return (
                f"The return in line {last.lineno} stands inside the loop of line {node.lineno}, "
                "and "
                "ends it in its first round: indent it less."
            )
    return ""


def kept_state(source: str, name: str) -> str:
    r"""Return words on where a function keeps something between calls.

    Examples
    --------
    >>> kept_state("def f(x, out=[]):\n    out.append(x)\n    return out", "f")
    'The default out=[] in line 1 is made once and kept from call to call: make it inside the function.'
    """
    tree = ast.parse(source)
    for node in functions_of(source, name):
        arguments = [*node.args.posonlyargs, *node.args.args]
        defaults = list(
            zip(arguments[len(arguments) - len(node.args.defaults) :], node.args.defaults, strict=True)
        )
        for argument, default in defaults:
            if isinstance(default, ast.List | ast.Dict | ast.Set | ast.Call):
                return (
                    f"The default {argument.arg}={ast.unparse(default)} in line {node.lineno} is made "
                    "once and "
                    "kept from call to call: make it inside the function."
                )
        for inner in ast.walk(node):
            if isinstance(inner, ast.Global | ast.Nonlocal):
                return (
                    f"Line {inner.lineno} makes {', '.join(inner.names)} global, so that it is kept from "
                    "call to "
                    "call: use a variable of the function's own."
                )
            if isinstance(inner, ast.Attribute) and "random" in ast.unparse(inner):
                return f"Random numbers are drawn in line {inner.lineno}."
        made = {
            target.id
            for statement in tree.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        names = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in made]
        used = sorted(names, key=lambda n: n.lineno)
        if used:
            return (
                f"{used[0].id} (line {used[0].lineno}) is made outside of the function and kept from call to "
                "call: make it inside."
            )
    return ""


def cut_to_whole(source: str, name: str) -> str:
    r"""Return words on a result that is made of whole numbers.

    Examples
    --------
    >>> cut_to_whole("def f(x):\n    return (x / 2).astype(int)", "f")
    'Line 2 makes whole numbers, (x / 2).astype(int): the fractions are cut off.'
    """
    for node in _nodes(source, name):
        if not isinstance(node, ast.Call):
            continue
        kinds = [*node.args[-1:], *(word.value for word in node.keywords if word.arg == "dtype")]
        if any(isinstance(kind, ast.Name) and kind.id == "int" for kind in kinds):
            return f"Line {node.lineno} makes whole numbers, {ast.unparse(node)}: the fractions are cut off."
    return ""


def printed(source: str, name: str) -> str:
    """Return words on a function that prints its result in place of returning it."""
    for node in _nodes(source, name):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            return f"Line {node.lineno} prints it: return it."
    return ""


def _nodes(source: str, name: str) -> Iterator[ast.AST]:
    for function in functions_of(source, name):
        yield from ast.walk(function)
