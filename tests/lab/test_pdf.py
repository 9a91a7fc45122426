"""The document as PDF, by whichever of a browser and WeasyPrint is there."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pellucid.errors import MissingExtraError, OutputError
from pellucid.figures import plot_history
from pellucid.lab import pdf
from pellucid.lab.browser import find_browser
from pellucid.lab.document import Code, Document, Drawing, Section
from pellucid.lab.html import write_html


@pytest.fixture
def page(tmp_path):
    """A document with two questions, code and a plot."""
    sections = []
    for key in ("Q1", "Q2"):
        section = Section(key, f"Title {key}", "A question?")
        section.say("A sentence made from the results, 12 % of it in numbers:")
        figure = plot_history({"loss": [0.5, 0.25], "accuracy": [0.5, 0.75]})
        section.blocks.append(
            Code("plot_history(run.history)\n" * 40, "", Drawing(figure, "Loss and accuracy"))
        )
        sections.append(section)
    document = Document(
        "The lab", "Lead", (), (("Exercise", tuple(sections)),), quick=False, about={"A": "b"}
    )
    return write_html(document, tmp_path)


def test_without_anything_that_prints_one_line_says_how_to_get_it(page, monkeypatch):
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(MissingExtraError) as raised:
        pdf.write_pdf(page)
    assert str(raised.value) == f"{pdf.WAYS}. Received: neither a browser nor WeasyPrint"


def test_an_older_pdf_does_not_stay_beside_a_new_document(page, monkeypatch):
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    page.with_suffix(".pdf").write_bytes(b"%PDF- of yesterday")
    with pytest.raises(MissingExtraError):
        pdf.write_pdf(page)
    assert not page.with_suffix(".pdf").exists()


def test_where_the_browser_fails_weasyprint_is_tried_and_else_the_failure_is_told(page, monkeypatch):
    def fails(*arguments):
        raise OutputError("chromium failed. Received: exit code 1")

    tried = []
    monkeypatch.setattr(pdf, "find_browser", lambda: Path("chromium"))
    monkeypatch.setattr(pdf, "print_page", fails)
    monkeypatch.setattr(pdf, "_with_weasyprint", lambda *arguments: tried.append(arguments) or False)
    with pytest.raises(OutputError, match="chromium failed"):
        pdf.write_pdf(page)
    assert tried == [(page, page.with_suffix(".pdf"))]


def test_a_printer_that_mixes_no_colours_gets_all_as_values(page):
    used = set(re.findall(r"var\(--([a-z-]+)\)", pdf.light(page.read_text("utf-8"))))
    of_elements = {"n", "o", "p", "t"}  # numbers that an element of a report has, of which this page has none
    assert used - of_elements == {"sans", "mono", "gap", "inches", "shape"}  # fonts and sizes


def pages_of(path):
    """Return the text of each sheet."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    found = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return found.stdout.removesuffix("\f").split("\f")


@pytest.mark.slow
@pytest.mark.parametrize("way", ["browser", "weasyprint"])
def test_a_real_printer_writes_all_with_numbered_sheets(page, way, monkeypatch):
    if way == "browser" and find_browser() is None:
        pytest.skip("no browser is installed")
    if way == "weasyprint":
        try:
            import weasyprint  # noqa: F401 - only whether it works
        except (ImportError, OSError):
            pytest.skip("WeasyPrint or Pango is not installed")
        monkeypatch.setattr(pdf, "find_browser", lambda: None)
    found = pdf.write_pdf(page)
    assert found.read_bytes().startswith(b"%PDF-")
    sheets = pages_of(found)
    for number, sheet in enumerate(sheets, start=1):
        assert re.search(rf"\b{number} ?/ ?{len(sheets)}\b", sheet)
        lines = [line.strip() for line in sheet.splitlines() if line.strip()]
        assert lines[-2] != "A question?"  # a heading stays with what follows
    assert sum(sheet.count("plot_history(run.history)") for sheet in sheets) == 80
    assert {path.name for path in page.parent.iterdir()} == {"lab.html", "lab.pdf"}
