import io
import signal

import pytest

from pellucid.examiner.student import Process, Student, StudentGone, how_it_ended
from pellucid.examiner.wire import encode, write_frame


def student_that_says(body, nonce=None):
    """Return a student whose process has one reply ready, with the nonce of the question or another."""
    reader = io.BytesIO()
    process = Process(reader, io.BytesIO(), io.BytesIO(), lambda: None, lambda wait: None)
    student = Student(process, {"seconds": 10})
    tree, blob = encode(body)
    write_frame(reader, {"nonce": nonce or student._nonce, "body": tree}, blob)
    reader.seek(0)
    return student


def test_a_reply_must_carry_the_nonce_of_its_question():
    body = {"functions": [], "notes": ["a note"]}
    with student_that_says(body) as student:
        assert student.load() == ({}, ["a note"])
    with (
        student_that_says(body, nonce="guessed") as student,
        pytest.raises(StudentGone, match="answered a question that was not asked"),
    ):
        student.load()


@pytest.mark.parametrize(
    "body",
    [3, {}, {"functions": 3, "notes": []}, {"functions": [{"name": "f"}], "notes": []},
     {"functions": [{"name": "f", "own": True, "parameters": [["1", 1, False]]}], "notes": []}],
)  # fmt: skip
def test_a_reply_that_is_none_ends_the_examination(body):
    with student_that_says(body) as student, pytest.raises(StudentGone, match="Its process answered"):
        student.load()


def test_trouble_is_told():
    with (
        student_that_says({"trouble": "It stopped."}) as student,
        pytest.raises(StudentGone, match=r"It stopped\."),
    ):
        student.load()


def test_how_a_process_ended():
    assert how_it_ended(None, 4) == "It had not come to an end after 4 s, and was ended."
    assert how_it_ended(int(signal.SIGSEGV), 4) == "Python itself crashed (SIGSEGV)."
    assert how_it_ended(3 << 8, 4) == "It ended the whole process (os._exit)."
