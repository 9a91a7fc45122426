"""The form in which Keras hands out a dataset: two pairs of arrays, training and test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pellucid.datasets.loading import load

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pair = tuple[NDArray[np.uint8], NDArray[np.uint8]]


def grey_pairs(name: str) -> tuple[Pair, Pair]:
    """Return images (N, H, W) and labels (N,), both uint8, for training and for test."""
    data = load(name)
    train = (data.x_train[..., 0], data.y_train.astype(np.uint8))
    return train, (data.x_test[..., 0], data.y_test.astype(np.uint8))


def colour_pairs(name: str) -> tuple[Pair, Pair]:
    """Return images (N, H, W, 3) and labels (N, 1), both uint8, for training and for test."""
    data = load(name)
    # (N,) -> (N, 1)
    train = (data.x_train, data.y_train.astype(np.uint8)[:, np.newaxis])
    return train, (data.x_test, data.y_test.astype(np.uint8)[:, np.newaxis])
