"""The workbook: the functions of questions 20 to 28, empty, as a Python file and as a notebook."""

from __future__ import annotations

import json
import os
from importlib.resources import files
from pathlib import Path
from typing import Any

from pellucid.core.files import write_text
from pellucid.errors import OutputError

FILES = ("lowlevel.py", "lowlevel.ipynb")


def write_workbook(folder: str | os.PathLike[str]) -> list[Path]:
    """Write ``lowlevel.py`` and ``lowlevel.ipynb`` into ``folder``, made if missing, and return their paths.

    Raises
    ------
    OutputError
        When one is there already: it may hold a student's work.
    """
    place = Path(folder)
    for name in FILES:
        if (place / name).exists():
            raise OutputError(
                f"{place / name} is there already, and is left as it is. Choose another folder."
            )
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {place}: {error.strerror}") from error
    for name, text in zip(FILES, untouched(), strict=True):
        write_text(place / name, text)
    return [place / name for name in FILES]


def untouched() -> list[str]:
    """Return the texts of the workbook's files as they are handed out."""
    source = workbook_source()
    return [source, json.dumps(as_notebook(source), indent=1, ensure_ascii=False) + "\n"]


def workbook_source() -> str:
    """Return the workbook as Python.

    Examples
    --------
    >>> "def convolve(image, kernels):" in workbook_source()
    True
    """
    return (files("pellucid.examiner") / "templates" / "lowlevel.py.txt").read_text("utf-8")


def as_notebook(source: str) -> dict[str, Any]:
    """Return the workbook as a notebook (nbformat 4.5): a cell of text and one of code for each question."""
    head, *parts = source.split("\n# %% ")
    docstring, _, code = head.partition('"""\n\n')
    cells = [_cell("markdown", docstring.removeprefix('"""')), _cell("code", code)]
    for part in parts:
        title, _, body = part.partition("\n")
        cells += [_cell("markdown", f"## {title}"), _cell("code", body)]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "metadata": {},
        "source": text.strip().splitlines(keepends=True),
    }
    return {**cell, "execution_count": None, "outputs": []} if kind == "code" else cell
