"""Criteria that the student's process reports itself are given where it can be believed."""

import pytest

LOOP = "def relu(maps):\n    return np.array([max(v, 0) for v in maps.ravel()]).reshape(maps.shape)\n"
IN_PLACE = "def relu(maps):\n    maps[maps < 0] = 0\n    return maps\n"
FAST = "def relu(maps):\n    return np.maximum(maps, 0)\n"
FORGED_COUNTS = """
import pellucid.examiner.student_process as p
from collections import Counter
from pellucid.examiner.counting import Count
p.count_lines = lambda call: Count(Counter({1: 1}), call())
"""
FORGED_CHANGES = """
import pellucid.examiner.student_process as p
p.unchanged = lambda before, after: True
"""
UNSEEN = "import sys\nsys.modules[__name__].__dict__['CUT'] = np.maximum\n"


def lost(marks):
    return {one.criterion: one.message for one in marks.of(21).lost}


@pytest.mark.parametrize(
    ("forged", "function", "criterion"),
    [(FORGED_COUNTS, LOOP, "efficient"), (FORGED_CHANGES, IN_PLACE, "untouched")],
)
def test_what_is_forged_in_the_whole_file_is_found_out_in_the_part(forged, function, criterion, marks_of):
    marks = marks_of(forged + function, questions=[21])
    assert marks.points == 1.75
    assert list(lost(marks)) == [criterion]
    assert "Not given" not in lost(marks)[criterion]


def test_an_honest_function_in_a_file_that_is_doubted_keeps_its_points(marks_of):
    assert marks_of(f"import gc, pickle, sys\nsys.path.append('.')\n{FAST}", questions=[21]).points == 2


def test_where_the_part_is_doubted_too_the_criteria_are_not_given(marks_of):
    source = "def relu(maps):\n    import gc\n    return np.maximum(maps, 0)\n"
    marks = marks_of(source, questions=[21])
    assert marks.points == 1.5
    words = "Not given, as it cannot be found out: line 4 uses the module gc, with which code could change"
    assert lost(marks)["efficient"].startswith(words)
    assert set(lost(marks)) == {"efficient", "untouched"}


def test_what_is_set_out_of_sight_is_not_believed(marks_of):
    marks = marks_of(f"{UNSEEN}def relu(maps):\n    return CUT(maps, 0)\n", questions=[21])
    assert "CUT is set out of sight" in lost(marks)["efficient"]


def test_a_function_that_gives_up_on_large_inputs_has_not_shown_that_it_has_no_loops(marks_of):
    for statement in ("return maps", "raise ValueError('too large')"):
        source = LOOP.replace("    return", f"    if maps.size > 400:\n        {statement}\n    return")
        marks = marks_of(source, questions=[21])
        assert marks.points == 1.75, statement
        assert "On a larger input it" in lost(marks)["efficient"]


def test_question_26_is_confirmed_with_the_convolution_that_it_follows(marks_of):
    source = """
        import gc
        def convolve(image, kernels):
            R, S = kernels.shape[:2]
            windows = np.lib.stride_tricks.sliding_window_view(image, (R, S), axis=(0, 1))
            return np.tensordot(windows, kernels, 2) if image.ndim == 2 else None
        def convolve_backward(gradient, image, kernels):
            R, S = kernels.shape[:2]
            H, W = image.shape[0] - R + 1, image.shape[1] - S + 1
            windows = np.lib.stride_tricks.sliding_window_view(image, (H, W), axis=(0, 1))
            return np.tensordot(windows, gradient, 2)
    """
    assert marks_of(source, questions=[26]).points == 0  # it is a bonus
    assert marks_of(source, questions=[26]).bonus == 5
