"""Marks as a table in the terminal, and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.examiner.marks import CriterionResult, Marks, QuestionResult
from pellucid.examiner.questions import find_question
from pellucid.examiner.written.answers import NetworkReport, Point

if TYPE_CHECKING:
    from rich.console import RenderableType

LONG = 600  # characters of an array or a call that are shown


def number(points: float) -> str:
    """Write points: 2, 1.75.

    Examples
    --------
    >>> number(2.0), number(1.75)
    ('2', '1.75')
    """
    return f"{points:g}"


def brief(text: str) -> str:
    """Return text that is not too long to show."""
    return text if len(text) <= LONG else f"{text[:LONG]} …"


def table(marks: Marks) -> RenderableType:
    """Return the marks of a file for a terminal, in colour where it has colours."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    rows = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    rows.add_column("", justify="right")
    rows.add_column("question")
    rows.add_column("points", justify="right")
    rows.add_column("lost")
    undone = undone_bonus(marks)
    for answer in marks.answers:
        if answer in undone:
            continue
        style = _style(answer.points, answer.question.points)
        points = Text(f"{number(answer.points)} of {number(answer.question.points)}", style=style)
        rows.add_row(str(answer.number), Text(title(answer)), points, _criteria(answer))
    if undone:
        rows.add_row("", Text(undone_line(undone)), Text(f"0 of {undone_points(undone)}", style="dim"))
    parts: list[RenderableType] = [Text(marks.file, style="bold")]
    parts += [rows] if marks.answers and not marks.message else []
    parts.append(Text(total(marks), style="bold"))
    parts += [Text(f"Note: {note}", style="yellow") for note in marks.notes]
    for answer in marks.answers:
        parts += [] if marks.message else _advice(answer)
    if marks.message:
        parts.append(Text(f"\n{marks.message}", style="red"))
    if marks.left_open:
        parts.append(Text(f"\n{open_to_malice(marks)}", style="yellow"))
    parts += [Text(line) for line in written_lines(marks)]
    return Group(*parts)


def undone_bonus(marks: Marks) -> list[QuestionResult]:
    """Return the bonus questions that are not in a file, where they are several: one line tells it of all."""
    found = [answer for answer in marks.answers if answer.question.bonus and answer.status == "missing"]
    return found if len(found) > 1 else []


def undone_line(undone: list[QuestionResult]) -> str:
    """Return the line for bonus questions that are not there."""
    *first, last = [str(answer.number) for answer in undone]
    return f"bonus questions {', '.join(first)} and {last}: not there"


def undone_points(undone: list[QuestionResult]) -> str:
    """Return the points that bonus questions would give."""
    return number(sum(answer.question.points for answer in undone))


def open_to_malice(marks: Marks) -> str:
    """Return one line on what this machine cannot keep a student's code from; "" where that is nothing.

    Examples
    --------
    >>> open_to_malice(Marks("a.py", 0, left_open=("using the network", "starting processes")))
    'Not enforced on this machine: code in the file was not kept from using the network or starting
    processes.'
    """
    if not marks.left_open:
        return ""
    *first, last = marks.left_open
    words = f"{', '.join(first)} or {last}" if first else last
    return f"Not enforced on this machine: code in the file was not kept from {words}."


def written_lines(marks: Marks) -> list[str]:
    """Return what was read of questions 1 to 19 in a few lines: proposals, differences and remarks."""
    written = marks.written
    if written is None:
        return []
    lines = []
    if written.answers:
        sums = f"{number(written.proposed)} of {number(written.proposed_of)} points proposed"
        left = f"{number(written.to_read)} to be given by reading (--html shows the student's text)"
        lines += [f"\nQuestions 1 to 19, in no sum above: {sums}, {left}"]
    for answer in written.answers:
        if answer.proposed is not None:
            share = f"proposed {number(answer.proposed)} of {number(answer.proposed_of)}"
            lines.append(f"{answer.question.number:>2} {answer.question.title}: {share}")
            lines += [
                f"     {_placed(one)}" for part in answer.parts for one in part.found if one.agrees is False
            ]
    wrong = [(report, one) for report in written.others for one in report.found if one.agrees is False]
    lines += [f"   {report.name}: {_placed(one)}" for report, one in wrong]
    lines += [f"   {_placed(one)}" for one in written.remarks]
    return [*lines, *written.notes]


def report_lines(report: NetworkReport) -> list[str]:
    """Return everything that was found of a network or a history, what differs marked by !."""
    marks = {True: " ", None: " ", False: "!"}
    found = [f" {marks[point.agrees]} {_placed(point)}" for point in report.found]
    return [f"{report.name}: {report.title}", *(found or ["   There is nothing in it to compare."])]


def _placed(point: Point) -> str:
    return f"{point.place}: {point.text}" if point.place else point.text


def total(marks: Marks) -> str:
    """Return the sum of the points in words."""
    if not marks.is_read:
        return "not read, so no marks"
    data = marks.to_json()
    words = []
    if data["out_of"]:
        words.append(f"{number(data['points'])} of {number(data['out_of'])} points")
    if data["bonus_out_of"]:
        words.append(f"{number(data['bonus'])} of {number(data['bonus_out_of'])} bonus points")
    return ", ".join(words)


def plain(answer: QuestionResult) -> str:
    """Return what is to be said of an answer, as plain text."""
    lines = [answer.message] if answer.message else []
    for outcome in answer.outcomes:
        lines.append(f"{number(outcome.points)} of {number(outcome.out_of)}: {outcome.text}")
        lines += [f"    {line}" for line in explained(outcome)]
    return "\n".join([*lines, *answer.notes])


def explained(outcome: CriterionResult) -> list[str]:
    """Return the lines that explain a lost criterion: cause, call, what came out, what was expected."""
    if not outcome.message:
        return []
    lines = [outcome.message]
    lines += [f"call      {brief(outcome.example)}"] if outcome.example else []
    lines += [f"gives     {brief(outcome.got)}"] if outcome.got else []
    lines += [f"expected  {brief(outcome.expected)}"] if outcome.expected else []
    return lines


def title(answer: QuestionResult) -> str:
    """Return a question's title, and whether it is a bonus."""
    question = find_question(answer.number)
    return f"{question.title}{' (bonus)' if question.bonus else ''}"


def _criteria(answer: QuestionResult) -> RenderableType:
    from rich.text import Text

    if not answer.outcomes:
        return Text(
            {"missing": "not there", "empty": "nothing in it yet"}.get(answer.status, "failed"), style="dim"
        )
    lost = [outcome.criterion for outcome in answer.lost if outcome.out_of]
    return Text(", ".join(lost), style="red")


def _advice(answer: QuestionResult) -> list[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    parts: list[RenderableType] = []
    undone = answer.status == "missing" and (answer.question.bonus or "EXAMINER" not in answer.message)
    failed = answer.message if answer.status in ("failed", "missing") and not undone else ""
    if not (answer.lost or failed or answer.notes):
        return []
    parts.append(Text(f"\n{answer.number} {title(answer)}", style="bold"))
    if failed:
        parts.append(Padding(Text(failed, style="red"), (0, 0, 0, 3)))
    for outcome in answer.lost:
        lost = f" (-{number(outcome.out_of)})" if outcome.out_of else " (advice)"
        head = Text(f"{outcome.text}{lost}", style="red" if outcome.out_of else "yellow")
        first, *rest = explained(outcome)
        parts.append(Padding(head, (0, 0, 0, 3)))
        parts.append(Padding(Text(first), (0, 0, 0, 5)))
        parts += [
            Padding(Text(line, style="cyan" if line.startswith("call") else ""), (0, 0, 0, 5))
            for line in rest
        ]
    parts += [Padding(Text(note, style="dim"), (0, 0, 0, 3)) for note in answer.notes]
    return parts


def _style(points: float, out_of: float) -> str:
    return "green" if points == out_of else "red" if points == 0 else "yellow"
