"""What is no attempt at an answer gets no points, not even for being fast or pure."""

import numpy as np
import pytest
from adapters import graded

from pellucid.examiner.attempts import likeness, moved
from pellucid.examiner.calling import CallResult
from pellucid.examiner.cases import Case

STUBS = [
    (20, "convolve(image, kernels)", "image", "It gives back image as it is given"),
    (
        20,
        "convolve(image, kernels)",
        "np.zeros((image.shape[0] - 2, image.shape[1] - 2))",
        "Every element is 0",
    ),
    (20, "convolve(image, kernels)", "image[1:-1, 1:-1]", "does not depend on the values of kernels"),
    (21, "relu(maps)", "maps", "It gives back maps as it is given"),
    (21, "relu(maps)", "-maps", "or a fixed multiple of it"),
    (21, "relu(maps)", "maps + 1", "or a fixed multiple of it"),
    (21, "relu(maps)", "0 * maps", "Every element is 0"),
    (21, "relu(maps)", "np.full(maps.shape, 3.0)", "does not depend on the values of maps"),
    (21, "relu(maps)", "np.random.rand(*maps.shape)", "other numbers at each call"),
    (21, "relu(maps)", "maps.max()", "It gives a single number"),
    (22, "max_pool(maps, window)", "maps", "It gives back maps as it is given"),
    (23, "normalize_maps(maps)", "np.zeros_like(maps)", "Every element is 0"),
    (23, "normalize_maps(maps)", "maps / 255", "or a fixed multiple of it"),
    (24, "fully_connected(inputs, weights)", "np.ones(weights.shape[-1])", "does not depend"),
    (24, "fully_connected(inputs, weights)", "weights[0]", "does not depend on the values of inputs"),
    (25, "softmax(scores)", "scores", "It gives back scores as it is given"),
    (
        25,
        "softmax(scores)",
        "np.full(len(scores), 1 / len(scores))",
        "does not depend on the values of scores",
    ),
    (26, "convolve_backward(gradient, image, kernels)", "kernels", "Not judged"),
]


@pytest.mark.parametrize(("number", "head", "result", "words"), STUBS)
def test_a_stub_gets_no_points(number, head, result, words):
    answer = graded(f"def {head}:\n    return {result}", number)
    assert answer.points == 0
    assert words in " ".join(outcome.message for outcome in answer.lost)


@pytest.mark.parametrize(
    ("number", "head", "result", "points"),
    [
        (21, "relu(maps)", "np.clip(maps, 0, 1)", 1.25),
        (21, "relu(maps)", "np.maximum(maps, 0.5)", 1.25),
        (25, "softmax(scores)", "np.exp(scores) / np.exp(scores)", 0.75),
    ],
)
def test_an_attempt_with_wrong_values_keeps_the_other_points(number, head, result, points):
    assert graded(f"def {head}:\n    return {result}", number).points == points


def test_a_function_of_several_values_that_is_right_by_chance_on_zeros_is_a_stub():
    source = "def normalize_maps(maps):\n    return np.zeros(maps.shape)"  # right for a constant map
    assert graded(source, 23).points == 0


def test_moved_values_are_others_of_the_same_shape():
    case = Case("values", "map", {"maps": np.array([[1.0, 2, 3]]), "other": np.ones(2)}, {"maps": "HW"})
    other = moved(case, ["maps"])
    assert (other.arrays["maps"] != case.arrays["maps"]).all()
    assert other.arrays["other"] is case.arrays["other"]


def test_likeness_is_pooled_over_the_answers():
    expected = [np.array([1.0, 2, 3])]
    assert likeness([(CallResult(2 * expected[0]), expected)]) == pytest.approx(1)
    assert likeness([(CallResult(np.ones(3)), expected)]) == 0
    assert likeness([(CallResult(np.ones(4)), expected)]) == 0
