"""Submissions that reach for the marks: none gains a point, harms another, or outlives its examination."""

import sys

import pytest

from pellucid.examiner import examine_all

WRONG = "\ndef relu(maps):\n    return maps + 1\n"
RIGHT = "\ndef relu(maps):\n    return np.maximum(maps, 0)\n"
FORGED = """
import json, os
def relu(maps):
    outcome = {"criterion": "values", "points": 100, "out_of": 2, "text": ""}
    answer = {"number": 21, "status": "examined", "function": "relu", "outcomes": [outcome]}
    answer |= {"message": "", "notes": []}
    for fd in range(3, 64):
        try:
            os.write(fd, (json.dumps({"answer": answer, "output": ""}) + "\\n").encode())
        except OSError:
            pass
    END
"""
TAMPERED = {
    "NumPy is patched": "np.all = np.array_equal = np.allclose = np.isclose = lambda *a, **k: True",
    "the comparison is patched": """
import pellucid.examiner.cases as cases
cases.same = lambda got, expected: True
""",
    "the judge is patched": """
import sys
for module in list(sys.modules.values()):
    for name in ("same", "is_possible", "unchanged"):
        if hasattr(module, name):
            setattr(module, name, lambda *_: True)
""",
    "memory is searched for whoever knows the answer": """
import gc
def relu(maps):
    for one in gc.get_objects():
        if type(one).__name__ == "Approach":
            return one.compute(type("Case", (), {"arrays": {"maps": maps}, "options": {}}))
    return maps + 1
""",
    "frames are searched for the cases": """
import sys
def relu(maps):
    frame = sys._getframe()
    while frame is not None:
        for one in list(frame.f_locals.values()):
            if hasattr(one, "conventions"):
                return one.conventions[0].compute(one.cases[0])
        frame = frame.f_back
    return maps + 1
""",
}


def examined(tmp_path, *sources, questions=(21,)):
    paths = [tmp_path / f"s{i}.py" for i in range(len(sources))]
    for path, source in zip(paths, sources, strict=True):
        path.write_text("import numpy as np\n" + source)
    return examine_all(paths, questions=questions, jobs=1, seconds=10)


@pytest.mark.parametrize("end", ["return maps + 1", "os._exit(0)"])
def test_a_forged_answer_gains_nothing_and_harms_no_other(end, tmp_path):
    forged, right = examined(tmp_path, FORGED.replace("END", end), RIGHT)
    assert forged.points == 0
    assert right.points == 2
    assert right.message == ""


@pytest.mark.parametrize("name", TAMPERED)
def test_what_is_changed_in_the_students_process_gains_nothing(name, tmp_path):
    (marks,) = examined(tmp_path, (WRONG if "def relu" not in TAMPERED[name] else "") + TAMPERED[name])
    answer = marks.of(21)
    assert [o.points for o in answer.outcomes if o.criterion in ("values", "shapes", "types")] in (
        [],
        [0, 0, 0],
    )


def test_nothing_that_knows_what_is_right_is_in_the_students_process(marks_of):
    known = ("functions", "examiner.grading", "examiner.exams", "examiner.cases", "examiner.judging")
    source = f"{RIGHT}import sys; print('there', [k for k in {known} if 'pellucid.' + k in sys.modules])"
    assert "there []" in marks_of(source, questions=[21]).notes[0]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_a_students_process_inherits_its_channel_and_nothing_else(marks_of):
    source = RIGHT + "import os; print('open', sorted(map(int, os.listdir('/proc/self/fd'))))"
    assert "open [0, 1, 2, 3, 4]" in marks_of(source, questions=[21]).notes[0]  # 4 is the listing itself


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("import ctypes; ctypes.CDLL(None).fork()", "no ctypes"),
        ("import ctypes; ctypes.pythonapi.getpid()", "no ctypes"),
        ("import os; os.kill(os.getppid(), 9)", "no other process be ended"),
        ("import os; os.mkfifo('/tmp/pellucid-fifo')", "no pipe or device"),
        ("import sqlite3; sqlite3.connect('/tmp/pellucid.db')", "no file be changed outside"),
        ("import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)", "no network"),
    ],
)
def test_ways_round_the_guard_are_refused(statement, words, marks_of):
    marks = marks_of(f"def relu(maps):\n    {statement}\n    return np.maximum(maps, 0)\n", questions=[21])
    assert marks.points == 0
    assert words in marks.of(21).lost[0].message
