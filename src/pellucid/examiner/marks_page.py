"""The marks of a class as one HTML page, which needs no network and no script."""

from __future__ import annotations

from collections.abc import Sequence

from pellucid.examiner.marks import Marks
from pellucid.examiner.showing import brief, number, open_to_malice, title, total
from pellucid.report.pages import page_templates


def page(all_marks: Sequence[Marks]) -> str:
    """Return one HTML page, which needs no network and no script."""
    environment = page_templates("pellucid.examiner")
    environment.globals.update(
        number=number, brief=brief, total=total, title=title, unenforced=open_to_malice
    )
    return environment.get_template("marks.html").render(files=all_marks)
