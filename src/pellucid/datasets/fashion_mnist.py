"""Fashion-MNIST: 70,000 pictures of clothes, grey, 28 by 28 (Xiao, Rasul and Vollgraf 2017)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.datasets.keras_form import grey_pairs

if TYPE_CHECKING:
    from pellucid.datasets.keras_form import Pair


def load_data() -> tuple[Pair, Pair]:
    """Return ``(x_train, y_train), (x_test, y_test)`` as Keras does, all uint8.

    Raises as :func:`pellucid.datasets.load` does.

    >>> (x_train, y_train), (x_test, y_test) = load_data()  # doctest: +SKIP
    >>> x_train.shape, y_train.shape, x_test.shape, y_test.shape  # doctest: +SKIP
    ((60000, 28, 28), (60000,), (10000, 28, 28), (10000,))
    >>> y_train.ravel()[:10], y_train.dtype  # doctest: +SKIP
    (array([9, 0, 0, 3, 0, 2, 7, 2, 5, 5], dtype=uint8), dtype('uint8'))
    """
    return grey_pairs("fashion_mnist")
