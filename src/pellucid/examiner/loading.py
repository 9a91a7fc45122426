"""Runs a student's file and finds the functions that it defines."""

from __future__ import annotations

import ast
import functools
import inspect
import linecache
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from pellucid.examiner.student_errors import describe_exception, is_students
from pellucid.examiner.submission import Submission

LIBRARIES = ("numpy", "scipy", "matplotlib", "pandas", "sklearn", "tensorflow", "keras", "torch", "pellucid")
NETWORKS = ("keras", "tensorflow", "tf_keras", "torch", "pellucid")
TRAINING = ("fit", "fit_generator", "evaluate", "predict")
WRAPPED = ("__wrapped__", "pyfunc", "py_func", "func")  # functools, np.vectorize, Numba, partial


def load(submission: Submission, *, definitions_only: bool = False) -> tuple[dict[str, Any], list[str]]:
    """Run the file and return its names and notes; if ``definitions_only``, only imports and definitions.

    An import that fails is passed over alone, and later what uses it. So are statements that train a network
    of Keras or of another library, which would take the time that the functions are given.
    """
    source, filename = submission.source, submission.filename
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    module = ModuleType(Path(submission.name).stem)
    if module.__name__ not in sys.modules:  # a file named numpy.py must not stand for NumPy
        sys.modules[module.__name__] = module
    tree, notes = ast.parse(source), _named_like_a_library(submission.name)
    future = [one for one in tree.body if isinstance(one, ast.ImportFrom) and one.module == "__future__"]
    missing, networks = False, _imports_networks(tree)
    for statement in tree.body:
        if definitions_only and not _defines(statement):
            continue
        if networks and _trains(statement):
            missing = True
            notes.append(f"Line {statement.lineno} was passed over: it trains or tests a network.")
            continue
        code = compile(ast.Module([*future, statement], []), filename, "exec")
        try:
            exec(code, module.__dict__)  # noqa: S102 - the student's code, in a process of its own
        except (Exception, SystemExit) as error:
            missing |= isinstance(error, ImportError) and isinstance(statement, ast.Import | ast.ImportFrom)
            if not definitions_only and not (missing and isinstance(error, ImportError | NameError)):
                raise
            notes.append(f"Line {statement.lineno} was passed over: {describe_exception(error)}.")
    return module.__dict__, notes


def is_a_library(module: str) -> bool:
    """Return whether a module is Python's own, or a library that a submission may import."""
    return module in sys.stdlib_module_names or module in LIBRARIES


def _named_like_a_library(name: str) -> list[str]:
    if not is_a_library(Path(name).stem):
        return []
    return [f"{name} has the name of a library, which other files then cannot import: rename your file."]


def _imports_networks(tree: ast.Module) -> bool:
    """Return whether a library with networks is imported."""
    names = {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return any(name.partition(".")[0] in NETWORKS for name in names)


def _trains(statement: ast.stmt) -> bool:
    """Return whether a statement outside of functions calls a method that trains or tests a network."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return False
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TRAINING
        for node in ast.walk(statement)
    )


def _defines(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign):
        return _is_plain(statement.value)
    return isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)


def _is_plain(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return isinstance(value, ast.Lambda)
    return True


def is_own(value: Any) -> bool:
    """Return whether a callable is written in the student's file, wrapped or not."""
    if isinstance(value, functools.partial | np.vectorize):
        return True
    code = getattr(_inner(value), "__code__", None)
    if code is None and not isinstance(value, type):  # an object that can be called
        code = getattr(vars(type(value)).get("__call__"), "__code__", None)
    return callable(value) and code is not None and is_students(code.co_filename)


def parameters(function: Callable[..., Any]) -> list[tuple[str, int, bool]] | None:
    """Return each parameter's name, kind, and whether it has a default; None where Python cannot tell.

    Examples
    --------
    >>> parameters(lambda maps, window=2: None)
    [('maps', 1, False), ('window', 1, True)]
    """
    try:
        found = inspect.signature(function.pyfunc if isinstance(function, np.vectorize) else function)
        return [(p.name, int(p.kind), p.default is not p.empty) for p in found.parameters.values()]
    except (TypeError, ValueError):
        return None


def _inner(value: Any) -> Any:
    for _ in range(5):
        if hasattr(value, "__code__"):
            break
        value = next((getattr(value, name) for name in WRAPPED if hasattr(value, name)), value)
    return value
