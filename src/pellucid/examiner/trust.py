"""Whether a student's process can be believed in what it says of itself.

How often each line ran, and whether an argument was changed, are found out in the process that runs the
student's code. Code that can reach what counts there (frames, modules, memory, descriptors) could make it
say anything. So a file is read, in the process that judges, for whatever could reach so far. A file in which
there is nothing of the kind is believed. Of any other, only the part that the function needs is run once
more, alone, in a new process, and that is believed if there is nothing of the kind in the part.

The list of what is harmless is short, and what is not on it is doubted: a criterion may then be lost, with
the line, but never won. :func:`numpy.lib.stride_tricks.as_strided` is believed, as honest convolutions use
it, though it can be made to reach any memory.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

# Libraries that have the answers. Their use is noted anyway, see :mod:`.borrowing`.
LIBRARIES = (
    "pellucid", "scipy", "sklearn", "skimage", "cv2", "torch", "torchvision", "tensorflow", "keras",
    "tf_keras", "jax", "jaxlib", "flax", "mxnet", "cupy", "paddle", "theano", "tinygrad", "autograd",
    "astropy",
)  # fmt: skip
# Of sys, os and logging, only what is in PARTS.
HARMLESS = {
    *LIBRARIES,
    "numpy", "math", "cmath", "random", "itertools", "functools", "operator", "collections", "copy",
    "time", "datetime", "typing", "dataclasses", "numbers", "fractions", "decimal", "statistics", "string",
    "abc", "enum", "warnings", "__future__", "matplotlib", "PIL", "numba", "heapq", "bisect",
    "pathlib", "json", "sys", "os", "logging",
}  # fmt: skip
PARTS = {
    "sys": {"maxsize", "float_info", "exit", "version", "version_info", "platform", "setrecursionlimit"},
    "os": {"path", "listdir", "getcwd", "sep", "makedirs"},
    "logging": {"getLogger", "basicConfig", "debug", "info", "warning", "error", "DEBUG", "INFO", "WARNING"},
    "numba": {"njit", "jit", "prange", "vectorize", "guvectorize", "float32", "float64", "int32", "int64"},
}
NAMES = {
    "eval", "exec", "compile", "globals", "locals", "vars", "getattr", "setattr", "delattr", "open",
    "help", "breakpoint", "load", "loads",
}  # fmt: skip
ATTRIBUTES = {
    "sys", "os", "gc", "inspect", "builtins", "modules", "types", "importlib", "ctypes", "ctypeslib",
    "f2py", "testing", "distutils", "tests", "attrgetter", "methodcaller", "get_type_hints", "ForwardRef",
    "singledispatch", "singledispatchmethod", "LowLevelCallable", "extending", "core", "data_as", "eval",
    "exec", "f_back", "f_locals", "f_globals", "f_builtins", "f_code", "f_trace", "tb_frame", "tb_next",
    "gi_frame", "cr_frame", "ag_frame", "gi_code", "sphinxext", "memmap", "DataSource", "fromfile",
    "tofile", "load", "loads", "examiner",
}  # fmt: skip
OPEN = {"__name__", "__file__", "__doc__", "__init__", "__call__", "__len__", "__getitem__", "__iter__"}
SETTABLE = {"shape", "dtype", "real", "imag", "flat"}  # attributes of arrays; others only of self


def doubt(
    statements: Iterable[ast.AST], own_modules: Mapping[str, str] | None = None
) -> tuple[int, str] | None:
    r"""Return the first line, and what is on it, with which code could reach what counts; None where none is.

    ``own_modules`` holds the source of the modules beside the file, by name.

    Examples
    --------
    >>> doubt(ast.parse("import numpy as np\nx = np.maximum(-1, 0)").body)
    >>> doubt(ast.parse("import numpy\nimport gc").body)
    (2, 'the module gc')
    """
    nodes = [node for statement in statements for node in ast.walk(statement)]
    own_functions = _functions(nodes)
    known = {id(node.value) for node in nodes if isinstance(node, ast.Attribute) and _is_a_part(node)}
    known |= {id(node.func) for node in nodes if isinstance(node, ast.Call) and _reads_a_named_file(node)}
    known |= {id(node) for node in nodes if isinstance(node, ast.Attribute) and _notes(node, own_functions)}
    found = [
        (getattr(node, "lineno", 0), what)
        for node in nodes
        if id(node) not in known
        for what in _reaches(node, own_modules or {})
    ]
    return min(found, default=None)


def _reaches(node: ast.AST, own: Mapping[str, str]) -> list[str]:
    if isinstance(node, ast.Import):
        harmless = [
            _is_harmless(one.name, own) and not (one.asname and one.name in PARTS) for one in node.names
        ]
        return [
            f"the module {one.name}" for one, is_so in zip(node.names, harmless, strict=True) if not is_so
        ]
    if isinstance(node, ast.ImportFrom):
        return _of_an_import(node.module or "", [one.name for one in node.names], own)
    if isinstance(node, ast.Name):
        hidden = node.id in NAMES or node.id in PARTS or (node.id.startswith("__") and node.id not in OPEN)
        return [node.id] if hidden else []
    if isinstance(node, ast.Attribute):
        return _of_an_attribute(node)
    if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
        return [node.arg]
    return []


def _functions(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that are functions of the file's own, and never anything else."""
    defined: set[str] = set()
    other: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.FunctionDef) and all(_only_wraps(one) for one in node.decorator_list):
            defined.add(node.name)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            other.add(node.name)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            other.add(node.id)
        elif isinstance(node, ast.arg):
            other.add(node.arg)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            other |= _imported(node)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            other.add(node.name or "")
        elif isinstance(node, ast.MatchMapping):
            other.add(node.rest or "")
    return set() if {"*", "functools"} & (defined | other) else defined - other


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    """Return the names that it sets, but for functools itself, on which :func:`_only_wraps` rests."""
    return {
        one.asname or one.name.partition(".")[0]
        for one in node.names
        if not (isinstance(node, ast.Import) and one.name == "functools" and not one.asname)
    }


def _only_wraps(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "functools.wraps"


def _notes(node: ast.Attribute, functions: set[str]) -> bool:
    """Return whether it notes something at a function of the file's own, as in ``inner.seconds = 0.1``."""
    return (
        isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id in functions
        and not _is_inner(node.attr)
    )


def _reads_a_named_file(call: ast.Call) -> bool:
    """Return whether it is ``open("weights.txt")`` or ``np.load("weights.npy")``: data only."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name not in ("open", "load") or any(keyword.arg is None for keyword in call.keywords):
        return False
    first = call.args[0] if call.args else None
    named = (
        isinstance(first, ast.Constant) and isinstance(first.value, str) and not first.value.startswith("/")
    )
    return named and (name == "open" or len(call.args) == 1)


def _of_an_import(module: str, names: list[str], own: Mapping[str, str]) -> list[str]:
    if not module:  # from . import helper
        return [f"the module {name}" for name in names if not _is_harmless(name, own)]
    if not _is_harmless(module, own):
        return [f"the module {module}"]
    parts = PARTS.get(module)
    return [f"{module}.{name}" for name in names if _is_inner(name) or (parts and name not in parts)]


def _is_a_part(node: ast.Attribute) -> bool:
    """Return whether it is sys.maxsize or the like: a harmless part of a module that is not."""
    return isinstance(node.value, ast.Name) and node.attr in PARTS.get(node.value.id, ())


def _of_an_attribute(node: ast.Attribute) -> list[str]:
    of = node.value.id if isinstance(node.value, ast.Name) else ""
    if of in ("self", "cls") and not node.attr.startswith("__"):
        return [f"{of}.{node.attr}"] if node.attr in ATTRIBUTES else []
    if isinstance(node.ctx, ast.Store | ast.Del) and node.attr not in SETTABLE:
        return [f"a new {ast.unparse(node)}"]
    return [ast.unparse(node)[-60:]] if _is_inner(node.attr) else []


def _is_inner(name: str) -> bool:
    return name in ATTRIBUTES or (name.startswith("_") and name not in OPEN and name != "_")


def _is_harmless(module: str, own: Mapping[str, str]) -> bool:
    top, *inner = module.split(".")
    if top in own:
        others = {name: source for name, source in own.items() if name != top}
        try:
            return doubt([ast.parse(own[top])], others) is None
        except (SyntaxError, ValueError):
            return False
    return top in HARMLESS and not any(_is_inner(part) for part in inner) and (top not in PARTS or not inner)
