"""From a name or description to the metric that is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pellucid.core.registry import Registry
from pellucid.metrics.accuracy import (
    AccuracyByLabels,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
)
from pellucid.metrics.base import Metric
from pellucid.metrics.differences import MeanAbsoluteError, MeanSquaredError
from pellucid.metrics.function_metric import FunctionMetric
from pellucid.metrics.functions import (
    categorical_accuracy,
    sparse_categorical_accuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_METRICS: Registry[Metric] = Registry(
    "metric",
    "keras.metrics",
    Metric,
    {
        "accuracy": AccuracyByLabels,
        "acc": AccuracyByLabels,
        "accuracy_by_labels": AccuracyByLabels,
        "categorical_accuracy": CategoricalAccuracy,
        "sparse_categorical_accuracy": SparseCategoricalAccuracy,
        "top_k_categorical_accuracy": TopKCategoricalAccuracy,
        "sparse_top_k_categorical_accuracy": SparseTopKCategoricalAccuracy,
        "mean_squared_error": MeanSquaredError,
        "mse": MeanSquaredError,
        "mean_absolute_error": MeanAbsoluteError,
        "mae": MeanAbsoluteError,
        "function_metric": FunctionMetric,
    },
)

_CLASS_OF: dict[Callable[..., Any], Callable[[], Metric]] = {
    categorical_accuracy: CategoricalAccuracy,
    sparse_categorical_accuracy: SparseCategoricalAccuracy,
    top_k_categorical_accuracy: TopKCategoricalAccuracy,
    sparse_top_k_categorical_accuracy: SparseTopKCategoricalAccuracy,
}


def get(identifier: Any) -> Metric:
    """Return the metric that a name, class, description, function or object means.

    Raises
    ------
    UnknownNameError
        For a name that is not known; the nearest one is offered.
    ArgumentError
        For anything else.

    Examples
    --------
    >>> get("mae"), get(categorical_accuracy)
    (MeanAbsoluteError(name='mean_absolute_error'), CategoricalAccuracy(name='categorical_accuracy'))
    """
    if callable(identifier) and not isinstance(identifier, Metric | type):
        return _CLASS_OF[identifier]() if identifier in _CLASS_OF else FunctionMetric(identifier)
    return _METRICS.get(identifier)


def serialize(metric: Metric) -> dict[str, Any]:
    """Return the JSON-able description of ``metric``, from which :func:`get` makes it again.

    >>> serialize(TopKCategoricalAccuracy(k=3))["config"]
    {'k': 3, 'name': 'top_k_categorical_accuracy'}
    """
    return _METRICS.serialize(metric)
