"""Docstrings are in the form of numpydoc: known sections, and examples under their heading."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from imports import ROOT

SECTIONS = {"Attributes", "Examples", "Notes", "Parameters", "Raises", "References", "Returns", "Yields"}


def public_docstrings(source: str) -> Iterator[tuple[str, str]]:
    """Yield the name and docstring of each public class, function and method."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, ast.get_docstring(node) or ""


def faults(docstring: str) -> list[str]:
    """Return what is wrong with the form of a docstring."""
    found, section = [], ""
    for line, next_line in pairwise([*docstring.split("\n"), ""]):
        if re.fullmatch("-{3,}", next_line):
            section = line
            if section not in SECTIONS:
                found.append(f"unknown section {section!r}")
        if line.strip().startswith(">>>") and section != "Examples":
            found.append(f"an example outside Examples: {line.strip()}")
    if re.search(r"\bRaises (:class:|`*\w*Error)", docstring):
        found.append("an error that is not under Raises")
    if re.search(r"\w -{3,} ", docstring):
        found.append("a heading in the middle of a line")
    return found


MODULES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_docstrings_are_in_form(path):
    found = {name: faults(text) for name, text in public_docstrings(path.read_text("utf-8"))}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    "docstring",
    [
        "Add.\n\n>>> add(1, 2)\n3",
        "Add.\n\nExample\n-------\n>>> add(1, 2)\n3",
        "Add. Raises :class:`ArgumentError` for text.",
        "Add.\n\nRaises ShapeError for rows of unequal length.",
        "Add.\n\nA layer. Notes ----- A subclass names its parameters.",
        "Add.\n\nExamples\n--------\nNone.\n\nNotes\n-----\n>>> add(1, 2)\n3",
    ],
)
def test_another_form_is_noticed(docstring):
    assert faults(docstring)


def test_the_form_itself_is_fine():
    raises = "Raises\n------\nArgumentError\n    For text."
    assert not faults(f"Add.\n\n{raises}\n\nExamples\n--------\n>>> add(1, 2)\n3")
