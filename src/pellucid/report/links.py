"""Relative links between the pages in a folder of runs, made only where the file is there."""

from __future__ import annotations

import html
import os
import re
from dataclasses import dataclass
from pathlib import Path

from pellucid.runs.study_folder import is_study, read_study

INDEX, REPORT = "index.html", "report.html"
MARK = '<meta name="generator" content="pellucid'
KNOWN_BY = 2000  # bytes of a page in which its mark stands


@dataclass(frozen=True)
class Link:
    """A link from one page to another: its words, and the relative address."""

    text: str
    href: str


def links_of_run(folder: Path) -> list[Link]:
    """Return the links of a run's page: to the page of its study, if it is one of several seeds; to all runs.

    Examples
    --------
    >>> links_of_run(Path("no-such-folder"))
    []
    """
    above = folder.resolve().parent
    if is_study(above):
        return [
            *_existing(above / REPORT, "All seeds", folder),
            *_existing(above.parent / INDEX, "All runs", folder),
        ]
    return _existing(above / INDEX, "All runs", folder)


def links_of_study(folder: Path) -> list[Link]:
    """Return the links of a study's page: to all runs."""
    return _existing(folder.resolve().parent / INDEX, "All runs", folder)


def links_to_seeds(folder: Path) -> dict[str, Link]:
    """Return the links of a study's page to those of its seeds that have one, by the seeds' folders."""
    found = {name: _existing(folder / name / REPORT, "report", folder) for name in read_study(folder).folders}
    return {name: links[0] for name, links in found.items() if links}


def links_from(page: Path) -> list[Link]:
    """Return the links of a page in a folder of runs, such as a comparison: to all runs."""
    return _existing(page.resolve().parent / INDEX, "All runs", page.parent)


def links_to_runs(folders: list[Path], page: Path) -> list[Link | None]:
    """Return the link from a page, written to the file ``page``, to each run's; None where it has none."""
    return [next(iter(_existing(folder / REPORT, folder.name, page.parent)), None) for folder in folders]


def is_our_page(page: Path, kind: str) -> bool:
    """Return whether the file ``page`` is a page of that kind which pellucid has made.

    Examples
    --------
    >>> is_our_page(Path("no-such-page.html"), "comparison")
    False
    """
    try:
        with page.open("rb") as file:
            return f'{MARK} {kind}">'.encode() in file.read(KNOWN_BY)
    except OSError:
        return False


def title_of(page: Path) -> str:
    """Return the title of one of our pages, without what kind of page it is; "" if it has none.

    Examples
    --------
    >>> title_of(Path("no-such-page.html"))
    ''
    """
    try:
        with page.open("rb") as file:
            head = file.read(KNOWN_BY).decode("utf-8", errors="replace")
    except OSError:
        return ""
    found = re.search(r"<title>(.*?)( – pellucid [a-z ]+)?</title>", head, flags=re.DOTALL)
    return html.unescape(found[1]) if found else ""


def _existing(page: Path, text: str, start: Path) -> list[Link]:
    if not page.is_file():
        return []
    return [Link(text, Path(os.path.relpath(page.resolve(), start.resolve())).as_posix())]
