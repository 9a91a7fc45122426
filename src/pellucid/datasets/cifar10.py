"""CIFAR-10: 60,000 small photographs of ten kinds of things, 32 by 32 in colour (Krizhevsky 2009)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.datasets.keras_form import colour_pairs

if TYPE_CHECKING:
    from pellucid.datasets.keras_form import Pair


def load_data() -> tuple[Pair, Pair]:
    """Return ``(x_train, y_train), (x_test, y_test)`` as Keras does, all uint8.

    Raises as :func:`pellucid.datasets.load` does.

    >>> (x_train, y_train), (x_test, y_test) = load_data()  # doctest: +SKIP
    >>> x_train.shape, y_train.shape, x_test.shape, y_test.shape  # doctest: +SKIP
    ((50000, 32, 32, 3), (50000, 1), (10000, 32, 32, 3), (10000, 1))
    >>> y_train.ravel()[:10], y_train.dtype  # doctest: +SKIP
    (array([6, 9, 9, 4, 1, 1, 2, 7, 8, 3], dtype=uint8), dtype('uint8'))
    """
    return colour_pairs("cifar10")
