"""How a function takes its arguments is found out, and a later form does not repair an earlier one."""

import pytest
from adapters import graded

from pellucid.examiner.judging import EXAMS


def test_an_element_of_a_returned_tuple_is_taken():
    answer = graded("def relu(maps):\n    return maps > 0, np.maximum(maps, 0)", 21)
    assert answer.points == 2
    assert answer.notes == ("It returns several things; number 2 of them is taken for the answer.",)


def test_a_tuple_of_maps_is_the_answer_itself():
    source = """
        def convolve(image, kernels):
            maps = []
            for k in np.moveaxis(kernels, -1, 0) if kernels.ndim > 2 else [kernels]:
                w = np.lib.stride_tricks.sliding_window_view(image, k.shape[:2], axis=(0, 1))
                c = k.reshape(*k.shape[:2], -1)
                maps.append(np.einsum("hwcrs,rsc->hw", w.reshape(*w.shape[:2], -1, *w.shape[-2:]), c))
            return tuple(maps)
    """
    assert graded(source, 20).points == 5


@pytest.mark.parametrize(
    ("number", "source"),
    [
        (
            25,
            "def softmax(scores):\n    e = np.exp(np.sort(scores) - max(scores))\n    return e / e.sum()",
        ),
        (21, "def relu(maps):\n    return np.maximum(maps, 0) if maps.ndim == 4 else np.minimum(maps, 0)"),
    ],
)
def test_being_right_on_a_form_with_more_axes_repairs_nothing(number, source):
    assert "values" in [outcome.criterion for outcome in graded(source, number).lost]


def test_what_is_known_of_the_cases_is_used_for_every_file():
    exam, answers = EXAMS[21], []
    for _ in range(2):
        graded("def relu(maps):\n    return np.where(maps > 0, maps, 0.2 * maps)", 21)
        answers.append(dict(exam.known[0][1]))
    assert exam.shared(0) is exam.known[0]
    assert answers[0].keys() == answers[1].keys()
    assert {key for key, _ in answers[0]} <= {id(approach) for approach in exam.approaches}
