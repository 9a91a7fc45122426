"""What happens in the process that judges: one job, one question, without any of the student's code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from pellucid.errors import PellucidError
from pellucid.examiner.confirming import confirm
from pellucid.examiner.exams import (
    backward,
    convolution,
    fully_connected,
    learning,
    nodes,
    normalization,
    pooling,
    rectification,
    softmax,
    whole,
)
from pellucid.examiner.grading import Grader
from pellucid.examiner.marks import QuestionResult, nothing
from pellucid.examiner.questions import QUESTIONS, ExamQuestion, find_question
from pellucid.examiner.student import RemoteFunction, Student, StudentGone
from pellucid.examiner.submission import (
    Submission,
    candidates,
    from_source,
    helpers,
    is_blank,
    locate,
    unclaimed,
)

Names = Mapping[str, RemoteFunction]

MOST_CANDIDATES = 3
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


def judge(
    job: dict[str, Any], student: Student, start: Callable[[str], Student], modules: Mapping[str, str]
) -> dict[str, Any]:
    """Return what comes of a job: an answer to its question, or what is found in the file.

    ``start`` runs another source in a process of its own; ``modules`` are the sources beside the file.
    """
    submission = from_source(job["name"], job["source"])
    names, notes = student.load()
    number = job["question"]
    if number is None:
        return {"notes": notes, "found": [q.number for q in QUESTIONS if locate(submission, names, q)]}
    result = examine_question(submission, names, number, job["seed"])
    student.finish()

    def examine_alone(part: Submission) -> QuestionResult:
        with start(part.source) as another:
            own, _ = another.load()
            if result.function not in own:
                return nothing(number, "failed", f"There is no {result.function}.")
            return examine_function(part, own, find_question(number), own[result.function], job["seed"])

    needed = [result.function]
    if number == 26 and (convolve := locate(submission, names, find_question(20))) is not None:
        needed.append(convolve.__name__)
    return {"answer": asdict(confirm(result, submission, modules, needed, examine_alone))}


def examine_question(submission: Submission, names: Names, number: int, seed: int) -> QuestionResult:
    """Examine one question of a file that is loaded."""
    question = find_question(number)
    found = candidates(submission, names, question)
    if not found:
        return _missing(submission, names, question)
    best = examine_function(submission, names, question, found[0], seed)
    tried = found[1:MOST_CANDIDATES] if number < 27 and best.points < question.points else []
    for function in tried:
        try:
            other = examine_function(submission, names, question, function, seed)
        except StudentGone:  # what was found so far stands
            break
        best = max(best, other, key=lambda result: result.points)
    if not tried:
        return best
    several = ", ".join(function.__name__ for function in found[:MOST_CANDIDATES])
    note = f"Several functions may be meant ({several}): the marks are those of {best.function}."
    return replace(best, notes=(*best.notes, note))


def _missing(submission: Submission, names: Names, question: ExamQuestion) -> QuestionResult:
    """Say that a function is not there, what is, and how to say which it is."""
    wanted = submission.header.get(question.function)
    name = wanted.name if wanted else question.function
    message = f"There is no function {name}({question.signature}) in the file."
    others = unclaimed(submission, names)
    if others:
        line = f'EXAMINER = {{"{question.function}": "{others[0]}({question.signature})"}}'
        message += f" Other functions in it: {', '.join(others[:12])}."
        message += f" If one of them is it, write {line} at the top."
    return nothing(question.number, "missing", message)


def examine_function(
    submission: Submission, names: Names, question: ExamQuestion, function: Any, seed: int
) -> QuestionResult:
    """Examine one function as the answer to a question."""
    number = question.number
    if is_blank(submission, function):
        return nothing(number, "empty", "Nothing is written in it yet.", function=function.__name__)
    if number in (27, 28):
        functions = {**helpers(names), question.function: function}
        for other in (27, 28):
            own = locate(submission, names, find_question(other))
            functions |= {find_question(other).function: own} if own else {}
        return (whole.examine_network if number == 27 else learning.examine_learning)(functions, seed)
    if number == 24 and question.function not in submission.header and nodes.draws_its_weights(function):
        return nodes.examine(function, submission.source, seed)
    exam = _backward_exam(submission, names, seed) if number == 26 else EXAMS[number]
    wanted = submission.header.get(question.function)
    return Grader(exam, function, submission.source, seed, wanted.order if wanted else None).grade()


def _backward_exam(submission: Submission, names: Names, seed: int) -> Any:
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
