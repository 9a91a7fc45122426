"""The document as an executed Jupyter notebook: nbformat 4.5, written as plain JSON."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid.core.files import write_text
from pellucid.lab.document import Code, Table, Text, Watch

if TYPE_CHECKING:
    from pellucid.lab.document import Block, Document


def write_notebook(document: Document, out: Path) -> Path:
    """Write ``lab.ipynb`` into the folder and return its path."""
    path = out / "lab.ipynb"
    write_text(path, json.dumps(notebook(document), indent=1, ensure_ascii=False) + "\n")
    return path


def notebook(document: Document) -> dict[str, Any]:
    """Return the notebook: a heading and the parts of each section, code with its outputs."""
    head = "\n\n".join([f"# {document.title}", document.lead, *(f"> **{note}**" for note in document.notes)])
    cells: list[dict[str, Any]] = [_prose(head)]
    for heading, sections in document.groups:
        cells.append(_prose(f"# {heading}"))
        for section in sections:
            cells.append(_prose(f"## {section.key} · {section.title}\n\n*{section.prompt}*"))
            cells += [_cell(block) for block in section.blocks]
    executed = 0
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
        if cell["cell_type"] == "code":
            executed += 1
            cell["execution_count"] = executed
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def table_lines(table: Table) -> str:
    r"""Return a table in Markdown.

    Examples
    --------
    >>> print(table_lines(Table(("a", "b"), (("1", "x|y"),))))
    | a | b |
    |---|---|
    | 1 | x\|y |
    """
    rows = [table.head, ["---"] * len(table.head), *table.rows]
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    lines[1] = "|" + "---|" * len(table.head)
    return "\n".join(lines)


def _cell(block: Block) -> dict[str, Any]:
    if isinstance(block, Text):
        return _prose(block.text)
    if isinstance(block, Watch):
        return _prose(f"> **Watch out.** {block.text}")
    if isinstance(block, Table):
        return _prose(table_lines(block))
    return _code(block)


def _prose(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": _lines(text)}


def _code(block: Code) -> dict[str, Any]:
    outputs: list[dict[str, Any]] = []
    if block.printed:
        outputs.append({"output_type": "stream", "name": "stdout", "text": _lines(block.printed)})
    if block.drawing is not None:
        picture = base64.b64encode(block.drawing.picture).decode()
        data = {"image/png": picture, "text/plain": _lines(block.drawing.text)}
        outputs.append({"output_type": "display_data", "data": data, "metadata": {}})
    source = _lines(block.source)
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": outputs,
        "execution_count": None,
    }


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
