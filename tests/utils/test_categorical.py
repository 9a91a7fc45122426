import numpy as np
import pytest

from pellucid.errors import ArgumentError, DataError
from pellucid.utils import to_categorical


@pytest.mark.parametrize("x", [[0, 2, 1], np.array([[0], [2], [1]]), [0.0, 2.0, 1.0], np.uint8([0, 2, 1])])
def test_class_numbers_become_one_hot_rows(x):
    rows = to_categorical(x)
    assert rows.dtype == np.float64
    np.testing.assert_array_equal(rows, np.eye(3)[[0, 2, 1]])


def test_axes_are_kept():
    np.testing.assert_array_equal(to_categorical([[0, 1], [1, 1]], 2), np.eye(2)[[[0, 1], [1, 1]]])


def test_no_labels_are_no_rows():
    assert to_categorical([], 3).shape == (0, 3)


@pytest.mark.parametrize(
    ("x", "classes", "message"),
    [
        ([0, 3], 3, "x must be classes, from 0 to 2. Received: x[1]=3"),
        ([0, -1], None, "x must be classes, from 0 to 0. Received: x[1]=-1"),
        ([0.5], None, "Class numbers are whole. Received: x=[0.5]…"),
        (["a"], None, "x must be an array of real numbers. Received: x.dtype=<U1"),
    ],
)
def test_what_is_not_a_class(x, classes, message):
    with pytest.raises(DataError) as error:
        to_categorical(x, classes)
    assert str(error.value) == message


def test_the_number_of_classes_is_whole():
    with pytest.raises(ArgumentError):
        to_categorical([0], 0)


def test_labels_that_are_one_hot_already_are_refused():
    with pytest.raises(DataError, match=r"^These labels are one-hot already: leave to_categorical out"):
        to_categorical(to_categorical([0, 2, 1]))
