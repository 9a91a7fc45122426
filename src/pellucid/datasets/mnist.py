"""MNIST: 70,000 handwritten digits, grey, 28 by 28 (LeCun, Cortes and Burges 1998)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.datasets.keras_form import grey_pairs

if TYPE_CHECKING:
    from pellucid.datasets.keras_form import Pair


def load_data(path: str = "mnist.npz") -> tuple[Pair, Pair]:
    """Return ``(x_train, y_train), (x_test, y_test)`` as Keras does, all uint8.

    ``path`` is accepted for scripts written for Keras and not used: the cache is where
    :func:`pellucid.datasets.where` says. Raises as :func:`pellucid.datasets.load` does.

    >>> (x_train, y_train), (x_test, y_test) = load_data()  # doctest: +SKIP
    >>> x_train.shape, y_train.shape, x_test.shape, y_test.shape  # doctest: +SKIP
    ((60000, 28, 28), (60000,), (10000, 28, 28), (10000,))
    >>> y_train.ravel()[:10], y_train.dtype  # doctest: +SKIP
    (array([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], dtype=uint8), dtype('uint8'))
    """
    return grey_pairs("mnist")
