import numpy as np
import pytest

from pellucid import metrics
from pellucid.errors import ArgumentError, DataError, ShapeError, UnknownNameError
from pellucid.metrics import (
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
)
from pellucid.metrics.accuracy import AccuracyByLabels

N, U = 40, 7
GENERATOR = np.random.default_rng(0)
OUTPUTS = GENERATOR.random((N, U)).round(1).astype(np.float32)  # with ties
NUMBERS = GENERATOR.integers(0, U, N)
ONE_HOT = np.eye(U)[NUMBERS]

PAIRS = [
    (CategoricalAccuracy(), ONE_HOT, "categorical_accuracy", {}),
    (SparseCategoricalAccuracy(), NUMBERS, "sparse_categorical_accuracy", {}),
    *((TopKCategoricalAccuracy(k), ONE_HOT, "top_k_categorical_accuracy", {"k": k}) for k in (1, 3, 7, 9)),
    *(
        (SparseTopKCategoricalAccuracy(k), NUMBERS, "sparse_top_k_categorical_accuracy", {"k": k})
        for k in (1, 3, 7, 9)
    ),
]
IDS = [repr(pair[0]) for pair in PAIRS]

every_pair = pytest.mark.parametrize(("metric", "labels", "name", "options"), PAIRS, ids=IDS)


@every_pair
def test_values_are_keras(keras, metric, labels, name, options):
    outputs = OUTPUTS + np.where(GENERATOR.random((N, U)) < 0.1, np.inf, 0).astype(np.float32)
    outputs[3, NUMBERS[3]] = np.nan
    expected = np.asarray(getattr(keras.metrics, name)(labels, outputs, **options))
    np.testing.assert_array_equal(metric.values(labels, outputs), expected)
    np.testing.assert_array_equal(getattr(metrics, name)(labels, outputs, **options), expected)
    assert 0 < expected.mean() <= 1


@every_pair
def test_the_mean_and_the_name_are_keras(keras, metric, labels, name, options):
    theirs = getattr(keras.metrics, type(metric).__name__)(**options)
    assert metric(labels, OUTPUTS) == pytest.approx(float(theirs(labels, OUTPUTS)), abs=1e-6)
    assert metric.name == theirs.name == name


@every_pair
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values_have_the_dtype_of_the_outputs(metric, labels, name, options, dtype):
    values = metric.values(labels, OUTPUTS.astype(dtype))
    assert values.dtype == dtype
    assert values.shape == (N,)


def test_by_labels_is_the_one_that_fits():
    expected = CategoricalAccuracy().values(ONE_HOT, OUTPUTS)
    for labels in (ONE_HOT, NUMBERS, NUMBERS[:, np.newaxis]):
        np.testing.assert_array_equal(AccuracyByLabels().values(labels, OUTPUTS), expected)
    assert 0 < expected.mean() < 1


@pytest.mark.parametrize("shape", [(N, 1), (N,), (N, 3, 3)])
@pytest.mark.parametrize("metric", [CategoricalAccuracy(), SparseCategoricalAccuracy(), AccuracyByLabels()])
def test_outputs_that_are_not_classes_are_refused(metric, shape):
    """Of one output the largest is always the first: the accuracy would be the share of class 0."""
    with pytest.raises(ShapeError) as error:
        metric.values(np.zeros(shape, int), np.zeros(shape))
    assert str(error.value) == (
        "accuracy takes an output for each class, (n, U) with U of at least 2. "
        f"Received: outputs.shape={shape}"
    )


def test_labels_that_do_not_fit_are_refused():
    with pytest.raises(ShapeError) as error:
        CategoricalAccuracy()(NUMBERS, OUTPUTS)
    assert str(error.value) == (
        "categorical accuracy takes one-hot labels, a column for each output. "
        "Received: labels.shape=(40,), outputs.shape=(40, 7)"
    )
    with pytest.raises(
        ShapeError, match="sparse categorical accuracy takes whole numbers, one for each of the 40"
    ):
        SparseTopKCategoricalAccuracy()(ONE_HOT.astype(int), OUTPUTS)
    with pytest.raises(DataError, match="labels must be classes, from 0 to 6"):
        SparseTopKCategoricalAccuracy()(NUMBERS + 1, OUTPUTS)


def test_bad_arguments():
    with pytest.raises(ArgumentError) as error:
        TopKCategoricalAccuracy(k=0)
    assert (
        str(error.value) == "TopKCategoricalAccuracy takes k as a whole number of at least 1. Received: k=0"
    )
    with pytest.raises(
        UnknownNameError, match=r"CategoricalAccuracy has no argument nam='x': did you mean 'name'\?"
    ):
        CategoricalAccuracy(nam="x")
