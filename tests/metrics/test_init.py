import json

import pytest

from pellucid import metrics
from pellucid.metrics import (
    CategoricalAccuracy,
    MeanAbsoluteError,
    MeanSquaredError,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
)
from pellucid.metrics.accuracy import AccuracyByLabels
from pellucid.metrics.function_metric import FunctionMetric

ALL = [
    AccuracyByLabels("acc"),
    CategoricalAccuracy("accuracy"),
    SparseCategoricalAccuracy(),
    TopKCategoricalAccuracy(3),
    SparseTopKCategoricalAccuracy(2, name="top2"),
    MeanSquaredError("mse"),
    MeanAbsoluteError(),
]


@pytest.mark.parametrize("metric", ALL, ids=repr)
def test_descriptions_survive_json(metric):
    description = json.loads(json.dumps(metrics.serialize(metric)))
    assert repr(metrics.get(description)) == repr(metric)


@pytest.mark.parametrize("metric", ALL[1:], ids=repr)
def test_keras_reads_them_and_we_read_keras(keras, metric):
    theirs = keras.metrics.get(metrics.serialize(metric))
    assert type(theirs).__name__ == type(metric).__name__
    assert theirs.name == metric.name


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [
        ("accuracy", AccuracyByLabels),
        ("CategoricalAccuracy", CategoricalAccuracy),
        ("mse", MeanSquaredError),
        ("MAE", MeanAbsoluteError),
        (MeanAbsoluteError, MeanAbsoluteError),
        (metrics.categorical_accuracy, CategoricalAccuracy),
        (metrics.sparse_categorical_accuracy, SparseCategoricalAccuracy),
        (metrics.top_k_categorical_accuracy, TopKCategoricalAccuracy),
        (metrics.sparse_top_k_categorical_accuracy, SparseTopKCategoricalAccuracy),
        (max, FunctionMetric),
    ],
)
def test_get(identifier, kind):
    assert type(metrics.get(identifier)) is kind


def test_all_names_are_keras_names(keras):
    for name in metrics.__all__:
        assert hasattr(keras.metrics, name)


def test_every_public_metric_is_tested_here():
    public = {name for name in metrics.__all__ if isinstance(getattr(metrics, name), type)} - {"Metric"}
    assert public == {type(metric).__name__ for metric in ALL[1:]}
