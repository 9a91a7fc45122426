import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from pellucid.errors import ArgumentError, DataError, ShapeError
from pellucid.evaluation.confusion import (
    Confusion,
    confusion_matrix,
    most_confident_mistakes,
    most_confused,
    normalize_rows,
)

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60)


@given(pairs)
def test_counts_and_rows_equal_scikit_learn(images):
    labels, predicted = np.array(images).T
    counts = confusion_matrix(labels, predicted, classes=5)
    assert np.array_equal(counts, oracle.confusion_matrix(labels, predicted, labels=range(5)))
    rows = oracle.confusion_matrix(labels, predicted, labels=range(5), normalize="true")
    assert normalize_rows(counts) == pytest.approx(rows)


def test_rows_are_the_true_class_and_a_row_is_divided_by_its_own_count():
    # 4 images of class 0, one of them taken for class 1; 1 image of class 1. Dividing column j by count j,
    # the mistake of the lab's reports, would give 0.75, 1.0 in the first row.
    counts = confusion_matrix([0, 0, 0, 0, 1], [0, 0, 0, 1, 1], classes=2)
    assert counts.tolist() == [[3, 1], [0, 1]]
    assert normalize_rows(counts).tolist() == [[0.75, 0.25], [0.0, 1.0]]


def test_a_class_never_present_gives_zeros_not_nan():
    rows = normalize_rows(confusion_matrix([0, 1], [2, 1], classes=3))
    assert rows.tolist() == [[0, 0, 1], [0, 1, 0], [0, 0, 0]]


def test_most_confused_pairs_in_order():
    counts = [[50, 2, 0], [4, 40, 2], [0, 0, 9]]
    assert most_confused(counts) == [Confusion(1, 0, 4), Confusion(0, 1, 2), Confusion(1, 2, 2)]
    assert most_confused(np.eye(3, dtype=int)) == []


def test_most_confident_mistakes():
    labels = [0, 1, 1, 0, 1]
    probabilities = [[0.3, 0.7], [0.9, 0.1], [0.2, 0.8], [0.05, 0.95], [0.9, 0.1]]
    assert most_confident_mistakes(labels, probabilities, 10).tolist() == [3, 1, 4, 0]
    assert most_confident_mistakes(labels, probabilities, 2).tolist() == [3, 1]
    assert most_confident_mistakes([1], [[0.1, 0.9]], 5).tolist() == []


def test_what_is_refused():
    with pytest.raises(ShapeError, match=r"Received: len\(labels\)=2, len\(predicted\)=1"):
        confusion_matrix([0, 1], [0], classes=2)
    with pytest.raises(DataError, match=r"predicted must be classes, from 0 to 1.*: predicted\[0\]=5"):
        confusion_matrix([0], [5], classes=2)
    with pytest.raises(ArgumentError, match=r"classes is a whole number of at least 2. Received: classes=1"):
        confusion_matrix([0], [0], classes=1)
    with pytest.raises(ShapeError, match=r"must be square, shape \(U, U\). Received: counts.shape=\(2, 3\)"):
        normalize_rows(np.ones((2, 3)))
    with pytest.raises(ArgumentError, match=r"count is a whole number of at least 0. Received: count=-1"):
        most_confident_mistakes([0], [[0.5, 0.5]], -1)
