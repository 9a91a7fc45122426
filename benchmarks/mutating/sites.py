"""Where a program can be changed, and how: mutants of one syntax tree.

What no test can or need notice is left out: annotations, docstrings and other texts, decorators, what is
raised after a check has failed (words), ``__all__``, what is under ``TYPE_CHECKING``, and ``copy=`` (memory).
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATIONS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}
OPPOSITES = {
    "min": "max",
    "max": "min",
    "minimum": "maximum",
    "maximum": "minimum",
    "any": "all",
    "all": "any",
    "argmax": "argmin",
    "argmin": "argmax",
    "floor": "ceil",
    "ceil": "floor",
    "sum": "prod",
    "zeros": "ones",
    "ones": "zeros",
}
Change = Callable[[ast.AST], None]


@dataclass(frozen=True)
class Site:
    """A place in a syntax tree, counted as :func:`ast.walk` goes, and one way of changing it."""

    place: int
    line: int
    name: str
    change: Change


def sites(tree: ast.Module) -> list[Site]:
    """Return every site of a module."""
    skipped = {id(node) for node in _skipped(tree)}
    found = []
    for place, node in enumerate(ast.walk(tree)):
        if id(node) not in skipped:
            line = getattr(node, "lineno", 0)
            found += [Site(place, line, name, change) for name, change in _changes(node)]
    return found


def mutated(tree: ast.Module, site: Site) -> str:
    """Return the program with one site changed; comments are lost."""
    changed = copy.deepcopy(tree)
    for place, node in enumerate(ast.walk(changed)):
        if place == site.place:
            site.change(node)
    return ast.unparse(ast.fix_missing_locations(changed)) + "\n"


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.Compare(ops=[op]):
            for other in COMPARISONS[type(op)]:
                yield "comparison", lambda n, other=other: setattr(n, "ops", [other()])
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in OPERATIONS:
            yield "operation", lambda n: setattr(n, "op", OPERATIONS[type(op)]())
        case ast.BoolOp(op=op):
            other = ast.Or if isinstance(op, ast.And) else ast.And
            yield "and, or", lambda n: setattr(n, "op", other())
        case ast.UnaryOp(op=ast.USub() | ast.Invert()):
            yield "sign", lambda n: setattr(n, "op", ast.UAdd())
        case ast.If() | ast.IfExp() | ast.While():
            yield "condition", lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
        case ast.Constant(value=bool()):
            yield "truth value", lambda n: setattr(n, "value", not n.value)
        case ast.Constant(value=int() | float()):
            yield "number", lambda n: setattr(n, "value", n.value + 1)
            yield "number", lambda n: setattr(n, "value", n.value - 1)
        case ast.Name(id=name, ctx=ast.Load()) if name in OPPOSITES:
            yield "opposite", lambda n: setattr(n, "id", OPPOSITES[n.id])
        case ast.Attribute(attr=name, ctx=ast.Load()) if name in OPPOSITES:
            yield "opposite", lambda n: setattr(n, "attr", OPPOSITES[n.attr])
        case ast.Expr(value=ast.Call()):
            yield "left out", lambda n: setattr(n, "value", ast.Constant(None))


def _skipped(tree: ast.Module) -> Iterator[ast.AST]:
    """Return all nodes that are not changed."""
    for node in ast.walk(tree):
        for part in _unobserved(node):
            yield from ast.walk(part)


def _unobserved(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a node of which a change need not be noticed."""
    match node:
        case ast.FunctionDef(returns=returns, decorator_list=decorators):
            return [*decorators, *([returns] if returns else [])]
        case ast.ClassDef(decorator_list=decorators):
            return list(decorators)
        case ast.arg(annotation=annotation) | ast.AnnAssign(annotation=annotation):
            return [annotation] if annotation else []
        case ast.Raise():
            return [node]
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return [node]
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return [node]
        case ast.keyword(arg="copy"):
            return [node]
    return []
