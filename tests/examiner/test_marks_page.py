import dataclasses
import re

import pytest
from lab_notebooks import lab

from pellucid.examiner.examining import examine
from pellucid.examiner.marks import not_read
from pellucid.examiner.marks_page import page as marks_page


def test_the_page_stands_alone_and_escapes_what_students_write(marks):
    page = marks_page(marks)
    assert "=evil&lt;b&gt;.py" in page
    assert "<b>.py" not in page
    assert not re.search(r"<script|https?://|src=|url\(", page)
    assert page.count("<article") == 3
    assert "It changes its argument maps in place" in page


@pytest.fixture
def report(tmp_path, host):
    path = tmp_path / "lab.ipynb"
    path.write_text(lab(), encoding="utf-8")
    return examine(path, host=host)


def test_proposals_and_text_of_questions_1_to_19_are_on_the_page_and_in_no_sum(report):
    page = marks_page([report])
    words = (
        f"{report.written.proposed:g} of {report.written.proposed_of:g} points are <strong>proposed</strong>"
    )
    assert words in page
    assert report.total == 0
    assert "Reading **postal codes** &amp; &lt;cheques&gt;." in page
    assert "Look for: several uses in which digits are read" in page
    assert page.count("<input") == 19
    assert "Adadelta without a learning rate means 0.001" in page
    assert "(cell 15, line 12)" in page
    assert not re.search(r"<script|https?://|src=|url\(", page)


def test_several_files_begin_with_an_overview_that_tells_them_apart(report):
    missing = not_read("class/bob/lab.ipynb", 0, "It is a PNG image.")
    page = marks_page([dataclasses.replace(report, file="class/ann/lab.ipynb"), missing])
    assert '<a href="#file-1">ann/lab.ipynb</a>' in page
    assert '<a href="#file-2">bob/lab.ipynb</a>' in page
    assert "1 file examined; 1 could not be read and has no marks." in page
    assert page.count("not read") >= 1
