"""Finds functions that let a library do the work which the question asks for."""

from __future__ import annotations

import ast

LIBRARIES = ("pellucid", "scipy", "sklearn", "skimage", "cv2", "torch", "tensorflow", "keras", "jax")


def borrowed(source: str) -> list[str]:
    r"""Return a note for each function in which such a library is used, with the line.

    Examples
    --------
    >>> borrowed("from scipy.special import softmax as s\ndef softmax(x):\n    return s(x)")
    ["Line 3: softmax uses scipy.special.softmax. Is the work the student's own?"]
    """
    tree = ast.parse(source)
    names = _imported(tree)
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


def _imported(tree: ast.Module) -> dict[str, str]:
    """Return the names under which such libraries, and what is in them, are imported."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                found[one.asname or one.name.partition(".")[0]] = one.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                found[one.asname or one.name] = f"{node.module}.{one.name}"
    return {name: whole for name, whole in found.items() if whole.partition(".")[0] in LIBRARIES}
