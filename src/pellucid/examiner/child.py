"""What happens in the process that runs a student's code: one job, one question."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from pellucid.errors import PellucidError
from pellucid.examiner.calling import describe_exception, is_students
from pellucid.examiner.exams import (
    backward,
    convolution,
    fully_connected,
    nodes,
    normalization,
    pooling,
    rectification,
    softmax,
    whole,
)
from pellucid.examiner.grading import Grader
from pellucid.examiner.guard import TimeUp, end_of_time, keep_inside, limit_resources
from pellucid.examiner.marks import QuestionResult, nothing
from pellucid.examiner.questions import QUESTIONS, find_question
from pellucid.examiner.submission import Submission, from_source, helpers, is_blank, load, locate

EXAMS = {
    exam.question.number: exam
    for exam in (
        convolution.EXAM,
        rectification.EXAM,
        pooling.EXAM,
        normalization.EXAM,
        fully_connected.EXAM,
        softmax.EXAM,
    )
}


def work(job: dict[str, Any], folder: Path, result: TextIO) -> None:
    """Do a job inside limits and write what came of it. With ``job["question"]`` None only load the file."""
    began = time.perf_counter()
    prepare(folder)
    try:
        limit_resources(job["seconds"], job["megabytes"])
        outcome = _outcome(job)
    except TimeUp as error:
        outcome = {"trouble": f"It had not come to an end after {job['seconds']:g} s{_where(error)}."}
    except MemoryError:
        outcome = {"trouble": f"It asked for more than {job['megabytes']} MB of memory."}
    except BaseException as error:  # also SystemExit: whatever a student's file does, there is an answer
        outcome = {"trouble": f"{describe_exception(error)}.", "stopped": True}
    end_of_time()
    json.dump({**outcome, "seconds": round(time.perf_counter() - began, 3)}, result, default=str)
    result.flush()


def prepare(folder: Path) -> None:
    """Make the process ready for a student's code: its own folder, no windows, no byte code left behind."""
    warnings.simplefilter("ignore")
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    os.environ.update(MPLBACKEND="Agg", MPLCONFIGDIR=str(folder), HOME=str(folder), TMPDIR=str(folder))
    keep_inside(folder)


def _outcome(job: dict[str, Any]) -> dict[str, Any]:
    submission = from_source(job["name"], job["source"])
    names, notes = load(submission, definitions_only=job["definitions_only"])
    if job["question"] is None:
        return {"notes": notes, "found": [q.number for q in QUESTIONS if locate(submission, names, q)]}
    return {"answer": asdict(examine_question(submission, names, job["question"], job["seed"]))}


def examine_question(submission: Submission, names: dict[str, Any], number: int, seed: int) -> QuestionResult:
    """Examine one question of a file that is loaded."""
    question = find_question(number)
    function = locate(submission, names, question)
    if function is None:
        wanted = submission.header.get(question.function)
        return nothing(
            number,
            "missing",
            f"There is no function {wanted.name if wanted else question.function}({question.signature}) in "
            "the file. If yours has another name, say so in EXAMINER at the top.",
        )
    if is_blank(submission, function):
        return nothing(number, "empty", "Nothing is written in it yet.", function=function.__name__)
    if number in (27, 28):
        functions = {**helpers(names), question.function: function}
        for other in (27, 28):
            found = locate(submission, names, find_question(other))
            functions |= {find_question(other).function: found} if found else {}
        return (whole.examine_network if number == 27 else whole.examine_learning)(functions, seed)
    if number == 24 and question.function not in submission.header and nodes.draws_its_weights(function):
        return nodes.examine(function, submission.source, seed)
    exam = _backward_exam(submission, names, seed) if number == 26 else EXAMS[number]
    wanted = submission.header.get(question.function)
    return Grader(exam, function, submission.source, seed, wanted.order if wanted else None).grade()


def _backward_exam(submission: Submission, names: dict[str, Any], seed: int) -> Any:
    """Return the exam of question 26 for the student's own way to convolve: padding, flip."""
    function = locate(submission, names, find_question(20))
    if function is None or is_blank(submission, function):
        return backward.make_exam()
    wanted = submission.header.get("convolve")
    grader = Grader(convolution.EXAM, function, submission.source, seed, wanted.order if wanted else None)
    try:
        return backward.make_exam_like(grader.recognised())
    except PellucidError:
        return backward.make_exam()


def _where(error: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if is_students(frame.filename)]
    if not frames:
        return ""
    return f"; it was in line {frames[-1].lineno}{f': {frames[-1].line.strip()}' if frames[-1].line else ''}"
