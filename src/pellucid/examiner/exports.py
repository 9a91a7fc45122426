"""Marks for a teacher's tools: a table for a spreadsheet (CSV), and Gradescope's results."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from pellucid.examiner.marks import Marks
from pellucid.examiner.showing import number, open_to_malice, plain, total, written_lines
from pellucid.examiner.written.answers import WrittenAnswer
from pellucid.examiner.written.questions import QUESTIONS as WRITTEN
from pellucid.examiner.written.questions import Part

NO_MARK = ""  # the cell of a mark that there is not, which no spreadsheet adds up as 0


def csv_text(all_marks: Sequence[Marks]) -> str:
    """Return one row a file: status, points by question, sums, and what is to be said of the file.

    A file that could not be read has the status "not read" and no numbers. What is proposed for questions 1
    to 19 stands in columns of its own, and in no sum.
    """
    numbers = sorted({answer.number for marks in all_marks for answer in marks.answers})
    proposals = _proposals(all_marks)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    head = ["file", *(f"Q{n}" for n in numbers), "points", "bonus", "total", "causes", "message", "status"]
    writer.writerow([*head, *proposals])
    for at, marks in enumerate(all_marks):
        given = {answer.number: answer.points for answer in marks.answers}
        points = [_cell(given.get(number)) for number in numbers]
        sums = [_cell(one) for one in (marks.points, marks.bonus, marks.total)]
        words = [_safe("; ".join(_causes(marks))), _safe(_said(marks)), marks.status]
        proposed = [column[at] for column in proposals.values()]
        writer.writerow([_safe(marks.file), *points, *sums, *words, *proposed])
    return text.getvalue()


def gradescope(marks: Marks) -> dict[str, Any]:
    """Return the marks as Gradescope's autograder reads them from ``results.json``.

    Each question is a test; the bonus questions add to the score without adding to what can be had. A file
    that could not be read has no score, so that it is not taken for one that is worth 0.
    """
    if not marks.is_read:
        return {"output": f"Not read: {marks.message}", "output_format": "text", "visibility": "visible"}
    tests = [
        {
            "number": str(answer.number),
            "name": f"Q{answer.number} {answer.question.title}",
            "score": answer.points,
            "max_score": 0 if answer.question.bonus else answer.question.points,
            "status": "passed" if answer.points == answer.question.points else "failed",
            "output": plain(answer),
            "output_format": "text",
            "extra_data": {"bonus": answer.question.bonus, "out_of": answer.question.points},
        }
        for answer in marks.answers
    ]
    said = [total(marks), marks.message, *marks.notes, open_to_malice(marks), *written_lines(marks)]
    words = "\n".join(said).strip()
    return {
        "score": marks.total,
        "output": words,
        "output_format": "text",
        "visibility": "visible",
        "tests": tests,
    }


def _proposals(all_marks: Sequence[Marks]) -> dict[str, list[str]]:
    """Return columns for questions 1 to 19: the points proposed, and those that are to be read."""
    if not any(marks.written and marks.written.answers for marks in all_marks):
        return {}
    columns: dict[str, list[str]] = {}
    for question in WRITTEN:
        if any(part is not Part.PROSE for part, _ in question.parts):
            answers = [_written_of(marks, question.number) for marks in all_marks]
            name = f"Q{question.number} proposed of {number(question.points)}"
            columns[name] = [_cell(answer.proposed if answer else None) for answer in answers]
    left = [marks.written.to_read if marks.written else None for marks in all_marks]
    columns["Q1-Q19 to read"] = [_cell(one) for one in left]
    return columns


def _written_of(marks: Marks, question: int) -> WrittenAnswer | None:
    return marks.written.of(question) if marks.written and marks.written.answers else None


def _causes(marks: Marks) -> list[str]:
    return [f"Q{a.number} {o.criterion}: {o.cause}" for a in marks.answers for o in a.lost if o.cause]


def _said(marks: Marks) -> str:
    failed = [answer for answer in marks.answers if answer.status == "failed" and not marks.message]
    troubles = [f"Q{answer.number}: {answer.message}" for answer in failed]
    return " ".join([marks.message, *marks.notes, *troubles]).strip()


def _cell(points: float | None) -> str:
    return NO_MARK if points is None else number(points)


def _safe(text: str) -> str:
    """Keep a spreadsheet from taking text for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
