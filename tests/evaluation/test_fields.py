import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.errors import ArgumentError, DataError, ShapeError
from pellucid.evaluation import sentence
from pellucid.evaluation.fields import (
    draw_fields,
    field_accuracy,
    field_confidence,
    field_wrong,
    needed_accuracy,
    power,
    split_by_writer,
)
from pellucid.evaluation.intervals import proportion
from pellucid.evaluation.predictions import predictions_of


@pytest.mark.parametrize(
    ("accuracy", "digits", "reported"),
    [(0.9246, 4, 0.7308), (0.9246, 10, 0.4566), (0.9896, 4, 0.9590), (0.9896, 10, 0.9007)],
)
def test_the_arithmetic_of_the_reports(accuracy, digits, reported):
    assert round(power(accuracy, digits), 4) == reported
    correct = np.arange(10_000) < round(10_000 * accuracy)
    assert round(field_accuracy(correct, digits).independent.value, 4) == reported


def test_needed_accuracy_is_the_inverse():
    assert power(needed_accuracy(0.01, 4), 4) == pytest.approx(0.99)


def test_the_interval_is_that_of_the_accuracy():
    correct = np.arange(1000) < 980
    estimate, one = field_accuracy(correct, 4).independent, proportion(980, 1000)
    assert (estimate.low, estimate.high) == (pytest.approx(one.low**4), pytest.approx(one.high**4))


def all_fields_of(correct, writers, digits):
    """Every field that one writer's images can make, counted one by one; writers weighted by their images."""
    shares, weights = [], []
    for writer in set(writers):
        images = [right for right, who in zip(correct, writers, strict=True) if who == writer]
        if len(images) >= digits:
            fields = list(itertools.combinations(images, digits))
            shares.append(sum(map(all, fields)) / len(fields))
            weights.append(len(images))
    return np.average(shares, weights=weights)


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 3)), min_size=8, max_size=24),
    st.integers(1, 3),
)
def test_measured_is_the_share_among_all_fields_by_one_writer(images, digits):
    correct, writers = (list(column) for column in zip(*images, strict=True))
    if max(writers.count(who) for who in writers) < digits:
        return
    measured = field_accuracy(np.array(correct), digits, writers).measured.value
    assert measured == pytest.approx(all_fields_of(correct, writers, digits))


def test_at_one_digit_the_measured_share_is_the_accuracy():
    generator = np.random.default_rng(0)
    correct, writers = generator.random(500) < 0.9, generator.integers(0, 30, 500)
    told = field_accuracy(correct, 1, writers)
    assert told.measured.value == pytest.approx(correct.mean())
    assert told.difference.value == pytest.approx(0, abs=1e-12)


def hands(spread, writers=300, each=20, seed=0):
    """Images whose writers differ in how readable they are; ``spread`` 0: errors are independent."""
    generator = np.random.default_rng(seed)
    readable = np.clip(0.95 + spread * generator.choice([-1, 1], writers), 0, 1)
    correct = generator.random((writers, each)) < readable[:, None]
    return correct.ravel(), np.repeat(np.arange(writers), each)


def test_errors_that_gather_in_a_few_hands_leave_more_fields_right():
    told = field_accuracy(*[hands(0.05)[0], 4, hands(0.05)[1]])
    expected = (0.9**4 + 1.0) / 2
    assert told.measured.low <= expected <= told.measured.high
    assert told.difference.low > 0
    assert sentence(told).endswith("errors depend on who wrote.")


def test_errors_that_do_not_gather_make_no_difference():
    told = field_accuracy(hands(0.0)[0], 4, hands(0.0)[1])
    assert told.difference.low <= 0 <= told.difference.high
    assert sentence(told).endswith("which may be noise.")


def test_intervals_cover():
    truth, hits = (0.9**4 + 1.0) / 2, 0
    for seed in range(80):
        correct, writers = hands(0.05, writers=100, seed=seed)
        estimate = field_accuracy(correct, 4, writers).measured
        hits += estimate.low <= truth <= estimate.high
    assert hits >= 68


def test_sentence_without_writers():
    said = sentence(field_accuracy(np.arange(100) < 90, 4))
    assert said.startswith("If errors were independent, a field of 4 is right in 66 %")
    assert said.endswith("cannot be told without knowing who wrote what.")


def test_a_field_by_one_writer_can_be_rarer_than_by_arithmetic():
    # Each of 50 writers misreads exactly one of four images: no field of four is right.
    told = field_accuracy(np.tile([True, True, True, False], 50), 4, np.repeat(np.arange(50), 4))
    assert told.measured.value == 0
    assert ": different by -31.6 points" in sentence(told)


@pytest.mark.parametrize("writers", [None, np.repeat(np.arange(20), 5)])
def test_drawn_fields_use_an_image_once(writers):
    fields = draw_fields(100, 4, writers)
    assert len(np.unique(fields)) == fields.size
    assert fields.min() >= 0
    assert fields.max() < 100
    assert np.array_equal(fields, draw_fields(100, 4, writers))
    assert not np.array_equal(fields, draw_fields(100, 4, writers, seed=1))


def test_fields_by_one_writer():
    writers = np.array([3, 9, 3, 9, 3, 9, 3, 9, 3, 5, 5, 3, 3])  # seven of 3, four of 9, two of 5
    one_each, all_of_them = draw_fields(13, 3, writers), draw_fields(13, 3, writers, one_each=False)
    for fields in (one_each, all_of_them):
        assert all(len(set(writers[row])) == 1 for row in fields)
        assert len(np.unique(fields)) == fields.size
    assert sorted(writers[one_each[:, 0]]) == [3, 9]
    assert sorted(writers[all_of_them[:, 0]]) == [3, 3, 9]


def test_independent_fields_use_all_images_but_a_remainder():
    assert draw_fields(103, 4).shape == (25, 4)


def test_confidence_and_wrongness():
    run = predictions_of("a", [0, 0, 1, 1], [[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.5, 0.5]])
    fields = np.array([[0, 2], [1, 3]])
    assert field_confidence(run.probabilities, fields) == pytest.approx([0.72, 0.3])
    assert field_wrong(run, fields).tolist() == [False, True]


def test_parts_share_no_writer():
    writers = np.random.default_rng(1).integers(0, 40, 600)
    first, second = split_by_writer(writers, 0.25)
    assert sorted([*first, *second]) == list(range(600))
    assert set(writers[first]).isdisjoint(writers[second])
    assert len(set(writers[first])) == 10


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: power(0.9, 0), ArgumentError, "digits is a whole number of at least 1. Received: digits=0"),
        (lambda: needed_accuracy(1.0, 4), ArgumentError, "strictly between 0 and 1. Received: target=1.0"),
        (lambda: draw_fields(3, 4), DataError, "3 images do not make a field of 4; at least 4 are needed"),
        (
            lambda: draw_fields(4, 3, [1, 1, 2, 2]),
            DataError,
            "No writer has 3 images, so no field of 3 can be made by one writer; the most that one has is 2",
        ),
        (
            lambda: field_accuracy(np.ones(4, bool), 3, [1, 1, 2, 2]),
            DataError,
            "No writer has 3 images, so no field of 3 can be made by one writer; the most that one has is 2",
        ),
        (
            lambda: draw_fields(4, 2, [1, 1]),
            ShapeError,
            r"one writer an image, shape \(4,\). Received: writers.shape=\(2,\)",
        ),
        (
            lambda: split_by_writer([1, 1]),
            DataError,
            r"Two writers are needed to make two parts. Received: writers=\[1\]",
        ),
        (
            lambda: split_by_writer([1, 2], 1.5),
            ArgumentError,
            "strictly between 0 and 1. Received: share=1.5",
        ),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
