import numpy as np
import pytest

from pellucid.errors import ArgumentError, DataError, ShapeError, UnknownNameError
from pellucid.functions.softmax_probabilities import softmax
from pellucid.losses import (
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)

N, U = 6, 5
GENERATOR = np.random.default_rng(0)
LOGITS = GENERATOR.standard_normal((N, U)) * 2
PROBABILITIES = softmax(LOGITS)
NUMBERS = GENERATOR.integers(0, U, N)
ONE_HOT = np.eye(U)[NUMBERS]
SOFT = softmax(GENERATOR.standard_normal((N, U)))

KINDS = {
    "one-hot": (CategoricalCrossentropy, {}, ONE_HOT),
    "soft": (CategoricalCrossentropy, {}, SOFT),
    "smoothed": (CategoricalCrossentropy, {"label_smoothing": 0.2}, ONE_HOT),
    "sparse": (SparseCategoricalCrossentropy, {}, NUMBERS),
}

every_kind = pytest.mark.parametrize(("kind", "options", "labels"), KINDS.values(), ids=KINDS.keys())


def slopes(values, x, step=1e-6):
    """Central differences of sum(values(x))."""
    result = np.empty_like(x)
    for place in np.ndindex(x.shape):
        change = np.zeros_like(x)
        change[place] = step
        result[place] = (values(x + change).sum() - values(x - change).sum()) / (2 * step)
    return result


@every_kind
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("from_logits", [False, True])
def test_values_are_keras(keras, kind, options, labels, dtype, from_logits):
    outputs = (LOGITS if from_logits else PROBABILITIES).astype(dtype)
    own = kind(from_logits, **options)
    theirs = getattr(keras.losses, kind.__name__)(from_logits, **options, reduction="none")
    values = own.values(labels, outputs)
    assert values.dtype == dtype
    assert values.shape == (N,)
    np.testing.assert_allclose(values, theirs(labels, outputs), rtol=1e-5, atol=1e-6)
    mean = getattr(keras.losses, kind.__name__)(from_logits, **options)(labels, outputs)
    assert own(labels, outputs) == pytest.approx(float(mean), rel=1e-5)


def test_from_logits_is_not_from_probabilities():
    plain = CategoricalCrossentropy().values(ONE_HOT, PROBABILITIES)
    assert not np.allclose(CategoricalCrossentropy(from_logits=True).values(ONE_HOT, PROBABILITIES), plain)


@every_kind
@pytest.mark.parametrize("from_logits", [False, True])
def test_the_gradient_is_the_slope(kind, options, labels, from_logits):
    loss = kind(from_logits, **options)
    outputs = LOGITS if from_logits else PROBABILITIES
    expected = slopes(lambda x: loss.values(labels, x), outputs)
    np.testing.assert_allclose(loss.gradient(labels, outputs), expected, rtol=1e-5, atol=1e-7)


@every_kind
def test_the_joined_gradient_is_the_slope(kind, options, labels):
    loss = kind(**options)
    expected = slopes(lambda x: loss.joined_values(labels, x), LOGITS)
    np.testing.assert_allclose(loss.joined_gradient(labels, LOGITS), expected, rtol=1e-5, atol=1e-7)


def test_the_comparison_with_slopes_notices_a_gradient_of_other_labels():
    loss = CategoricalCrossentropy()
    expected = slopes(lambda x: loss.joined_values(ONE_HOT, x), LOGITS)
    smoothed = CategoricalCrossentropy(label_smoothing=0.01).joined_gradient(ONE_HOT, LOGITS)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(smoothed, expected, rtol=1e-5, atol=1e-7)


@every_kind
def test_joined_to_the_softmax_the_values_are_the_same(kind, options, labels):
    loss = kind(**options)
    np.testing.assert_allclose(
        loss.joined_values(labels, LOGITS), loss.values(labels, PROBABILITIES), rtol=1e-12
    )


@every_kind
def test_joined_to_the_softmax_nothing_overflows(kind, options, labels):
    loss = kind(**options)
    logits = np.full((N, U), -1e4, np.float32)
    logits[:, 0] = 1e4
    assert np.isfinite(loss.joined_values(labels, logits)).all()
    assert np.isfinite(loss.joined_gradient(labels, logits)).all()


def test_one_hot_and_sparse_agree():
    np.testing.assert_allclose(
        CategoricalCrossentropy().values(ONE_HOT, PROBABILITIES),
        SparseCategoricalCrossentropy().values(NUMBERS, PROBABILITIES),
    )


@every_kind
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtypes_and_arguments_stay(kind, options, labels, dtype):
    loss = kind(**options)
    outputs = PROBABILITIES.astype(dtype)
    labels = labels.copy()
    labels.flags.writeable = outputs.flags.writeable = False
    for method in (loss.values, loss.gradient, loss.joined_values, loss.joined_gradient):
        assert method(labels, outputs).dtype == dtype


def test_weights_multiply_before_the_mean(keras):
    weights = np.arange(N) / 2
    own = CategoricalCrossentropy()(ONE_HOT, PROBABILITIES, sample_weight=weights)
    theirs = keras.losses.CategoricalCrossentropy()(ONE_HOT, PROBABILITIES, sample_weight=weights)
    assert own == pytest.approx(float(theirs), rel=1e-5)


@pytest.mark.parametrize("shape", [(1,), (N, 2), (N + 1,)])
def test_weights_of_another_shape_are_refused(shape):
    with pytest.raises(ShapeError) as error:
        CategoricalCrossentropy()(ONE_HOT, PROBABILITIES, sample_weight=np.ones(shape))
    assert str(error.value) == (
        f"sample_weight has one number for each image, shape ({N},). Received: sample_weight.shape={shape}"
    )


def test_functions_return_the_loss_of_each_image():
    np.testing.assert_array_equal(
        categorical_crossentropy(ONE_HOT, LOGITS, from_logits=True, label_smoothing=0.1),
        CategoricalCrossentropy(from_logits=True, label_smoothing=0.1).values(ONE_HOT, LOGITS),
    )
    np.testing.assert_array_equal(
        sparse_categorical_crossentropy(NUMBERS[:, np.newaxis], LOGITS, from_logits=True),
        SparseCategoricalCrossentropy(from_logits=True).values(NUMBERS, LOGITS),
    )


def test_whole_numbers_where_one_hot_belongs():
    with pytest.raises(ShapeError) as error:
        CategoricalCrossentropy()(NUMBERS, PROBABILITIES)
    assert str(error.value) == (
        "categorical_crossentropy takes one-hot labels, a column for each output; "
        "sparse_categorical_crossentropy takes whole numbers. "
        "Received: labels.shape=(6,), outputs.shape=(6, 5)"
    )


def test_one_hot_where_whole_numbers_belong():
    with pytest.raises(
        ShapeError, match="sparse_categorical_crossentropy takes whole numbers, one for each of the 6"
    ):
        SparseCategoricalCrossentropy()(ONE_HOT.astype(int), PROBABILITIES)


def test_a_class_that_is_not_there():
    with pytest.raises(DataError, match=r"labels must be classes, from 0 to 4.*Received: labels\[\d\]=5"):
        SparseCategoricalCrossentropy()([0, 1, 2, 3, 4, 5], PROBABILITIES)


@pytest.mark.parametrize("smoothing", [-0.1, 1.5, np.nan, "a"])
def test_bad_smoothing(smoothing):
    with pytest.raises(
        ArgumentError, match=r"CategoricalCrossentropy takes label_smoothing as a number in \[0, 1\]"
    ):
        CategoricalCrossentropy(label_smoothing=smoothing)


def test_unknown_arguments():
    with pytest.raises(UnknownNameError) as error:
        CategoricalCrossentropy(from_logit=True)
    assert str(error.value) == (
        "CategoricalCrossentropy has no argument from_logit=True: did you mean 'from_logits'?"
    )
    with pytest.raises(
        ArgumentError, match="SparseCategoricalCrossentropy has ignore_class in Keras, but not"
    ):
        SparseCategoricalCrossentropy(ignore_class=3)
