import pytest

from pellucid.examiner.borrowing import borrowed


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
    (note,) = borrowed(source)
    assert words in note


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
