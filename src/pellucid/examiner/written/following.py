"""Follows a student's code statement by statement, without running it, and keeps what names stand for."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pellucid.examiner.written.objects import Class, Function, Instance
from pellucid.examiner.written.values import Name, Unknown, known

MOST_STEPS = 10_000  # statements and calls
LONGEST = 20_000  # of a list or text
MOST_ROUNDS = 12  # of a loop over a list that the text tells
DEEPEST = 8  # calls of the student's own functions inside each other

OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
LARGEST_NUMBER = 10**12


class _Returned(Exception):  # noqa: N818 - it is no error
    def __init__(self, value: Any) -> None:
        self.value = value


class TooLong(Exception):  # noqa: N818 - it is no error
    """The code has more steps than are followed."""


class Follower:
    """Follows statements. A subclass says what calls, attributes, items and operations of objects give."""

    def __init__(self) -> None:
        self.scopes: list[dict[str, Any]] = [{}]
        self.whole_imports: list[Name] = []  # of which all names are imported: import *
        self._steps = 0

    # --- what a subclass knows ----------------------------------------------------------------------------

    def call(
        self, node: ast.Call, owner: Any, function: Any, arguments: list[Any], keywords: dict[str, Any]
    ) -> Any:
        """Return what a call gives; ``owner`` is what a method belongs to, None for a function."""
        return Unknown()

    def attribute(self, node: ast.Attribute, value: Any) -> Any:
        """Return an attribute of a value."""
        return Unknown(ast.unparse(node))

    def item(self, node: ast.Subscript, value: Any, index: Any) -> Any:
        """Return an item of a value."""
        return Unknown(ast.unparse(node))

    def operation(self, node: ast.AST, sign: ast.operator, left: Any, right: Any) -> Any:
        """Return the result of an operation with values that are no plain numbers."""
        return Unknown()

    def named(self, name: str, value: Any) -> None:
        """Take notice that a name is given to a value."""

    def made(self, node: ast.Call, made: Instance) -> Any:
        """Return what an object of a class of the student's stands for."""
        return made

    # --- statements ---------------------------------------------------------------------------------------

    def follow(self, tree: ast.Module) -> None:
        """Follow a whole file, as far as it can be followed."""
        try:
            self.run(tree.body)
        except (_Returned, TooLong, RecursionError):
            return

    def run(self, statements: list[ast.stmt]) -> None:
        """Follow statements in order."""
        for statement in statements:
            self._count()
            handle = getattr(self, f"_{type(statement).__name__.lower()}", None)
            if handle is not None:
                handle(statement)

    def _count(self) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TooLong

    def _import(self, node: ast.Import) -> None:
        for one in node.names:
            self.scopes[-1][one.asname or one.name.partition(".")[0]] = Name(
                one.name if one.asname else one.name.partition(".")[0]
            )

    def _importfrom(self, node: ast.ImportFrom) -> None:
        for one in node.names:
            if one.name == "*":
                self.whole_imports.append(Name(str(node.module)))
            else:
                self.scopes[-1][one.asname or one.name] = Name(f"{node.module}.{one.name}")

    def _functiondef(self, node: ast.FunctionDef) -> None:
        self.scopes[-1][node.name] = Function(node)

    def _classdef(self, node: ast.ClassDef) -> None:
        self.scopes[-1][node.name] = Class(node.name, node, tuple(self.value(one) for one in node.bases))

    def _assign(self, node: ast.Assign) -> None:
        value = self.value(node.value)
        for target in node.targets:
            self.assign(target, value)

    def _annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.assign(node.target, self.value(node.value))

    def _augassign(self, node: ast.AugAssign) -> None:
        left, right = self.value(node.target), self.value(node.value)
        self.assign(node.target, self._combined(node, node.op, left, right))

    def _expr(self, node: ast.Expr) -> None:
        self.value(node.value)

    def _return(self, node: ast.Return) -> None:
        raise _Returned(None if node.value is None else self.value(node.value))

    def _if(self, node: ast.If) -> None:
        test = self.value(node.test)
        if known(test):
            self.run(node.body if test else node.orelse)
        else:
            self.run(node.body)
            self.run(node.orelse)

    def _for(self, node: ast.For) -> None:
        rounds = self.value(node.iter)
        values = list(rounds)[:MOST_ROUNDS] if isinstance(rounds, list | tuple | range) else [Unknown()]
        for value in values:
            self.assign(node.target, value)
            self.run(node.body)
        self.run(node.orelse)

    def _while(self, node: ast.While) -> None:
        self.run(node.body)

    def _with(self, node: ast.With) -> None:
        for one in node.items:
            value = self.value(one.context_expr)
            if one.optional_vars is not None:
                self.assign(one.optional_vars, value)
        self.run(node.body)

    def _try(self, node: ast.Try) -> None:
        self.run(node.body)
        self.run(node.orelse)
        self.run(node.finalbody)

    def assign(self, target: ast.expr, value: Any) -> None:
        """Give a name, or several, to a value."""
        if isinstance(target, ast.Name):
            self.scopes[-1][target.id] = value
            self.named(target.id, value)
        elif isinstance(target, ast.Tuple | ast.List):
            several = isinstance(value, tuple | list) and len(value) == len(target.elts)
            for position, one in enumerate(target.elts):
                self.assign(one, value[position] if several else Unknown())
        elif isinstance(target, ast.Attribute):
            owner = self.value(target.value)
            if isinstance(owner, Instance):
                owner.attributes[target.attr] = value
            self.named(ast.unparse(target), value)
        elif isinstance(target, ast.Subscript):
            owner, index = self.value(target.value), self._index(target.slice)
            if isinstance(owner, dict) and isinstance(index, str | int):
                owner[index] = value
            self.named(ast.unparse(target), value)

    # --- expressions --------------------------------------------------------------------------------------

    def value(self, node: ast.expr) -> Any:
        """Return what an expression stands for."""
        handle = getattr(self, f"_of_{type(node).__name__.lower()}", None)
        return Unknown(ast.unparse(node)) if handle is None else handle(node)

    def _of_constant(self, node: ast.Constant) -> Any:
        return node.value

    def _of_name(self, node: ast.Name) -> Any:
        for scope in reversed(self.scopes):
            if node.id in scope:
                return scope[node.id]
        return next(
            (Name(f"{one.path}.{node.id}") for one in self.whole_imports if one.is_keras), Unknown(node.id)
        )

    def _of_tuple(self, node: ast.Tuple) -> Any:
        return tuple(self.value(one) for one in node.elts)

    def _of_list(self, node: ast.List) -> Any:
        return [self.value(one) for one in node.elts]

    def _of_dict(self, node: ast.Dict) -> Any:
        keys = [None if key is None else self.value(key) for key in node.keys]
        values = [self.value(one) for one in node.values]
        return {key: one for key, one in zip(keys, values, strict=True) if isinstance(key, str | int)}

    def _of_unaryop(self, node: ast.UnaryOp) -> Any:
        value = self.value(node.operand)
        if isinstance(value, int | float) and isinstance(node.op, ast.USub | ast.UAdd):
            return -value if isinstance(node.op, ast.USub) else value
        return not value if isinstance(node.op, ast.Not) and known(value) else Unknown(ast.unparse(node))

    def _of_binop(self, node: ast.BinOp) -> Any:
        return self._combined(node, node.op, self.value(node.left), self.value(node.right))

    def _of_compare(self, node: ast.Compare) -> Any:
        left, right = self.value(node.left), self.value(node.comparators[0])
        compare = COMPARISONS.get(type(node.ops[0]))
        if compare is None or len(node.ops) > 1 or not (known(left) and known(right)):
            return Unknown(ast.unparse(node))
        try:
            return compare(left, right)
        except TypeError:
            return Unknown(ast.unparse(node))

    def _of_ifexp(self, node: ast.IfExp) -> Any:
        test = self.value(node.test)
        return self.value(node.body if not known(test) or test else node.orelse)

    def _of_attribute(self, node: ast.Attribute) -> Any:
        return self._attribute_of(node, self.value(node.value))

    def _attribute_of(self, node: ast.Attribute, value: Any) -> Any:
        if isinstance(value, Name):
            return Name(f"{value.path}.{node.attr}")
        if isinstance(value, Instance):
            return value.get(node.attr, Unknown(ast.unparse(node)))
        return self.attribute(node, value)

    def _of_subscript(self, node: ast.Subscript) -> Any:
        value, index = self.value(node.value), self._index(node.slice)
        if isinstance(value, tuple | list | dict) and isinstance(index, int | str):
            try:
                return value[index]  # type: ignore[index]  # an index of another type is caught
            except (IndexError, KeyError, TypeError):
                return Unknown(ast.unparse(node))
        if isinstance(value, tuple | list) and isinstance(index, slice):
            return value[index]
        return self.item(node, value, index)

    def _of_lambda(self, node: ast.Lambda) -> Any:
        return Function(node)

    def _of_namedexpr(self, node: ast.NamedExpr) -> Any:
        value = self.value(node.value)
        self.assign(node.target, value)
        return value

    def _of_call(self, node: ast.Call) -> Any:
        self._count()
        owner = None
        if isinstance(node.func, ast.Attribute):
            owner = self.value(node.func.value)
            function = self._attribute_of(node.func, owner)
        else:
            function = self.value(node.func)
        arguments = [self.value(one) for one in node.args if not isinstance(one, ast.Starred)]
        keywords: dict[str, Any] = {}
        for one in node.keywords:
            value = self.value(one.value)
            if one.arg is not None:
                keywords[one.arg] = value
            elif isinstance(value, dict):
                keywords |= {str(key): each for key, each in value.items()}
        if isinstance(function, Function):
            return self.called(function, arguments, keywords)
        if isinstance(function, Class):
            return self.made(node, self._instance(function, arguments, keywords))
        return self.call(node, owner, function, arguments, keywords)

    def _index(self, node: ast.expr) -> Any:
        if not isinstance(node, ast.Slice):
            return self._parts(node) if isinstance(node, ast.Tuple) else self.value(node)
        ends = [None if end is None else self.value(end) for end in (node.lower, node.upper, node.step)]
        return slice(*(end if end is None or isinstance(end, int) else None for end in ends))

    def _parts(self, node: ast.Tuple) -> tuple[Any, ...]:
        return tuple(self._index(one) for one in node.elts)

    def _combined(self, node: ast.AST, sign: ast.operator, left: Any, right: Any) -> Any:
        combine = OPERATORS.get(type(sign))
        if combine is None or not (known(left) and known(right)):
            return self.operation(node, sign, left, right)
        if _may_be_huge(sign, left, right):
            return Unknown()
        try:
            result = combine(left, right)
        except (TypeError, ValueError, ArithmeticError):
            return Unknown()
        long = isinstance(result, str | list | tuple) and len(result) > LONGEST
        large = isinstance(result, int) and abs(result) > LARGEST_NUMBER
        return Unknown() if long or large else result

    # --- the student's own functions ----------------------------------------------------------------------

    def _instance(self, made: Class, arguments: list[Any], keywords: dict[str, Any]) -> Instance:
        instance = Instance(made)
        first = instance.get("__init__")
        if isinstance(first, Function):
            self.called(first, arguments, keywords)
        return instance

    def called(self, function: Function, arguments: list[Any], keywords: dict[str, Any]) -> Any:
        """Return what a call of a function of the student's gives."""
        if len(self.scopes) > DEEPEST:
            return Unknown()
        node, arguments = function.node, [*function.bound, *arguments]
        names = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
        defaults = node.args.defaults
        first = len(names) - len(defaults)
        bound: dict[str, Any] = {name: Unknown(name) for name in names}
        bound |= {names[first + at]: self.value(one) for at, one in enumerate(defaults)}
        for one, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
            bound[one.arg] = Unknown(one.arg) if default is None else self.value(default)
        bound |= dict(zip(names, arguments, strict=False))
        bound |= {name: one for name, one in keywords.items() if name in bound}
        if node.args.kwarg is not None:
            bound[node.args.kwarg.arg] = {name: one for name, one in keywords.items() if name not in names}
        if node.args.vararg is not None:
            bound[node.args.vararg.arg] = tuple(arguments[len(names) :])
        with self._scope(bound):
            if isinstance(node, ast.Lambda):
                return self.value(node.body)
            try:
                self.run(node.body)
            except _Returned as returned:
                return returned.value
        return None

    @contextmanager
    def _scope(self, names: dict[str, Any]) -> Iterator[None]:
        self.scopes.append(names)
        try:
            yield
        finally:
            self.scopes.pop()


def _may_be_huge(sign: ast.operator, left: Any, right: Any) -> bool:
    """Return whether a result may be too large to compute: a repeated list, a formatted text, a power."""
    if isinstance(sign, ast.Pow):
        return not (abs(left) <= 1000 and abs(right) <= 4) if _numbers(left, right) else True
    return isinstance(sign, ast.Mult | ast.Mod) and not _numbers(left, right)


def _numbers(left: Any, right: Any) -> bool:
    return isinstance(left, int | float) and isinstance(right, int | float)
