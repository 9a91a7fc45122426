import re

from pellucid.examiner.marks_page import page as marks_page


def test_the_page_stands_alone_and_escapes_what_students_write(marks):
    page = marks_page(marks)
    assert "=evil&lt;b&gt;.py" in page
    assert "<b>.py" not in page
    assert not re.search(r"<script|https?://|src=|url\(", page)
    assert page.count("<article>") == 3
    assert "It changes its argument maps in place" in page
