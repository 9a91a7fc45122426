import numpy as np
import pytest

from pellucid.errors import ArgumentError, DataError, ShapeError
from pellucid.evaluation.checked_arrays import (
    checked_count,
    checked_labels,
    checked_pair,
    checked_probabilities,
    checked_share,
    class_name,
)


def test_whole_floats_are_labels():
    assert checked_labels(np.array([1.0, 0.0], np.float32)).tolist() == [1, 0]


def test_one_hot_labels_are_refused_with_the_remedy():
    with pytest.raises(ShapeError, match=r"shape \(N,\).*argmax\(axis=1\)\. Received: labels.shape=\(2, 3\)"):
        checked_labels(np.eye(3)[:2])


def test_no_labels():
    with pytest.raises(DataError, match=r"nothing to judge: labels is empty; at least one image is needed"):
        checked_labels([])


@pytest.mark.parametrize("labels", [[0.5, 1.0], ["a", "b"], [np.nan, 1.0]])
def test_labels_that_are_no_class_numbers(labels):
    with pytest.raises(DataError, match=r"labels must be whole class numbers. Received: labels.dtype="):
        checked_labels(labels)


@pytest.mark.parametrize(("labels", "place"), [([0, 3], r"\[1\]=3"), ([-1, 0], r"\[0\]=-1")])
def test_label_outside_the_classes(labels, place):
    with pytest.raises(DataError, match=rf"labels must be classes, from 0 to 2. Received: labels{place}"):
        checked_labels(labels, classes=3)


def test_negative_label_where_classes_are_not_known():
    with pytest.raises(DataError, match=r"labels must be 0 or more. Received: labels\[1\]=-2"):
        checked_labels([0, -2])


@pytest.mark.parametrize("shape", [(4,), (4, 1), (2, 3, 4)])
def test_probabilities_of_wrong_shape(shape):
    with pytest.raises(ShapeError, match=r"shape \(N, U\). Received: probabilities.shape="):
        checked_probabilities(np.ones(shape))


def test_no_probabilities():
    with pytest.raises(DataError, match="probabilities is empty"):
        checked_probabilities(np.ones((0, 3)))


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.5])
def test_strange_probability(value):
    with pytest.raises(DataError, match=r"numbers from 0 to 1. Received: probabilities\[1\]="):
        checked_probabilities([[0.5, 0.5], [value, 1.0]])


def test_rows_that_do_not_sum_to_one():
    with pytest.raises(
        DataError, match=r"sum to 1, and 1 of 2 do not;.*softmax\. Received: probabilities\[1\].sum\(\)=1.3"
    ):
        checked_probabilities([[0.5, 0.5], [0.9, 0.4]])


def test_float32_softmax_sums_close_enough():
    logits = np.random.default_rng(0).normal(size=(1000, 10)).astype(np.float32) * 10
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    assert checked_probabilities(exponentials / exponentials.sum(axis=1, keepdims=True)).shape == (1000, 10)


def test_labels_and_probabilities_of_different_lengths():
    with pytest.raises(ShapeError, match=r"same images. Received: len\(labels\)=1, len\(probabilities\)=2"):
        checked_pair([0], [[0.5, 0.5], [0.5, 0.5]])


@pytest.mark.parametrize("value", [0, 1, -0.1, 1.5])
def test_share_outside_the_open_unit_interval(value):
    with pytest.raises(ArgumentError, match=rf"must lie strictly between 0 and 1. Received: target={value}"):
        checked_share(value, "target")


@pytest.mark.parametrize("value", [0, -1, 2.0, True, "3"])
def test_count_that_is_none(value):
    with pytest.raises(ArgumentError, match=r"digits is a whole number of at least 1. Received: digits="):
        checked_count(value, "digits")


def test_inputs_are_not_changed():
    labels, probabilities = np.array([0, 1]), np.array([[0.5, 0.5], [0.1, 0.9]], np.float32)
    before = labels.copy(), probabilities.copy()
    checked_pair(labels, probabilities)
    assert np.array_equal(labels, before[0])
    assert np.array_equal(probabilities, before[1])


def test_class_name():
    assert class_name(1, ["cat", "dog"]) == "dog"
    assert class_name(1, None) == "1"
