import numpy as np

from pellucid.examiner.cases import Case
from pellucid.examiner.shrinking import generality, shrink

DRAW = np.random.default_rng(0)
CASE = Case(
    "values",
    "3d1",
    {"image": DRAW.normal(size=(7, 8, 3)), "kernels": DRAW.normal(size=(3, 3, 3, 2))},
    {"image": "HWC", "kernels": "RSCK"},
    {"window": 4},
)


def test_arrays_that_share_an_axis_shrink_together():
    small = shrink(CASE, lambda case: case.extent("C") >= 2)
    assert small.arrays["image"].shape == (2, 3, 2)
    assert small.arrays["kernels"].shape == (2, 2, 2, 2)


def test_what_remains_still_fails_and_is_plain_and_general():
    small = shrink(CASE, lambda case: bool((case.arrays["image"] < -0.5).any()))
    image, kernels = small.arrays["image"], small.arrays["kernels"]
    assert image.shape == (2, 3, 2)  # not square
    assert image.min() < -0.5
    assert np.array_equal(image, np.round(image))
    assert len(np.unique(image)) == image.size  # values stay different
    assert len(np.unique(np.abs(kernels))) == kernels.size


def test_equal_values_zeros_and_a_square_stay_what_they_are():
    maps = np.array([[2.5, 2.5], [0.0, -1.25]])
    small = shrink(Case("values", "", {"maps": maps}, {"maps": "HW"}), lambda _: True)
    assert small.arrays["maps"].tolist() == [[1, 1], [0, -2]]


def test_the_most_general_case_is_preferred():
    square = Case("values", "", {"maps": DRAW.normal(size=(3, 3))}, {"maps": "HW"})
    oblong = Case("values", "", {"maps": DRAW.normal(size=(2, 3))}, {"maps": "HW"})
    assert max([square, oblong], key=generality) is oblong


def test_numbers_shrink_too():
    assert shrink(CASE, lambda case: case.options["window"] >= 3).options == {"window": 3}


def test_the_same_case_shrinks_to_the_same():
    one, two = (shrink(CASE, lambda case: case.arrays["image"].sum() > 2) for _ in range(2))
    assert one.arrays["image"].tobytes() == two.arrays["image"].tobytes()


def test_a_case_that_cannot_shrink_is_returned_as_it_is():
    assert shrink(CASE, lambda _: False) is CASE
