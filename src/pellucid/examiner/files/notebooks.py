"""A notebook's cells, and the Python in them without what only IPython understands."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pellucid.errors import FileFormatError

PYTHON_CELLS = ("time", "timeit", "capture", "prun", "python", "python3", "memit", "mprun", "debug")
RUNS_ITS_LINE = re.compile(r"(\s*)%time\s+(.+)")
MAGIC = re.compile(r"\s*([%!?]|[\w.\[\]'\"]+\?{1,2}\s*$)")
ASSIGNED = re.compile(r"(\s*[\w, ]+=)\s*[%!]")
LINES = re.compile(r"\b(?:line|Line|lines|Lines) \d+(?:(?:, | and )\d+)*\b")
PROMPT = re.compile(r"^(>>>|\.\.\.|In \[\d+\]:) ?", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """One cell: its number from 1, its kind, its text, and the text that it printed when it last ran."""

    number: int
    kind: Literal["code", "text"]
    source: str
    printed: str = ""
    figures: int = 0  # pictures among its outputs


@dataclass(frozen=True)
class NotebookCode:
    """The code of a notebook: its source with magics made harmless, and notes on what was left out."""

    source: str
    notes: tuple[str, ...] = ()
    starts: tuple[tuple[int, int], ...] = ()  # for each cell: its first line in the source, its number

    def place(self, line: int) -> str:
        """Return the cell, and the line in it, of a line of the source."""
        number, own = self._place(line)
        return f"cell {number}, line {own}"

    def in_cells(self, text: str) -> str:
        """Return text with the lines that it names in the source replaced by cells and the lines in them.

        Examples
        --------
        >>> code_of([Cell(3, "code", "x = 1"), Cell(5, "code", "y = 2")], "").in_cells("Stops in line 3.")
        'Stops in cell 5, line 1.'
        """
        return LINES.sub(self._in_cells, text) if self.starts else text

    def _place(self, line: int) -> tuple[int, int]:
        first, number = max((one for one in self.starts if one[0] <= line), default=(1, 1))
        return number, line - first + 1

    def _in_cells(self, match: re.Match[str]) -> str:
        places = [self._place(int(line)) for line in re.findall(r"\d+", match[0])]
        found = []
        for number in dict.fromkeys(cell for cell, _ in places):
            own = [str(line) for cell, line in places if cell == number]
            lines = f"line {own[0]}" if len(own) == 1 else f"lines {', '.join(own[:-1])} and {own[-1]}"
            found.append(f"cell {number}, {lines}")
        words = "; ".join(found)
        return words.capitalize() if match[0].startswith("L") else words


def looks_like_a_notebook(text: str) -> bool:
    """Return whether text is a notebook, whatever its file is called.

    Examples
    --------
    >>> looks_like_a_notebook('{"cells": [], "nbformat": 4}'), looks_like_a_notebook("x = {}")
    (True, False)
    """
    return text.lstrip().startswith("{") and re.search(r'"(nbformat|worksheets|cells)"\s*:', text) is not None


def read_cells(text: str, name: str) -> tuple[Cell, ...]:
    """Return the cells of a notebook, of format 4 or of the older 3 and 2.

    Raises
    ------
    FileFormatError
        When it is no JSON, or has no list of cells.
    """
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno} of the file)" if isinstance(error, json.JSONDecodeError) else ""
        raise FileFormatError(
            f"{name} is not a Jupyter notebook, or is damaged: it is no JSON{where}. Was it sent completely?"
        ) from error
    try:
        sheets = notebook.get("worksheets", [notebook])
        raw = [cell for sheet in sheets for cell in sheet["cells"]]
        return tuple(_cell(number, one) for number, one in enumerate(raw, 1))
    except (KeyError, TypeError, AttributeError) as error:
        raise FileFormatError(f"{name} is not a Jupyter notebook: no list of cells in it") from error


def code_of(cells: Sequence[Cell], name: str) -> NotebookCode:
    """Return the code cells as one source; a cell that does not parse is left out, and noted.

    Raises
    ------
    FileFormatError
        When there is code, and not one cell of it parses.
    """
    parts, notes, starts, line = list[str](), list[str](), list[tuple[int, int]](), 1
    code = [cell for cell in cells if cell.kind == "code" and cell.source.strip()]
    for cell in code:
        try:
            part = plain_python(cell.source)
        except SyntaxError as error:
            wrong = f": {error.text.strip()}" if error.text else ""
            notes.append(
                f"Cell {cell.number} was passed over, as it does not parse. Line {error.lineno}: "
                f"{error.msg}{wrong}"
            )
            continue
        starts.append((line, cell.number))
        parts.append(part)
        line += part.count("\n") + 2
    if code and not parts:
        raise FileFormatError(f"{name} does not parse. {notes[0]}")
    return NotebookCode("\n\n".join(parts), tuple(notes), tuple(starts))


def plain_python(source: str) -> str:
    r"""Return a code cell as Python, line for line; what only IPython understands becomes ``pass``.

    Raises
    ------
    SyntaxError
        When something else does not parse.

    Examples
    --------
    >>> plain_python("%matplotlib inline\n%time x = 1\nx?")
    'pass\nx = 1\npass'
    """
    first, _, rest = source.lstrip("\n").partition("\n")
    if first.lstrip().startswith("%%"):
        name = (first.lstrip()[2:].split() or [""])[0]
        blank = "\n" * (source.count("\n") - rest.count("\n"))
        return blank + plain_python(rest) if name in PYTHON_CELLS else "\n" * source.count("\n")
    lines = source.split("\n")
    for _ in range(len(lines) + 1):
        try:
            ast.parse("\n".join(lines))
            break
        except (ValueError, RecursionError, MemoryError) as error:
            raise SyntaxError(str(error)) from error
        except SyntaxError as error:
            at = _magic_line(lines, error.lineno or 0)
            if at is None:
                return _without_prompts(source, error)
            lines[at] = _harmless(lines[at])
    return "\n".join(lines)


def _magic_line(lines: Sequence[str], wrong: int) -> int | None:
    """Return the index of the line that Python stumbles over, if it is for IPython; else of any before it."""
    nearest: list[int] = [wrong - 1, *range(wrong - 2, -1, -1), *range(wrong, len(lines))]
    for at in nearest:
        if 0 <= at < len(lines) and (MAGIC.match(lines[at]) or ASSIGNED.match(lines[at])):
            return at
    return None


def _harmless(line: str) -> str:
    timed, assigned = RUNS_ITS_LINE.match(line), ASSIGNED.match(line)
    if timed:
        return f"{timed[1]}{timed[2]}"
    indent = line[: len(line) - len(line.lstrip())]
    return f"{assigned[1]} None" if assigned else f"{indent}pass"


def _without_prompts(source: str, error: SyntaxError) -> str:
    """Return a cell that was pasted with its prompts without them."""
    bare = PROMPT.sub("", source)
    if bare == source:
        raise error
    return plain_python(bare)


def _cell(number: int, raw: Mapping[str, Any]) -> Cell:
    kind: Literal["code", "text"] = "code" if raw["cell_type"] == "code" else "text"
    source = _text(raw["source"] if "source" in raw else raw.get("input", ""))
    if raw["cell_type"] == "heading":
        source = f"{'#' * int(raw.get('level', 1))} {source}"
    outputs = [one for one in raw.get("outputs", []) if isinstance(one, dict)]
    printed = "".join(_printed(one) for one in outputs)
    return Cell(number, kind, source, printed, sum(_is_figure(one) for one in outputs))


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else "".join(str(part) for part in value)
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()


def _printed(output: Mapping[str, Any]) -> str:
    data = output.get("data", {})
    plain = data.get("text/plain", "") if isinstance(data, dict) else ""
    # progress bars write over their own line with a carriage return or backspaces
    text = output.get("text") or plain
    raw = text if isinstance(text, str) else "".join(str(part) for part in text or ())
    return f"{raw}\n" if raw else ""


def _is_figure(output: Mapping[str, Any]) -> bool:
    data = output.get("data", output)
    return isinstance(data, dict) and any(str(key).startswith("image/") or key == "png" for key in data)
