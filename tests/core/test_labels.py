import numpy as np
import pytest

from pellucid.core.labels import (
    as_labels,
    as_outputs,
    checked_classes,
    like_outputs,
    mean_of_rest,
    one_hot,
    whole_labels,
)
from pellucid.errors import ArgumentError, DataError, ShapeError

OUTPUTS = np.zeros((3, 4), np.float32)


@pytest.mark.parametrize(
    ("given", "dtype"),
    [(np.float32, np.float32), (np.float64, np.float64), (np.float16, np.float32), (np.int64, np.float32)],
)
def test_outputs_become_floats(given, dtype):
    assert as_outputs(np.zeros((2, 2), given)).dtype == dtype


def test_outputs_without_units_are_refused():
    with pytest.raises(ShapeError) as error:
        as_outputs([1.0, 2.0])
    assert str(error.value) == (
        "outputs have the images on their first axis and the units of each on the next. "
        "Received: outputs.shape=(2,)"
    )


def test_what_is_no_array_of_numbers_is_refused():
    with pytest.raises(
        ArgumentError, match=r"^labels must be one array\. Received: labels with rows of unequal length$"
    ):
        as_labels([[1, 2], [3]])
    with pytest.raises(
        ArgumentError, match=r"^labels must be an array of real numbers\. Received: labels\.dtype=<U3$"
    ):
        as_labels(["cat", "dog"])
    with pytest.raises(
        ArgumentError, match=r"^outputs must be an array of real numbers\. Received: outputs\.dtype="
    ):
        as_outputs([["a"]])


@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_whole_labels_become_flat(shape):
    labels = np.array([0, 3, 1]).reshape(shape)
    np.testing.assert_array_equal(whole_labels(labels, OUTPUTS, "rule"), [0, 3, 1])


def test_whole_labels_that_are_not():
    with pytest.raises(ShapeError) as error:
        whole_labels(np.zeros((3, 4), int), OUTPUTS, "labels are whole numbers")
    assert str(error.value) == (
        "labels are whole numbers, one for each of the 3 images. Received: labels.shape=(3, 4)"
    )
    with pytest.raises(ArgumentError) as error:
        whole_labels(np.zeros(3), OUTPUTS, "labels are whole numbers")
    assert (
        str(error.value)
        == "labels are whole numbers: write labels.astype(int). Received: labels.dtype=float64"
    )
    for labels, place in (([0, 1, 4], 2), ([0, -1, 4], 1)):
        with pytest.raises(DataError) as data_error:
            whole_labels(np.array(labels), OUTPUTS, "labels are whole numbers")
        assert str(data_error.value) == (
            f"labels must be classes, from 0 to 3. Received: labels[{place}]={labels[place]}"
        )


def test_labels_take_the_dtype_and_the_column_of_the_outputs():
    assert like_outputs(np.zeros((3, 4)), OUTPUTS).dtype == np.float32
    assert like_outputs(np.array([1, 2, 3]), np.zeros((3, 1))).shape == (3, 1)


@pytest.mark.parametrize("shape", [(3,), (4,), (3, 1), (1, 4), (3, 4, 1)])
def test_labels_of_another_shape_are_refused_and_never_stretched(shape):
    with pytest.raises(ShapeError) as error:
        like_outputs(np.zeros(shape), OUTPUTS)
    assert str(error.value) == (
        "labels that outputs are subtracted from have the outputs' shape. "
        f"Received: labels.shape={shape}, outputs.shape=(3, 4)"
    )


def test_mean_of_rest():
    array = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(mean_of_rest(array), [5.5, 17.5])
    np.testing.assert_array_equal(mean_of_rest(array[:, 0, 0]), [0, 12])


@pytest.mark.parametrize(
    ("numbers", "element"),
    [([0, 5, 9], "y[1]=5"), ([[0, 1], [2, -1]], "y[1, 1]=-1"), (7, "y=7")],
)
def test_the_first_number_that_is_no_class_is_named(numbers, element):
    with pytest.raises(DataError) as error:
        checked_classes("y", np.array(numbers), 4)
    assert str(error.value) == f"y must be classes, from 0 to 3. Received: {element}"


def test_any_number_from_0_on_is_a_class_where_it_is_not_known_how_many_there_are():
    numbers = np.array([0, 300])
    assert checked_classes("y", numbers, None) is numbers
    with pytest.raises(DataError, match=r"^y must be 0 or more\. Received: y\[1\]=-2$"):
        checked_classes("y", np.array([0, -2]), None)


def test_numbers_that_are_classes_pass_unchanged():
    numbers = np.array([[0, 3]])
    assert checked_classes("y", numbers, 4) is numbers


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_hot_rows(dtype):
    rows = one_hot(np.array([2, 0]), 3, dtype)
    assert rows.dtype == dtype
    np.testing.assert_array_equal(rows, [[0, 0, 1], [1, 0, 0]])
