import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pellucid.errors import ArgumentError, ShapeError
from pellucid.runs.predictions import (
    PredictionTable,
    checked_predictions,
    predictions_from_bytes,
    predictions_to_bytes,
)

HEAD = b"index,label,predicted,p0,p1\n"


@given(
    st.tuples(st.integers(1, 20), st.integers(1, 12)).flatmap(
        lambda shape: arrays(np.float32, shape, elements=st.floats(0, 1, width=32))
    ),
    st.randoms(use_true_random=False),
)
def test_predictions_come_back_to_the_last_bit(probabilities, random):
    labels = [random.randrange(probabilities.shape[1]) for _ in probabilities]
    written = PredictionTable.of(labels, probabilities)
    read = predictions_from_bytes(predictions_to_bytes(written))
    np.testing.assert_array_equal(read.labels, labels)
    np.testing.assert_array_equal(read.predicted, probabilities.argmax(axis=1))
    assert read.probabilities.tobytes() == probabilities.tobytes()


def test_the_table_is_one_that_any_program_reads():
    text = predictions_to_bytes(PredictionTable.of([1, 0], [[0.1, 0.9], [0.25, 0.75]])).decode()
    assert text == "index,label,predicted,p0,p1\n0,1,1,0.100000001,0.899999976\n1,0,1,0.25,0.75\n"


def test_the_index_says_which_image_of_the_dataset_it_was():
    written = PredictionTable.of([1, 0], [[0.1, 0.9], [0.25, 0.75]], index=[1700, 3])
    assert predictions_to_bytes(written).decode().splitlines()[1].startswith("1700,1,1,")
    assert predictions_from_bytes(predictions_to_bytes(written)).index.tolist() == [1700, 3]
    assert PredictionTable.of([1, 0], [[0.1, 0.9], [0.25, 0.75]]).index.tolist() == [0, 1]


@pytest.mark.parametrize("index", [[0], [4, 4], [-1, 0], [0.5, 1]])
def test_the_index_must_name_different_images(index):
    with pytest.raises(ArgumentError, match=r"a different image .* for each of the 2 labels.*Received: "):
        PredictionTable.of([1, 0], [[0.1, 0.9], [0.25, 0.75]], index=index)


@pytest.mark.parametrize(
    ("labels", "probabilities"), [([0], [0.5, 0.5]), ([0, 1], [[0.5, 0.5]]), ([[0]], [[1.0]]), ([], [])]
)
def test_shapes_must_fit(labels, probabilities):
    with pytest.raises(ShapeError, match=r"labels \(N,\) and probabilities \(N, U\).*Received: labels \("):
        PredictionTable.of(labels, np.array(probabilities))


@pytest.mark.parametrize("label", [-1, 2, 0.5])
def test_labels_must_be_classes(label):
    with pytest.raises(
        ArgumentError, match=r"integers from 0 to 1, one class for each column.*Received: dtype="
    ):
        PredictionTable.of([label], [[0.5, 0.5]])


def test_probabilities_must_be_finite():
    with pytest.raises(
        ArgumentError, match=r"Probabilities are finite numbers\. Received: 1 of 4 that are not"
    ):
        PredictionTable.of([0, 0], [[0.5, np.nan], [0, 1]])


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "does not begin with the columns"),
        (b"index,label,predicted\n", "does not begin with the columns"),
        (b"index,label,predicted,p0,p2\n0,0,0,1,0\n", "does not begin with the columns"),
        (HEAD, "ends in the middle of a row"),
        (HEAD + b"0,0,0,1,0\n1,0,0,0.5,0.", "ends in the middle of a row"),
        (HEAD + b"0,0,0,1,0\n1,0\n", "number of columns changed"),
        (HEAD + b"0,0,0,1\n", "a row doubled, or one that names no image"),
        (HEAD + b"3,0,0,1,0\n3,0,0,1,0\n", "a row doubled, or one that names no image"),
        (HEAD + b"-1,0,0,1,0\n", "a row doubled, or one that names no image"),
        (HEAD + b"0.5,0,0,1,0\n", "a row doubled, or one that names no image"),
        (HEAD + b"0,0,0,one,0\n", "could not convert"),
        (HEAD + b"0,0,0,nan,0\n", "a value that is not a number"),
        (HEAD + b"0,0.5,0,1,0\n", "a value that is not a number"),
        (HEAD + b"0,0,2,1,0\n", "a class outside 0 to 1"),
        (HEAD + b"0,-1,0,1,0\n", "a class outside 0 to 1"),
    ],
)
def test_reading_says_what_is_wrong(data, fault):
    with pytest.raises(ValueError, match=fault):
        predictions_from_bytes(data)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("0,1,0,0.95,0.25", "has a row whose probabilities do not sum to 1: row 2"),
        ("0,1,0,1.25,-0.25", "has a row whose probabilities do not sum to 1: row 2"),
        ("0,1,1,0.75,0.25", "has a row whose predicted class is not the most probable one: row 2"),
    ],
)
def test_a_changed_digit_is_found_without_a_checksum(row, fault):
    table = f"index,label,predicted,p0,p1\n1,1,1,0.25,0.75\n{row}\n"
    with pytest.raises(ValueError, match=fault):
        checked_predictions(table.encode())
