"""A student's file: read, its header understood, its functions found. Nothing here runs any of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pellucid.errors import FileFormatError
from pellucid.examiner.files.notebooks import Cell, NotebookCode, code_of, looks_like_a_notebook, read_cells
from pellucid.examiner.files.text import printable, read_text
from pellucid.examiner.questions import QUESTIONS, ExamQuestion

BACKWARD = re.compile(r"back|grad|deriv")
HELPERS = {
    "random_weights": (
        "randomweights",
        "initweights",
        "initialweights",
        "initialize",
        "drawweights",
        "makeweights",
    ),
    "accuracy": ("accuracy", "evaluate", "score", "testaccuracy"),
}


@dataclass(frozen=True)
class DeclaredFunction:
    """What the header says of one question: the function's name and, where given, its arguments in order."""

    name: str
    order: tuple[str, ...] | None


@dataclass(frozen=True)
class Submission:
    """A file that parses."""

    name: str
    source: str
    header: Mapping[str, DeclaredFunction]

    @property
    def filename(self) -> str:
        """The name under which its code is compiled."""
        return f"<submission {self.name}>"


@dataclass(frozen=True)
class HandedIn:
    """A file as it was handed in: its text, and a notebook's cells."""

    name: str
    text: str
    cells: tuple[Cell, ...] | None = None  # None: it is no notebook
    notes: tuple[str, ...] = ()

    def code(self) -> NotebookCode:
        """Return its Python.

        Raises
        ------
        FileFormatError
            When no cell of a notebook parses.
        """
        return NotebookCode(self.text) if self.cells is None else code_of(self.cells, self.name)


def read_file(path: Path) -> HandedIn:
    """Read a Python file or a notebook, in whatever encoding; nothing of it is run.

    Raises
    ------
    FileFormatError
        When it cannot be read: then nothing can be said of what is in it.
    """
    named_so = path.suffix.lower() == ".ipynb"
    found = read_text(path, notebook=named_so)
    if named_so or looks_like_a_notebook(found.text):
        return HandedIn(printable(path.name), found.text, read_cells(found.text, str(path)), found.notes)
    return HandedIn(printable(path.name), found.text, None, found.notes)


def read_submission(path: Path) -> Submission:
    """Read a Python file or a notebook.

    Raises
    ------
    FileFormatError
        When the file cannot be read or does not parse; the message names the line.
    """
    handed_in = read_file(path)
    return from_source(handed_in.name, handed_in.code().source)


def from_source(name: str, source: str) -> Submission:
    """Return the submission with this source.

    Examples
    --------
    >>> from_source("mine.py", "EXAMINER = {'relu': 'cut(maps)'}").header["relu"].name
    'cut'
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FileFormatError(_syntax(name, error)) from None
    return Submission(name, source, _header(name, tree))


def locate(
    submission: Submission, names: Mapping[str, Any], question: ExamQuestion
) -> Callable[..., Any] | None:
    """Return the student's likeliest function for a question; None where there is none."""
    return next(iter(candidates(submission, names, question)), None)


def candidates(
    submission: Submission, names: Mapping[str, Any], question: ExamQuestion
) -> list[Callable[..., Any]]:
    """Return the functions that may answer a question, the likeliest first.

    The header decides alone, and so does the name in the workbook.
    """
    wanted = submission.header.get(question.function)
    if wanted is not None:
        return [names[wanted.name]] if wanted.name in names else []
    own = {name: value for name, value in names.items() if _is_own(value)}
    if question.function in own:
        return [own[question.function]]
    plain = {plain_name(name): value for name, value in own.items()}
    known = [name for name in (question.function.replace("_", ""), *question.others) if name in plain]
    alike = [name for name in plain if name not in known and _is_alike(name, question)]
    return [plain[name] for name in known + alike]


def plain_name(name: str) -> str:
    """Return a name as it is compared with others.

    Examples
    --------
    >>> plain_name("Max_Pool")
    'maxpool'
    """
    return name.lower().replace("_", "")


def _is_alike(name: str, question: ExamQuestion) -> bool:
    """Return whether a name holds the question's number, or one of its names."""
    if re.search(rf"(^|[a-z]){question.number}(\D|$)", name):
        return True
    alike = any(len(known) > 3 and known in name for known in (question.function, *question.others))
    backward = bool(BACKWARD.search(name)) == (question.number == 26)
    return alike and backward and not _elsewhere(name, question)


def unclaimed(submission: Submission, names: Mapping[str, Any]) -> list[str]:
    """Return the names of the file's own functions that answer no question."""
    claimed = {id(one) for question in QUESTIONS for one in candidates(submission, names, question)}
    claimed |= {id(one) for one in helpers(names).values()}
    return [name for name, value in names.items() if _is_own(value) and id(value) not in claimed]


def helpers(names: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    """Return the functions that questions 27 and 28 need beside their own."""
    plain = {plain_name(name): value for name, value in names.items() if _is_own(value)}
    return {
        helper: next(plain[known] for known in others if known in plain)
        for helper, others in HELPERS.items()
        if any(known in plain for known in others)
    }


def is_blank(submission: Submission, function: Callable[..., Any]) -> bool:
    """Return whether nothing but a docstring, pass, … or NotImplementedError is in a function.

    Of several definitions of one name the last counts, as in Python.
    """
    name, tree = getattr(function, "__name__", ""), ast.parse(submission.source)
    for nodes in (tree.body, ast.walk(tree)):  # first those that are not inside of something else
        definitions = [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name == name]
        if definitions:
            return all(_says_nothing(statement) for statement in definitions[-1].body)
    return False


def _says_nothing(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        or (isinstance(statement, ast.Raise) and "NotImplemented" in ast.unparse(statement))
    )


def _elsewhere(name: str, question: ExamQuestion) -> bool:
    """Return whether a name is another question's by right."""
    return any(name in (q.function.replace("_", ""), *q.others) for q in QUESTIONS if q is not question)


def _is_own(function: Any) -> bool:
    return bool(function.own)


def _header(name: str, tree: ast.Module) -> dict[str, DeclaredFunction]:
    """Read ``EXAMINER = {"convolve": "my_conv(kernels, image)"}`` without running anything."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "EXAMINER" for target in statement.targets
        ):
            try:
                entries = dict(ast.literal_eval(statement.value))
            except (ValueError, TypeError, SyntaxError):
                raise FileFormatError(
                    f"{name}, line {statement.lineno}: EXAMINER should be a plain dictionary, such as "
                    'EXAMINER = {"convolve": "my_conv(kernels, image)"}'
                ) from None
            return {str(key): _wanted(name, str(key), str(text)) for key, text in entries.items()}
    return {}


def _wanted(name: str, key: str, text: str) -> DeclaredFunction:
    question = next((q for q in QUESTIONS if q.function == key), None)
    match = re.fullmatch(r"\s*(\w+)\s*(?:\(([^()]*)\))?\s*", text)
    if question is None or match is None:
        known = ", ".join(q.function for q in QUESTIONS)
        raise FileFormatError(
            f"{name}: EXAMINER has {key!r}: {text!r}; known are {known}, each with name(arguments)"
        )
    if match[2] is None:
        return DeclaredFunction(match[1], None)
    order = tuple(part.strip() for part in match[2].split(",") if part.strip())
    roles = question.signature.split(", ")
    if not set(order) <= set(roles):
        raise FileFormatError(
            f"{name}: EXAMINER has {key!r}: {text!r}; its arguments are called {question.signature}"
        )
    return DeclaredFunction(match[1], order)


def _syntax(name: str, error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        line = f": {error.text.strip()}" if error.text else ""
        return f"{name} does not parse. Line {error.lineno}: {error.msg}{line}"
    return f"{name} does not parse: {error}"
