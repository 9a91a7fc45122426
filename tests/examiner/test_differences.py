import numpy as np
import pytest

from pellucid.examiner.calling import CallResult
from pellucid.examiner.differences import describe

EXPECTED = np.array([[1.0, 2.5], [3.0, 4.0]])


@pytest.mark.parametrize(
    ("got", "words", "cause"),
    [
        (3 * EXPECTED, "Every element is 3 × what it should be.", "factor"),
        (EXPECTED + 1, "Every element is too large by 1.", "shift"),
        (EXPECTED - 1, "Every element is too small by 1.", "shift"),
        (EXPECTED.T, "The result is transposed: rows and columns are swapped.", "transposed"),
        (
            np.trunc(EXPECTED),
            "The fractions are cut off: make the result array one of floats.",
            "whole numbers",
        ),
        (0 * EXPECTED, "Every element is 0: is the result computed and returned?", "zeros"),
        (EXPECTED * [[1, np.nan], [1, 1]], "The result holds NaN or infinity", "nan"),
        (EXPECTED[:1], "(1, 2) where (2, 2) is right: it has a row or column too few", "shape"),
        (np.ones((3, 2)), "(3, 2) where (2, 2) is right: it has a row or column too many", "shape"),
        (
            EXPECTED * [[1, 1], [1, 9]],
            "1 of 4 elements are wrong, the first at [1, 1]: 36 where 4 is right.",
            "values",
        ),
        (-EXPECTED, "Every element has the opposite sign.", "sign"),
        (np.ones((2, 2)), "Every element is the same number, 1: is something divided by itself?", "constant"),
        (EXPECTED.astype("float16") + 0.001, "right to 3 digits only: it is rounding", "rounding"),
        (EXPECTED + 0j, "It gives complex numbers: take the real part", "complex"),
        (EXPECTED**2, "Every element is the square of what it should be.", "square"),
        (np.clip(EXPECTED, 0, 1) + 0 * EXPECTED, "the same number, 1", "constant"),
        (EXPECTED.ravel(), "The numbers are right, but in the shape (4,)", "shape"),
        (np.float64(4), "It gives a single number where an array of shape (2, 2) is right.", "shape"),
        (EXPECTED[None, None], "reshape", "shape"),
        (EXPECTED[:, [1, 0]][[1, 0]], "they stand in another order", "order"),
        (EXPECTED[::-1], "The rows stand in the opposite order", "opposite order"),
        (np.array("no"), "What it returns is not an array of numbers.", "not numbers"),
    ],
)
def test_an_answer_that_fits_no_known_mistake(got, words, cause):
    message, found = describe(CallResult(got), EXPECTED)
    assert words in message
    assert found == cause


def test_a_single_value_is_not_counted():
    assert describe(CallResult(np.array([2.5])), np.array([1.0])) == ("The value is wrong.", "values")


def test_wrong_elements_at_the_border_are_told_as_such():
    expected = np.arange(20.0).reshape(4, 5) ** 2
    got = np.pad(expected[1:-1, 1:-1], 1)
    message, cause = describe(CallResult(got), expected)
    assert cause == "border"
    assert message.endswith("All of them stand at the border: look at where windows begin and end.")


def test_a_result_of_another_shape_may_be_the_right_one_transposed():
    message, cause = describe(CallResult(np.arange(6.0).reshape(3, 2).T), np.arange(6.0).reshape(3, 2))
    assert (message, cause) == ("The result is transposed: its shape is (2, 3), not (3, 2).", "transposed")


def test_an_exception():
    assert describe(CallResult(None, "it stops with OverflowError: math range error"), EXPECTED) == (
        "It stops with OverflowError: math range error.",
        "overflows",
    )
