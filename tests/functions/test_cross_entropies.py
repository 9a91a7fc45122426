import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import log_loss

from pellucid.errors import ArgumentError, DataError, ShapeError
from pellucid.functions import (
    cross_entropy,
    cross_entropy_backward,
    softmax,
    softmax_backward,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
)

SIZES = {"N": st.integers(1, 6), "U": st.integers(1, 7), "seed": st.integers(0, 2**32 - 1)}
FORMS = pytest.mark.parametrize("loss", [cross_entropy, softmax_cross_entropy])
BACKWARDS = pytest.mark.parametrize("backward", [cross_entropy_backward, softmax_cross_entropy_backward])


def draw(N, U, seed):
    """labels (N,), distributions (N, U), logits (N, U), gradient (N,)."""
    rng = np.random.default_rng(seed)
    return (
        rng.integers(0, U, N),
        softmax(rng.normal(size=(N, U))),
        rng.normal(size=(N, U)),
        rng.normal(size=N),
    )


def cross_entropy_by_loops(targets, probabilities):
    losses = []
    for target, row in zip(targets, probabilities, strict=True):
        shares = [min(max(p / math.fsum(row), 1e-7), 1 - 1e-7) for p in row]
        losses.append(-math.fsum(t * math.log(p) for t, p in zip(target, shares, strict=True)))
    return losses


def test_by_hand():
    probabilities = [[0.5, 0.25, 0.25], [0.125, 0.875, 0.0]]
    np.testing.assert_allclose(cross_entropy([1, 0], probabilities), [math.log(4), math.log(8)])
    np.testing.assert_allclose(softmax_cross_entropy([1], [[math.log(2), 0.0, 0.0]]), [math.log(4)])
    half = [[0.0, 0.5, 0.5]]
    np.testing.assert_allclose(cross_entropy(half, [[0.5, 0.25, 0.25]]), [math.log(4)])


@FORMS
def test_a_guess_among_ten_costs_ln_10(loss):
    assert loss([3], np.full((1, 10), 0.1))[0] == pytest.approx(math.log(10))


@given(**SIZES)
def test_from_probabilities_equals_loops(N, U, seed):
    labels, distributions, logits, _ = draw(N, U, seed)
    probabilities = np.exp(logits)  # not yet divided by their sum, as Keras allows
    np.testing.assert_allclose(
        cross_entropy(labels, probabilities),
        cross_entropy_by_loops(np.eye(U)[labels], probabilities),
        atol=1e-12,
    )
    np.testing.assert_allclose(
        cross_entropy(distributions, probabilities),
        cross_entropy_by_loops(distributions, probabilities),
        atol=1e-12,
    )


@given(**SIZES)
def test_from_logits_equals_from_probabilities(N, U, seed):
    labels, distributions, logits, _ = draw(N, U, seed)
    for truth in (labels, distributions):
        np.testing.assert_allclose(
            softmax_cross_entropy(truth, logits), cross_entropy(truth, softmax(logits)), atol=2e-6
        )


@given(**SIZES)
def test_integer_and_one_hot_labels_are_the_same(N, U, seed):
    labels, _, logits, gradient = draw(N, U, seed)
    one_hot = np.eye(U, dtype=int)[labels]
    p = softmax(logits)
    np.testing.assert_array_equal(
        softmax_cross_entropy(labels, logits), softmax_cross_entropy(one_hot, logits)
    )
    np.testing.assert_array_equal(cross_entropy(labels, p), cross_entropy(one_hot, p))
    np.testing.assert_array_equal(
        softmax_cross_entropy_backward(gradient, labels, logits),
        softmax_cross_entropy_backward(gradient, one_hot, logits),
    )
    np.testing.assert_array_equal(
        cross_entropy_backward(gradient, labels, p), cross_entropy_backward(gradient, one_hot, p)
    )


def test_equals_scikit_learn():
    labels, _, logits, _ = draw(50, 10, 0)
    p = softmax(logits)
    expected = log_loss(labels, p, labels=range(10))
    assert cross_entropy(labels, p).mean() == pytest.approx(expected, rel=1e-12)
    assert softmax_cross_entropy(labels, logits).mean() == pytest.approx(expected, rel=1e-12)


def test_equals_keras(keras):
    labels, distributions, logits, _ = (
        a if a.dtype == int else a.astype(np.float32) for a in draw(40, 10, 1)
    )
    scores = np.exp(logits)
    scores[:5] *= np.float32(1e-12)  # rows that do not sum to 1
    scores[np.arange(5, 15), labels[5:15]] = 0  # clipped
    for truth, name in (
        (labels, "sparse_categorical_crossentropy"),
        (distributions, "categorical_crossentropy"),
    ):
        theirs = getattr(keras.losses, name)
        np.testing.assert_allclose(
            cross_entropy(truth, scores), np.asarray(theirs(truth, scores)), rtol=2e-6, atol=1e-6
        )
        expected = np.asarray(theirs(truth, logits, from_logits=True))
        np.testing.assert_allclose(softmax_cross_entropy(truth, logits), expected, rtol=2e-6, atol=1e-6)


def test_a_sure_and_wrong_answer():
    assert cross_entropy([0], [[0.0, 1.0]])[0] == pytest.approx(-math.log(1e-7))  # clipped, as in Keras
    assert softmax_cross_entropy([0], [[0.0, 1000.0]])[0] == 1000.0


@given(
    hnp.arrays(np.float32, (3, 4), elements=st.floats(allow_nan=False, allow_infinity=False, width=32)),
    hnp.arrays(np.int64, 3, elements=st.integers(0, 3)),
)
def test_any_finite_scores(logits, labels):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for truth in (labels, np.eye(4)[labels]):
            losses = softmax_cross_entropy(truth, logits)
            exact = softmax_cross_entropy(truth, logits.astype(np.float64))
            representable = exact < np.finfo(np.float32).max
            np.testing.assert_allclose(losses[representable], exact[representable], rtol=1e-5, atol=1e-6)
            assert (losses[~representable] > 1e38).all()
            assert np.isfinite(softmax_cross_entropy_backward(np.ones(3), truth, logits)).all()


@FORMS
def test_each_row_has_its_own_maximum(loss):
    rows = softmax([[5.0, 1.0], [-1.0, 2.0]])
    if loss is softmax_cross_entropy:
        rows = np.array([[1000.0, 996.0], [-1003.0, -1000.0]])
    np.testing.assert_allclose(loss([0, 1], rows), [math.log1p(math.exp(-4)), math.log1p(math.exp(-3))])


def test_an_impossible_class():
    logits = [[0.0, -np.inf, 0.0]]
    assert softmax_cross_entropy([0], logits)[0] == pytest.approx(math.log(2))
    assert softmax_cross_entropy([[1, 0, 0]], logits)[0] == pytest.approx(math.log(2))
    assert softmax_cross_entropy([1], logits)[0] == np.inf
    assert softmax_cross_entropy_backward([1.0], [0], logits).tolist() == [[-0.5, 0.0, 0.5]]


@pytest.mark.parametrize("row", [[np.nan, 0.0], [np.inf, 0.0], [-np.inf, -np.inf]])
def test_a_row_without_a_softmax_has_the_loss_nan(row):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        losses = softmax_cross_entropy([0, 0], [row, [0.0, 0.0]])
    assert np.isnan(losses).tolist() == [True, False]


def test_nan_probabilities_have_the_loss_nan():
    assert np.isnan(cross_entropy([0, 0], [[np.nan, 0.5], [0.5, 0.5]])).tolist() == [True, False]


def test_one_sample_and_more_axes():
    logits = np.random.default_rng(0).normal(size=(2, 3, 4))
    labels = np.random.default_rng(1).integers(0, 4, (2, 3))
    flat = softmax_cross_entropy(labels.ravel(), logits.reshape(6, 4))
    np.testing.assert_array_equal(softmax_cross_entropy(labels, logits), flat.reshape(2, 3))
    assert softmax_cross_entropy(labels[0, 0], logits[0, 0]) == flat[0]
    d_logits = softmax_cross_entropy_backward(np.ones((2, 3)), labels, logits)
    np.testing.assert_array_equal(
        d_logits[1, 2], softmax_cross_entropy_backward(1, labels[1, 2], logits[1, 2])
    )


def test_backward_by_hand():
    # logits (0, 0): p = (1/2, 1/2), t = (0, 1); weights 2 and 1/2
    d_logits = softmax_cross_entropy_backward([2.0, 0.5], [1, 0], [[0.0, 0.0], [7.0, 7.0]])
    np.testing.assert_allclose(d_logits, [[1.0, -1.0], [-0.25, 0.25]])
    # p = (1/4, 3/4) as (1, 3) with S = 4: -t/p + 1/S = (1/4, -1/3 + 1/4)
    np.testing.assert_allclose(cross_entropy_backward([1.0], [1], [[1.0, 3.0]]), [[1 / 4, -1 / 12]])


@given(**SIZES)
def test_the_joined_backward_is_the_two_in_turn(N, U, seed):
    labels, distributions, logits, gradient = draw(N, U, seed)
    p = softmax(logits)
    for truth in (labels, distributions):
        in_turn = softmax_backward(cross_entropy_backward(gradient, truth, p), p)
        joined = softmax_cross_entropy_backward(gradient, truth, logits)
        if U > 1:  # a single class has p = 1, which is clipped: both gradients are 0 then
            np.testing.assert_allclose(in_turn, joined, atol=1e-9)
        else:
            np.testing.assert_allclose(joined, 0, atol=1e-15)


def test_backward_equals_jax(keras, jax_gradient):
    labels, distributions, logits, gradient = (
        a if a.dtype == int else a.astype(np.float32) for a in draw(30, 6, 2)
    )
    scores = np.exp(logits)
    scores[np.arange(5), labels[:5]] = 0  # clipped: no gradient
    for truth in (np.eye(6, dtype=np.float32)[labels], distributions * 2):
        of_scores = jax_gradient(
            lambda x, t=truth: keras.losses.categorical_crossentropy(t, x), gradient, scores
        )
        got = cross_entropy_backward(gradient, truth, scores)
        np.testing.assert_allclose(got, of_scores[0], rtol=1e-5, atol=1e-5)
        of_logits = jax_gradient(
            lambda x, t=truth: keras.losses.categorical_crossentropy(t, x, from_logits=True), gradient, logits
        )
        got = softmax_cross_entropy_backward(gradient, truth, logits)
        np.testing.assert_allclose(got, of_logits[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("weight", [1, 3])
def test_backward_equals_central_differences(central_differences, weight):
    labels, distributions, logits, gradient = draw(4, 5, 3)
    scores = np.exp(logits)
    for truth in (labels, distributions * weight):
        slopes = central_differences(lambda x, t=truth: softmax_cross_entropy(t, x), gradient, logits)
        np.testing.assert_allclose(softmax_cross_entropy_backward(gradient, truth, logits), slopes, atol=1e-8)
        slopes = central_differences(lambda x, t=truth: cross_entropy(t, x), gradient, scores)
        np.testing.assert_allclose(
            cross_entropy_backward(gradient, truth, scores), slopes, rtol=1e-6, atol=1e-7
        )


def test_a_missing_weight_of_the_sample_would_be_noticed(central_differences):
    labels, _, logits, gradient = draw(4, 5, 4)
    slopes = central_differences(lambda x: softmax_cross_entropy(labels, x), gradient, logits)
    assert not np.allclose(softmax(logits) - np.eye(5)[labels], slopes, atol=1e-3)


def test_a_clipped_probability_passes_no_gradient():
    assert cross_entropy_backward([1.0], [0], [[0.0, 1.0]]).tolist() == [[0.0, 0.0]]
    assert cross_entropy_backward([1.0], [0], [[1e-9, 1.0]]).tolist() == [[0.0, 0.0]]
    assert cross_entropy_backward([1.0], [1], [[1e-9, 1.0]]).tolist() == [[0.0, 0.0]]  # sure and right


@FORMS
@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64])
def test_labels_of_any_integer_dtype(loss, dtype):
    assert loss(np.array([1, 0], dtype), [[0.5, 0.5], [0.5, 0.5]]).shape == (2,)


@FORMS
def test_no_samples(loss):
    assert loss(np.zeros(0, int), np.zeros((0, 3))).shape == (0,)


@FORMS
@pytest.mark.parametrize(
    ("labels", "place", "value"), [([0, 3, 9], 1, 3), ([0, -1, 2], 1, -1), ([0, 1, 3], 2, 3)]
)
def test_a_label_outside_the_classes(loss, labels, place, value):
    with pytest.raises(
        DataError, match=rf"labels must be classes, from 0 to 2\. Received: labels\[{place}\]={value}$"
    ):
        loss(labels, np.full((3, 3), 0.2))


MISMATCHES = {
    "length": (
        (4,),
        (3, 5),
        r"as many labels as rows of \w+, 3. Received: labels\.shape=\(4,\), \w+\.shape=\(3, 5\)",
    ),
    "one-hot length": ((4, 5), (3, 5), r"as many labels as rows of \w+, 3. Received: labels\.shape=\(4, 5\)"),
    "one-hot classes": (
        (3, 4),
        (3, 5),
        r"a column for each of the 5 classes. Received: labels\.shape=\(3, 4\)",
    ),
    "a column of integers": (
        (3, 1),
        (3, 5),
        r"one flat array: write labels\[\.\.\., 0\]. Received: labels\.shape=\(3, 1\)",
    ),
    "one sample": ((2,), (5,), r"a column for each of the 5 classes. Received: labels\.shape=\(2,\)"),
    "rank": (
        (3, 5, 1),
        (3, 5),
        r"whole numbers \(3,\) or one-hot rows \(3, 5\). Received: labels\.shape=\(3, 5, 1\)",
    ),
}


@FORMS
@pytest.mark.parametrize("case", MISMATCHES)
def test_labels_and_scores_that_do_not_belong_together(loss, case):
    labels_shape, scores_shape, message = MISMATCHES[case]
    with pytest.raises(ShapeError, match=message):
        loss(np.zeros(labels_shape, int), np.full(scores_shape, 0.2))


@BACKWARDS
def test_the_backwards_check_labels_too(backward):
    with pytest.raises(ShapeError, match="as many labels as rows"):
        backward(np.ones(3), np.zeros(4, int), np.full((3, 5), 0.2))
    with pytest.raises(DataError, match="from 0 to 4"):
        backward(np.ones(3), np.full(3, 5), np.full((3, 5), 0.2))
    with pytest.raises(ShapeError, match=r"shape of the output, \(3,\). Received: gradient\.shape=\(3, 5\)"):
        backward(np.ones((3, 5)), np.zeros(3, int), np.full((3, 5), 0.2))


@FORMS
@pytest.mark.parametrize("labels", [[0.0, 1.0], [True, False], ["a", "b"]])
def test_one_label_a_sample_is_a_whole_number(loss, labels):
    with pytest.raises(ArgumentError, match=r"write labels\.astype\(int\). Received: labels\.dtype="):
        loss(labels, np.full((2, 3), 0.2))


@pytest.mark.parametrize(
    ("loss", "name"), [(cross_entropy, "probabilities"), (softmax_cross_entropy, "logits")]
)
def test_no_classes(loss, name):
    with pytest.raises(
        ShapeError, match=rf"{name} must have one column per class. Received: {name}\.shape=\(2, 0\)"
    ):
        loss([0, 0], np.zeros((2, 0)))


def test_scores_in_place_of_probabilities():
    with pytest.raises(DataError, match=r"use softmax_cross_entropy. Received: probabilities\.min\(\)=-2$"):
        cross_entropy([0], [[3.0, -2.0]])


def test_probabilities_that_are_all_zero():
    with pytest.raises(DataError, match=r"must not all be 0. Received: probabilities\[1\] all 0$"):
        cross_entropy([0, 0], [[0.5, 0.5], [0.0, 0.0]])
