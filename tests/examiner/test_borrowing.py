import pytest

from pellucid.examiner import examine_all
from pellucid.examiner.borrowing import borrowed, unlocked


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import pellucid.functions as pf\ndef relu(x):\n    return pf.relu(x)", "uses pellucid.functions"),
        ("def relu(x):\n    from pellucid.functions import relu as r\n    return r(x)", "Line 3: relu uses"),
        (
            "import scipy\ndef conv(x, k):\n    return scipy.signal.convolve2d(x, k)",
            "Line 3: conv uses scipy.",
        ),
    ],
)
def test_a_librarys_ready_answer_is_told_with_the_line(source, words):
    (found,) = borrowed(source)
    assert words in str(found)


@pytest.mark.parametrize(
    "source",
    ["import numpy as np\ndef relu(x):\n    return np.maximum(x, 0)",
     "from tensorflow import keras\nmodel = keras.Sequential()\ndef relu(x):\n    return abs(x)"],
)  # fmt: skip
def test_work_of_ones_own_is_not(source):
    assert borrowed(source) == []


def test_the_marks_say_it(marks_of):
    marks = marks_of("import pellucid.functions as pf\ndef relu(x):\n    return pf.relu(x)", questions=[21])
    assert marks.points == 2
    assert marks.notes == ("Line 5: relu uses pellucid.functions. Is the work the student's own?",)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("import scipy\nf = scipy.special.expit\ndef relu(x):\n    return f(x)", {"f": 2, "relu": 2}),
        (
            "import scipy\ndef help_(x):\n    return scipy.x(x)\ndef relu(x):\n    return help_(x)",
            {"relu": 3},
        ),
        ("from scipy import signal\ndef relu(signal):\n    return abs(signal)", {}),
        ("import scipy\nx = scipy.misc.face()\ndef relu(x):\n    return abs(x)", {}),
        ("import scipy, sys\ndef relu(x):\n    return sys.modules['scipy'].x(x)", {"relu": 3}),
        (
            "import numpy as np, sys\ndef relu(x):\n    return sys.modules['scipy'].x(x)",
            {},
        ),  # it is not there
        ("import mine\ndef relu(x):\n    return mine.relu(x)", {"relu": 3}),
        ("import other\ndef relu(x):\n    return other.relu(x)", {}),
    ],
)
def test_borrowed_work_is_followed(source, lines):
    modules = {"mine": "from scipy.special import expit as relu", "other": "def relu(x): return abs(x)"}
    used = modules if "import mine" in source else {"other": modules["other"]}
    found = {one.function: one.line for one in borrowed(source, used)}
    assert {name: found.get(name) for name in lines} == lines
    assert set(found) - set(lines) <= {"help_"}


def test_only_a_file_that_says_so_can_read_such_libraries():
    assert unlocked(["import numpy as np"]) == frozenset()
    assert "pellucid" not in unlocked(["import scipy"])
    assert {"pellucid", "scipy"} <= unlocked(["x = 1", "from pellucid import functions"])
    assert "scipy" in unlocked(["from numba import njit"])
    assert unlocked(["def ("]) == frozenset()


HIDDEN = "import importlib\ndef relu(x):\n    return importlib.import_module('scipy.special').relu(x)"


@pytest.mark.parametrize("name", ["scipy.special", "pellucid.functions", "sklearn.base"])
def test_a_library_that_is_imported_by_stealth_is_not_there(name, marks_of):
    marks = marks_of(HIDDEN.replace("scipy.special", name), questions=[21])
    assert marks.points == 0
    message = marks.of(21).lost[0].message
    assert "No module named" in message or "Permission denied" in message


@pytest.mark.parametrize(("policy", "points"), [("flag", 2), ("zero", 0)])
def test_borrowed_work_is_marked_as_the_teacher_chooses(policy, points, tmp_path):
    path = tmp_path / "a.py"
    path.write_text(
        "import numpy as np\nimport pellucid.functions as pf\ndef relu(x):\n    return pf.relu(x)\n"
        "def softmax(s):\n    e = np.exp(s - s.max())\n    return e / e.sum()\n"
    )
    (marks,) = examine_all([path], questions=[21, 25], jobs=1, borrowed_work=policy)
    assert (marks.of(21).points, marks.of(25).points) == (points, 2)
    assert marks.notes == ("Line 4: relu uses pellucid.functions. Is the work the student's own?",)
    if policy == "zero":
        assert marks.of(21).message == "It had 2 points, and has none: line 4 uses pellucid.functions."
