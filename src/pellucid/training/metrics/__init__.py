"""Metrics: figures shown beside the loss. Each is the mean, over images, of a figure for each image.

Keras's names. A metric given as a string has that string as its key in the history, as in Keras:
``metrics=["acc"]`` makes ``history["acc"]``.
"""

from __future__ import annotations

from pellucid.training.metrics.accuracy import (
    AccuracyByLabels,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
)
from pellucid.training.metrics.base import Metric
from pellucid.training.metrics.differences import MeanAbsoluteError, MeanSquaredError
from pellucid.training.metrics.function_metric import FunctionMetric
from pellucid.training.metrics.functions import (
    categorical_accuracy,
    sparse_categorical_accuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)
from pellucid.training.metrics.registry import get, serialize
from pellucid.training.metrics.resolving import resolve

__all__ = [
    "AccuracyByLabels",
    "CategoricalAccuracy",
    "FunctionMetric",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Metric",
    "SparseCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy",
    "TopKCategoricalAccuracy",
    "categorical_accuracy",
    "get",
    "resolve",
    "serialize",
    "sparse_categorical_accuracy",
    "sparse_top_k_categorical_accuracy",
    "top_k_categorical_accuracy",
]
