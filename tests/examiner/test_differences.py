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
        (EXPECTED * [[1, 1], [1, 9]], "1 of 4 elements are wrong, the first at [1, 1].", "values"),
        (np.array("no"), "What it returns is not an array of numbers.", "not numbers"),
    ],
)
def test_an_answer_that_fits_no_known_mistake(got, words, cause):
    message, found = describe(CallResult(got), EXPECTED)
    assert words in message
    assert found == cause


def test_a_result_of_another_shape_may_be_the_right_one_transposed():
    message, cause = describe(CallResult(np.arange(6.0).reshape(3, 2).T), np.arange(6.0).reshape(3, 2))
    assert (message, cause) == ("The result is transposed: its shape is (2, 3), not (3, 2).", "transposed")


def test_an_exception():
    assert describe(CallResult(None, "it stops with OverflowError: math range error"), EXPECTED) == (
        "It stops with OverflowError: math range error.",
        "overflows",
    )
