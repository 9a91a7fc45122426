"""The document as PDF: the page printed by a browser, or by WeasyPrint, whichever is installed."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from pellucid.core.files import write_bytes
from pellucid.errors import MissingExtraError, OutputError
from pellucid.figures.style import LIGHT
from pellucid.lab.browser import find_browser, print_page

if TYPE_CHECKING:
    from pathlib import Path

# The page's colours on paper, where nothing is scrolled and so nothing is shaded at its edges.
PRINTED = {**LIGHT, "paper": "#ffffff", "soft": "#eff0f2", "shade": "transparent"}
WAYS = "Install Chromium or Google Chrome, or `pip install weasyprint`, and run the same command again"


def write_pdf(page: Path) -> Path:
    """Print ``lab.html`` to ``lab.pdf`` beside it and return the PDF's path; an older PDF is removed first.

    Raises
    ------
    MissingExtraError
        When nothing is installed that can print a page.
    OutputError
        When printing fails, or the PDF cannot be written.
    """
    pdf = page.with_suffix(".pdf")
    remove_old(pdf)
    failures: list[OutputError] = []
    for way in (_with_browser, _with_weasyprint):
        try:
            if way(page, pdf):
                return pdf
        except OutputError as error:
            failures.append(error)
    if failures:
        raise failures[0]
    raise MissingExtraError(f"{WAYS}. Received: neither a browser nor WeasyPrint")


def remove_old(pdf: Path) -> None:
    """Remove the PDF of an earlier document, which would not agree with this one."""
    try:
        pdf.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot replace {pdf}: {error.strerror or error}.") from error


def light(page: str) -> str:
    """Return a page with its colours as values, for a printer that does not know how CSS mixes them.

    Examples
    --------
    >>> light('<path style="stroke: var(--ink)"/>')
    '<path style="stroke: #1c2127"/>'
    """
    return re.sub(r"var\(--([a-z-]+)\)", lambda match: PRINTED.get(match[1], match[0]), page)


def _with_browser(page: Path, pdf: Path) -> bool:
    browser = find_browser()
    if browser is None:
        return False
    print_page(browser, page, pdf)
    return True


def _with_weasyprint(page: Path, pdf: Path) -> bool:
    try:
        import weasyprint
    except (ImportError, OSError):  # the second where Pango, a system library, is missing
        return False
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # it tells each style that it does not know
    document = weasyprint.HTML(string=light(page.read_text("utf-8")), base_url=None)
    write_bytes(pdf, document.write_pdf())
    return True
