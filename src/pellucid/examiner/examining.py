"""Examining files: each question of each file in a process of its own, several files at a time."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pellucid.errors import ArgumentError, FileFormatError
from pellucid.examiner.beside import files_beside, modules
from pellucid.examiner.borrowing import Borrowing, borrowed
from pellucid.examiner.files.notebooks import NotebookCode
from pellucid.examiner.files.text import printable
from pellucid.examiner.host_process import Host
from pellucid.examiner.marks import (
    CriterionResult,
    Marks,
    QuestionResult,
    is_possible,
    not_read,
    nothing,
    without_points,
)
from pellucid.examiner.questions import QUESTIONS, find_question
from pellucid.examiner.submission import HandedIn, Submission, from_source, read_file
from pellucid.examiner.written.answers import Written
from pellucid.examiner.written.reading import read_written

SECONDS = 20.0
LEARNING_SECONDS = 90.0
MEGABYTES = 2048
PASSED_OVER = re.compile(r"Line (\d+) was passed over: ")
SHOWN_LINES = 2  # of lines passed over
PRINTS = "It printed: "
BorrowedWork: TypeAlias = Literal["flag", "zero"]
PRINTED_LINES, PRINTED = 3, 200  # lines and characters that are shown of what a file prints


def examine(
    path: str | os.PathLike[str],
    *,
    seed: int = 0,
    questions: Iterable[int] | None = None,
    seconds: float = SECONDS,
    host: Host | None = None,
    others: Sequence[Path] = (),
    borrowed_work: BorrowedWork = "flag",
) -> Marks:
    """Examine the functions in a Python file or notebook.

    Parameters
    ----------
    path
        The file. Nothing of it runs in this process.
    seed
        Draws the random cases. The same file and seed get the same marks.
    questions
        Their numbers, 20 to 28; where not given all, and what can be read of questions 1 to 19.
    seconds
        The time for each question; for learning (28) four and a half times as much.
    host
        A process to use again; one is started where not given.
    others
        Other submissions, which this one's code must not see even if they lie beside it.
    borrowed_work
        What becomes of a function in which pellucid, SciPy or another such library does the work: with "flag"
        a note says so, with "zero" its question has no points either.

    Returns
    -------
    Marks
        Points and messages. A file that does not parse has none, and says why; one that cannot be read is not
        marked at all: its points are None.

    Raises
    ------
    UnknownNameError
        For a number that is not a question's.
    ArgumentError
        When seconds is not positive.
    """
    numbers = _checked(questions, seconds)
    path = Path(path)
    file = printable(path)
    try:
        handed_in = read_file(path)
    except FileFormatError as error:
        return not_read(file, seed, _sentence(error))
    written, failed = _written(handed_in, path) if questions is None else (None, ())
    try:
        code = handed_in.code()
        submission = from_source(handed_in.name, code.source)
    except FileFormatError as error:
        marks = without_points(file, seed, _sentence(error), numbers)
        return replace(marks, notes=(*handed_in.notes, *failed), written=written)
    with contextlib.nullcontext(host) if host is not None else Host() as used:
        marks = _in_cells(
            _examine(submission, path, seed, numbers, seconds, used, others, borrowed_work), code
        )
    notes = (*handed_in.notes, *code.notes, *failed, *marks.notes)
    return replace(marks, notes=notes, written=written)


def examine_all(
    paths: Sequence[str | os.PathLike[str]],
    *,
    seed: int = 0,
    questions: Iterable[int] | None = None,
    seconds: float = SECONDS,
    jobs: int | None = None,
    borrowed_work: BorrowedWork = "flag",
    on_file: Callable[[Marks], None] = lambda _: None,
) -> list[Marks]:
    """Examine many files, ``jobs`` at a time (default: one per core), each as :func:`examine` does.

    The marks come in the order of the files; ``on_file`` is told of each as soon as it is there, in this
    thread. A file that fails in any way does not affect the others. Interrupted, it ends at once.
    """
    numbers = _checked(questions, seconds)
    asked = None if questions is None else numbers
    others = [Path(path) for path in paths]
    mine, hosts, is_over = threading.local(), list[Host](), threading.Event()

    def one(path: str | os.PathLike[str]) -> Marks:
        if not hasattr(mine, "host"):
            mine.host = Host()
            hosts.append(mine.host)
        if is_over.is_set():
            mine.host.close()
        try:
            return examine(
                path,
                seed=seed,
                questions=asked,
                seconds=seconds,
                host=mine.host,
                others=others,
                borrowed_work=borrowed_work,
            )
        except Exception as error:  # a class must not wait for one file
            reason = f"The examiner itself failed: {type(error).__name__}: {error}"
            return not_read(printable(path), seed, reason)

    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        waiting: list[Future[Marks]] = [pool.submit(one, path) for path in paths]
        try:
            for done in as_completed(waiting):
                on_file(done.result())
            return [done.result() for done in waiting]
        finally:
            is_over.set()
            for future in waiting:
                future.cancel()
            for host in hosts:
                host.close()


def _checked(questions: Iterable[int] | None, seconds: float) -> tuple[int, ...]:
    """Return the numbers of the questions, if they and the time can be used."""
    if not seconds > 0:
        raise ArgumentError(f"seconds must be positive. Received: seconds={seconds}")
    if questions is None:
        return tuple(question.number for question in QUESTIONS)
    return tuple(find_question(number).number for number in questions)


def _examine(
    submission: Submission,
    path: Path,
    seed: int,
    numbers: tuple[int, ...],
    seconds: float,
    host: Host,
    others: Sequence[Path],
    borrowed_work: BorrowedWork,
) -> Marks:
    beside = files_beside(path, submission.source, others)
    job: dict[str, Any] = {
        "name": submission.name,
        "source": submission.source,
        "seed": seed,
        "seconds": seconds,
        "megabytes": MEGABYTES,
        "definitions_only": False,
        "question": None,
        "beside": {name: str(one) for name, one in beside.items()},
    }
    loaded = host.ask(job)
    notes = [f"Files beside it that it names were given to it: {', '.join(beside)}."] if beside else []
    notes += _printed(loaded)
    if "trouble" in loaded:
        notes.append(
            f"The file does not run to its end: {_lower(loaded['trouble'])} Its functions were examined "
            "without what stands outside of them."
        )
        job["definitions_only"] = True
        loaded = host.ask(job)
        known = " ".join(notes)
        notes += [
            note for note in loaded.get("notes", []) if note.partition(": ")[2].rstrip(".") not in known
        ]
    else:
        notes += loaded.get("notes", [])
    notes = _in_short(notes)
    if not loaded.get("found") and "trouble" not in loaded:
        names = ", ".join(question.function for question in QUESTIONS)
        marks = without_points(
            printable(path), seed, f"None of the functions was found in {path.name}: {names}.", numbers
        )
        return replace(marks, notes=tuple(notes), left_open=_left_open(loaded))
    answers = []
    for number in numbers:
        limit = seconds * LEARNING_SECONDS / SECONDS if number == 28 else seconds
        answers.append(_answer(number, host.ask({**job, "question": number, "seconds": limit})))
    answered = {answer.function for answer in answers}
    borrowings = [one for one in borrowed(submission.source, modules(beside)) if one.function in answered]
    notes += map(str, borrowings)
    if borrowed_work == "zero":
        answers = [_without_borrowed(answer, borrowings) for answer in answers]
    return Marks(printable(path), seed, tuple(answers), "", tuple(notes), left_open=_left_open(loaded))


def _written(handed_in: HandedIn, path: Path) -> tuple[Written | None, tuple[str, ...]]:
    """Return what can be read of questions 1 to 19, and a note where reading it fails."""
    try:
        return read_written(handed_in, path), ()
    except Exception as error:  # strange code must not keep the functions from being examined
        return None, (f"Questions 1 to 19 could not be read: {type(error).__name__}: {error}.",)


def _without_borrowed(answer: QuestionResult, borrowings: Sequence[Borrowing]) -> QuestionResult:
    """Return an answer with no points where a library does the work of its function."""
    found = next((one for one in borrowings if one.function == answer.function), None)
    if found is None or not answer.points:
        return answer
    message = f"It had {answer.points:g} points, and has none: line {found.line} uses {found.what}."
    outcomes = tuple(replace(outcome, points=0) for outcome in answer.outcomes)
    return replace(answer, outcomes=outcomes, message=message)


def _answer(number: int, told: dict[str, Any]) -> QuestionResult:
    notes = _printed(told)
    if "answer" not in told:
        return nothing(number, "failed", told.get("trouble", "no answer"), notes=tuple(notes))
    answer = told["answer"]
    outcomes = tuple(CriterionResult(**outcome) for outcome in answer["outcomes"])
    if not is_possible(number, outcomes):
        return nothing(number, "failed", "Its points are not ones that the question has.", notes=tuple(notes))
    return QuestionResult(
        number,
        answer["status"],
        answer["function"],
        outcomes,
        answer["message"],
        (*answer["notes"], *notes),
    )


def _in_short(notes: Sequence[str]) -> list[str]:
    """Return notes with one for all of the lines that were passed over after the first two."""
    lines = [int(found[1]) for note in notes if (found := PASSED_OVER.match(note))]
    if len(lines) <= SHOWN_LINES + 1:
        return list(notes)
    shown = [f"Line {line} " for line in lines[:SHOWN_LINES]]
    kept = [note for note in notes if not PASSED_OVER.match(note) or note.startswith(tuple(shown))]
    rest = lines[SHOWN_LINES:]
    more = f"{len(rest)} more were passed over for what is missing, the last in line {rest[-1]}."
    return [*kept, more]


def _printed(told: dict[str, Any]) -> list[str]:
    """Return a note with the beginning of what the file printed."""
    text = told.get("output", "").strip()
    beginning = "\n".join(text.splitlines()[:PRINTED_LINES])[:PRINTED]
    return [f"{PRINTS}{beginning}{' …' if len(text) > len(beginning) else ''}"] if text else []


def _left_open(told: dict[str, Any]) -> tuple[str, ...]:
    return tuple(told.get("left_open", ()))


def _in_cells(marks: Marks, code: NotebookCode) -> Marks:
    """Return the marks of a notebook with cells, and the lines in them, where a line of its code is named."""

    def placed(answer: QuestionResult) -> QuestionResult:
        outcomes = (replace(one, message=code.in_cells(one.message)) for one in answer.outcomes)
        return replace(answer, message=code.in_cells(answer.message), outcomes=tuple(outcomes))

    notes = (note if note.startswith(PRINTS) else code.in_cells(note) for note in marks.notes)
    return replace(marks, answers=tuple(map(placed, marks.answers)), notes=tuple(notes))


def _sentence(error: Exception) -> str:
    """Return an error's message as a sentence that can be printed."""
    text = printable(str(error))
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
