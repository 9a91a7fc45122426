import numpy as np
import pytest

from pellucid.core.arrays import as_numbers
from pellucid.errors import ArgumentError, DataError, ShapeError


@pytest.mark.parametrize(
    "values", [[1, 2], [1.5], [True], np.zeros(3, np.float16), np.zeros((0, 2), np.uint8)]
)
def test_numbers_keep_their_type(values):
    assert as_numbers("x", values).dtype == np.asarray(values).dtype


def test_an_array_is_not_copied():
    array = np.zeros(3)
    assert as_numbers("x", array) is array


@pytest.mark.parametrize("error", [ArgumentError, DataError])
@pytest.mark.parametrize("values", [["cat"], [1j], [None], np.array(["2026-01-01"], "datetime64[D]")])
def test_what_is_not_a_real_number_is_refused(values, error):
    with pytest.raises(error) as caught:
        as_numbers("x", values, error)
    dtype = np.asarray(values).dtype
    assert str(caught.value) == f"x must be an array of real numbers. Received: x.dtype={dtype}"


def test_rows_of_unequal_length_are_refused():
    with pytest.raises(ShapeError) as caught:
        as_numbers("x", [[1, 2], [3]])
    assert str(caught.value) == "x must be one array. Received: x with rows of unequal length"
