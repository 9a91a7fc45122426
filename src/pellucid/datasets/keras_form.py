"""A dataset as Keras returns it: two pairs of arrays, training and test."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from pellucid.datasets.dataset import Dataset

Pair: TypeAlias = tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]


def grey_pairs(data: Dataset) -> tuple[Pair, Pair]:
    """Return images (N, H, W) and labels (N,), both uint8, for training and for test."""
    train = (data.x_train[..., 0], data.y_train.astype(np.uint8))
    return train, (data.x_test[..., 0], data.y_test.astype(np.uint8))


def colour_pairs(data: Dataset) -> tuple[Pair, Pair]:
    """Return images (N, H, W, 3) and labels (N, 1), both uint8, for training and for test."""
    # (N,) -> (N, 1)
    train = (data.x_train, data.y_train.astype(np.uint8)[:, np.newaxis])
    return train, (data.x_test, data.y_test.astype(np.uint8)[:, np.newaxis])
