"""Losses, by Keras's names: ``pellucid.losses.CategoricalCrossentropy()``."""

from __future__ import annotations

from pellucid.training.losses import (
    CategoricalCrossentropy,
    Loss,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
    categorical_crossentropy,
    get,
    mean_squared_error,
    serialize,
    sparse_categorical_crossentropy,
)

__all__ = [
    "CategoricalCrossentropy",
    "Loss",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "categorical_crossentropy",
    "get",
    "mean_squared_error",
    "serialize",
    "sparse_categorical_crossentropy",
]
