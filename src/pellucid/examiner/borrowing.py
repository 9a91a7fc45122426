"""Finds functions that let a library do the work which the question asks for."""

from __future__ import annotations

import ast

LIBRARIES = (
    *(
        "pellucid",
        "scipy",
        "sklearn",
        "skimage",
        "cv2",
        "torch",
        "torchvision",
        "tensorflow",
        "keras",
        "tf_keras",
    ),
    *("jax", "jaxlib", "flax", "mxnet", "cupy", "paddle", "theano", "tinygrad", "autograd", "astropy"),
)
NEED_THEM = ("numba", "pandas", "seaborn", "statsmodels")  # work only where libraries with answers are


def unlocked(source: str) -> frozenset[str]:
    """Return the libraries that the file's process may read: none where it does not openly import one.

    A library that is imported by stealth would not be noted, and so is not there.

    Examples
    --------
    >>> sorted(unlocked("import numpy as np")), "scipy" in unlocked("import scipy.signal")
    ([], True)
    """
    named = {whole.partition(".")[0] for whole in imported(ast.parse(source)).values()}
    if "pellucid" in named:
        return frozenset(LIBRARIES)
    if named & {*LIBRARIES, *NEED_THEM}:
        return frozenset(LIBRARIES) - {"pellucid"}
    return frozenset()


def borrowed(source: str) -> list[str]:
    r"""Return a note for each function in which such a library is used, with the line.

    Examples
    --------
    >>> borrowed("from scipy.special import softmax as s\ndef softmax(x):\n    return s(x)")
    ["Line 3: softmax uses scipy.special.softmax. Is the work the student's own?"]
    """
    tree = ast.parse(source)
    names = {name: whole for name, whole in imported(tree).items() if whole.partition(".")[0] in LIBRARIES}
    notes = []
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id in names:
                used = names[node.id]
                notes.append(
                    f"Line {node.lineno}: {function.name} uses {used}. Is the work the student's own?"
                )
                break
    return notes


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
