import numpy as np
import pytest

from pellucid.errors import ArgumentError, PellucidNote, UnknownNameError
from pellucid.losses import CategoricalCrossentropy, MeanSquaredError, SparseCategoricalCrossentropy
from pellucid.metrics import (
    CategoricalAccuracy,
    MeanAbsoluteError,
    SparseCategoricalAccuracy,
    TopKCategoricalAccuracy,
)
from pellucid.metrics.accuracy import AccuracyByLabels
from pellucid.metrics.function_metric import FunctionMetric
from pellucid.metrics.resolving import resolve

ONE_HOT, SPARSE, SQUARES = CategoricalCrossentropy(), SparseCategoricalCrossentropy(), MeanSquaredError()


@pytest.mark.parametrize("metrics", [None, [], ()])
def test_none(metrics):
    assert resolve(metrics, ONE_HOT) == []


@pytest.mark.parametrize(
    ("loss", "kind"),
    [(ONE_HOT, CategoricalAccuracy), (SPARSE, SparseCategoricalAccuracy), (SQUARES, AccuracyByLabels)],
)
def test_accuracy_is_the_losss(loss, kind):
    (metric,) = resolve(["accuracy"], loss)
    assert type(metric) is kind
    assert metric.name == "accuracy"


def test_one_string_is_explained_once():
    with pytest.warns(PellucidNote) as notes:
        (metric,) = resolve("accuracy", ONE_HOT)
    assert metric.name == "accuracy"
    assert [str(note.message) for note in notes] == [
        "metrics takes a list: metrics='accuracy' is the old way to write metrics=['accuracy']."
    ]
    assert len(resolve("accuracy", ONE_HOT)) == 1  # not explained again: a warning would be an error here


def test_acc_is_explained_once_and_keeps_its_key():
    with pytest.warns(PellucidNote) as notes:
        (metric,) = resolve(["acc"], SPARSE)
    assert metric.name == "acc"
    assert type(metric) is SparseCategoricalAccuracy
    assert [str(note.message) for note in notes] == [
        "'acc' is the old name of 'accuracy'; the history says 'acc' too."
    ]


def test_keys_are_keras(keras):
    names = ["accuracy", "mse", "mae", "categorical_accuracy", "top_k_categorical_accuracy"]
    model = keras.Sequential([keras.layers.Dense(6, activation="softmax")])
    given = [*names, keras.metrics.MeanSquaredError(), keras.metrics.MeanSquaredError()]
    model.compile(loss="categorical_crossentropy", metrics=given)
    logs = model.evaluate(np.ones((4, 2)), np.eye(6)[:4], verbose=0, return_dict=True)
    from pellucid.metrics import MeanSquaredError as Squared

    resolved = resolve([*names, Squared(), Squared()], ONE_HOT)
    assert {"loss", *(metric.name for metric in resolved)} == set(logs)
    assert len(resolved) == len(logs) - 1


def test_objects_and_functions():
    def margin(y_true, y_pred):
        return y_pred[:, 0]

    top = TopKCategoricalAccuracy(3)
    resolved = resolve([top, MeanAbsoluteError, margin], ONE_HOT)
    assert resolved[0] is top
    assert type(resolved[1]) is MeanAbsoluteError
    assert isinstance(resolved[2], FunctionMetric)
    assert [metric.name for metric in resolved] == [
        "top_k_categorical_accuracy",
        "mean_absolute_error",
        "margin",
    ]


def test_the_same_name_twice_is_counted_and_the_users_object_left_alone():
    tops = [TopKCategoricalAccuracy(k) for k in (1, 2, 3)]
    resolved = resolve(tops, ONE_HOT)
    name = "top_k_categorical_accuracy"
    assert [metric.name for metric in resolved] == [name, f"{name}_1", f"{name}_2"]
    assert [metric.k for metric in resolved] == [1, 2, 3]
    assert [top.name for top in tops] == [name] * 3


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError) as error:
        resolve(["acuracy"], ONE_HOT)
    assert str(error.value) == "There is no metric 'acuracy': did you mean 'accuracy'?"


def test_what_cannot_be_a_metric_is_refused():
    with pytest.raises(ArgumentError, match="metric takes a name such as 'accuracy'"):
        resolve([3], ONE_HOT)
    with pytest.raises(ArgumentError, match="metric takes a name such as 'accuracy'"):
        resolve([["accuracy"]], ONE_HOT)
