"""Metrics: values reported beside the loss. Each is the mean of one value per image.

The names are Keras's. A metric given as a string has that string as its key in the history, as in Keras:
``metrics=["acc"]`` gives ``history["acc"]``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pellucid.core.keras.modules import lacking
from pellucid.core.registry import Identifier, Registry
from pellucid.metrics.accuracy import (
    AccuracyByLabels,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)
from pellucid.metrics.base import Metric
from pellucid.metrics.differences import MeanAbsoluteError, MeanSquaredError
from pellucid.metrics.function_metric import FunctionMetric

if TYPE_CHECKING:
    from collections.abc import Callable

    from pellucid.core.labels import Array

    MetricLike: TypeAlias = Identifier[Metric] | Callable[[Array, Array], Any]

__all__ = [
    "CategoricalAccuracy",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Metric",
    "SparseCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy",
    "TopKCategoricalAccuracy",
    "categorical_accuracy",
    "get",
    "serialize",
    "sparse_categorical_accuracy",
    "sparse_top_k_categorical_accuracy",
    "top_k_categorical_accuracy",
]


def get(identifier: MetricLike) -> Metric:
    """Return the metric for a name, class, description, function or object.

    Raises
    ------
    UnknownNameError
        For an unknown name; the message suggests the nearest.
    ArgumentError
        For anything else.

    Examples
    --------
    >>> get("mae"), get(categorical_accuracy)
    (MeanAbsoluteError(name='mean_absolute_error'), CategoricalAccuracy(name='categorical_accuracy'))
    """
    if isinstance(identifier, Metric | type) or not callable(identifier):
        return _METRICS.get(identifier)
    known = _METRICS.class_of(identifier)
    return FunctionMetric(identifier) if known is None else _METRICS.get(known)


def serialize(metric: Metric) -> dict[str, Any]:
    """Return the JSON-able description of ``metric``, from which :func:`get` can recreate it.

    Examples
    --------
    >>> serialize(TopKCategoricalAccuracy(k=3))["config"]
    {'k': 3, 'name': 'top_k_categorical_accuracy'}
    """
    return _METRICS.serialize(metric)


_METRICS: Registry[Metric] = Registry(
    "metric", "keras.metrics", Metric, globals(), "accuracy", internal=(AccuracyByLabels, FunctionMetric)
)

if not TYPE_CHECKING:  # so that type checkers still report names that are not there
    __getattr__ = lacking(__name__)
