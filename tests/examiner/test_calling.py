import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.examiner.calling import bindings, show

ROLES = {"image": ("image", "img"), "kernels": ("kernels", "filters")}
EXTRAS = {"strid": [1], "pad": ["valid", 0]}


def first(function, **more):
    return [(name, role, value) for name, role, value in next(bindings(ROLES, EXTRAS, function, **more))]


def test_names_decide_before_places():
    assert first(lambda filters, img: None) == [("filters", "kernels", None), ("img", "image", None)]


def test_places_decide_where_names_do_not():
    assert first(lambda a, b: None) == [("a", "image", None), ("b", "kernels", None)]


def test_one_known_name_leaves_the_other_place():
    assert first(lambda p, img: None) == [("p", "kernels", None), ("img", "image", None)]


def test_every_order_is_tried_in_the_end():
    orders = {tuple(role for _, role, _ in one) for one in bindings(ROLES, EXTRAS, lambda a, b: None)}
    assert orders == {("image", "kernels"), ("kernels", "image")}


def test_the_header_decides_before_all():
    assert [role for _, role, _ in first(lambda image, kernels: None, order=("kernels", "image"))] == [
        "kernels",
        "image",
    ]


def test_required_extras_get_each_value_in_turn():
    def conv(image, kernels, stride, padding):
        pass

    tried = [tuple(value for _, role, value in one if role is None) for one in bindings(ROLES, EXTRAS, conv)]
    assert tried[:2] == [(1, "valid"), (1, 0)]


def test_defaults_are_left_alone():
    assert [name for name, _, _ in first(lambda image, kernels, stride=2, debug=False: None)] == [
        "image",
        "kernels",
    ]


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda image: None, r"it takes 1 argument \(image\), where 2 are needed: image, kernels"),
        (lambda: None, r"it takes 0 arguments \(none\), where 2 are needed"),
        (lambda image, kernels, mood: None, "it wants mood too, which the examiner does not know"),
    ],
)
def test_a_function_that_cannot_be_called(function, words):
    with pytest.raises(ArgumentError, match=words):
        list(bindings(ROLES, EXTRAS, function))


def test_values_in_short():
    assert show(np.array([[1.0, -0.0], [0.25, 1e-9]])) == "[[1, 0], [0.25, 1e-09]]"
    assert show(np.zeros((8, 8))) == "array of shape (8, 8)"
    assert show([np.ones(2), np.zeros(1)]) == "[[1, 1], [0]]"
    assert show(3) == "3"
    assert show(np.array([True])) == "[True]"
