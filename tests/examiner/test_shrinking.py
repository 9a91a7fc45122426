import numpy as np

from pellucid.examiner.cases import Case
from pellucid.examiner.shrinking import shrink

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
    assert small.arrays["image"].shape == (1, 1, 2)
    assert small.arrays["kernels"].shape == (1, 1, 2, 1)


def test_what_remains_still_fails_and_is_plain():
    small = shrink(CASE, lambda case: bool((case.arrays["image"] < -0.5).any()))
    assert small.arrays["image"].shape == (1, 1, 1)
    assert small.arrays["image"].item() in (-1, -2)
    assert not small.arrays["kernels"].any()


def test_numbers_shrink_too():
    assert shrink(CASE, lambda case: case.options["window"] >= 3).options == {"window": 3}


def test_the_same_case_shrinks_to_the_same():
    one, two = (shrink(CASE, lambda case: case.arrays["image"].sum() > 2) for _ in range(2))
    assert one.arrays["image"].tobytes() == two.arrays["image"].tobytes()


def test_a_case_that_cannot_shrink_is_returned_as_it_is():
    assert shrink(CASE, lambda _: False) is CASE
