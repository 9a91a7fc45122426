"""The marks of a class as one HTML page, which needs no network and no script."""

from __future__ import annotations

from collections.abc import Sequence

from pellucid.core.wording.plurals import counted
from pellucid.examiner.files.finding import short_names
from pellucid.examiner.marks import Marks
from pellucid.examiner.showing import (
    brief,
    number,
    open_to_malice,
    title,
    total,
    undone_bonus,
    undone_line,
    undone_points,
)
from pellucid.examiner.written.proposing import RULE
from pellucid.report.pages import page_templates


def page(all_marks: Sequence[Marks]) -> str:
    """Return one HTML page: an overview of several files, then each with its marks and proposals."""
    environment = page_templates("pellucid.examiner")
    environment.globals.update(
        number=number,
        brief=brief,
        total=total,
        title=title,
        unenforced=open_to_malice,
        rule=RULE,
        undone_bonus=undone_bonus,
        undone_line=undone_line,
        undone_points=undone_points,
    )
    return environment.get_template("marks.html").render(
        files=all_marks,
        names=short_names([marks.file for marks in all_marks]),
        summary=_summary(all_marks),
        any_written=any(marks.written and marks.written.answers for marks in all_marks),
    )


def _summary(all_marks: Sequence[Marks]) -> str:
    """Return in a sentence how many files were examined, and how many could not be read."""
    read = sum(marks.is_read for marks in all_marks)
    left = len(all_marks) - read
    examined = f"{counted(read, 'file')} examined"
    if not left:
        return f"{examined}."
    return f"{examined}; {left} could not be read and {'has' if left == 1 else 'have'} no marks."
