"""Every error says what was asked, and ends with what arrived in one form: ``Received: name=value``."""

from __future__ import annotations

import ast
import re

import pytest
from imports import ROOT

OTHER_FORMS = re.compile(r"[;,] (but )?got |\bbut got |[;,] received |\bwas given |Received:(?! )")


def text_of(node: ast.expr) -> str:
    """Return the text of a string, with {…} for each value that is filled in; "" for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "{…}" for part in node.values)
    if isinstance(node, ast.BinOp):
        return text_of(node.left) + text_of(node.right)
    return ""


def messages(source: str) -> list[str]:
    """Return the text of every message that an error is made with."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id.endswith("Error")]
    return [text_of(argument) for call in named for argument in call.args]


def faults(source: str) -> list[str]:
    return [message for message in messages(source) if OTHER_FORMS.search(message)]


MODULES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_an_error_says_what_was_received_in_one_form(path):
    assert faults(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "message",
    [
        'f"size must be positive; got size={size}"',
        'f"labels have shape (U,), but got shape {shape}"',
        'f"k is a whole number; received k={k}."',
        'f"a function is needed; it was given {f!r}"',
        '"a " + f"b; got {c}"',
    ],
)
def test_another_form_is_noticed(message):
    assert faults(f"raise ArgumentError({message})")


def test_the_form_itself_is_fine():
    source = 'raise ArgumentError(f"size must be positive. Received: size={size!r}")'
    assert messages(source) == ["size must be positive. Received: size={…}"]
    assert not faults(source)
