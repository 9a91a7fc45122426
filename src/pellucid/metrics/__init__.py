"""Metrics: values shown beside the loss. Each is the mean, over images, of a value for each image.

Keras's names. A metric given as a string has that string as its key in the history, as in Keras:
``metrics=["acc"]`` makes ``history["acc"]``.
"""

from __future__ import annotations

from pellucid.metrics.accuracy import (
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
)
from pellucid.metrics.base import Metric
from pellucid.metrics.differences import MeanAbsoluteError, MeanSquaredError
from pellucid.metrics.functions import (
    categorical_accuracy,
    sparse_categorical_accuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)
from pellucid.metrics.registry import get, serialize

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
