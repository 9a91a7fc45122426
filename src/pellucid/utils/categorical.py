"""Class numbers as one-hot rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pellucid.core.arguments import whole_number
from pellucid.core.arrays import as_numbers
from pellucid.core.labels import checked_classes, one_hot
from pellucid.errors import DataError


def to_categorical(x: npt.ArrayLike, num_classes: int | None = None) -> npt.NDArray[np.float64]:
    """Return integer labels as one-hot rows: (N,) or (N, 1) -> (N, U), float64 as in Keras.

    Parameters
    ----------
    x
        Class numbers, from 0.
    num_classes
        U; one more than the largest label when missing.

    Raises
    ------
    DataError
        When a label is negative, not whole, or not below ``num_classes``.

    Examples
    --------
    >>> to_categorical([0, 2])
    array([[1., 0., 0.],
           [0., 0., 1.]])
    """
    given = as_numbers("x", x, DataError)
    numbers = given.astype(np.int64)
    if not np.array_equal(numbers, given):
        raise DataError(f"Class numbers are whole. Received: x={given.ravel()[:5].tolist()}…")
    if numbers.ndim == 2 and numbers.shape[1] > 2 and _names_one_each(numbers):
        raise DataError(
            "These labels are one-hot already: leave to_categorical out. "
            f"Received: x.shape={numbers.shape}, with one 1 in each row"
        )
    if numbers.ndim > 1 and numbers.shape[-1] == 1:
        numbers = numbers[..., 0]
    most = int(numbers.max()) if numbers.size else -1
    classes = most + 1 if num_classes is None else whole_number("to_categorical", "num_classes", num_classes)
    checked_classes("x", numbers, classes)
    return one_hot(numbers.ravel(), classes, np.float64).reshape(*numbers.shape, classes)


def _names_one_each(rows: npt.NDArray[np.int64]) -> bool:
    """Return whether each row has one 1 and is 0 elsewhere."""
    return bool((rows >= 0).all() and (rows.sum(axis=1) == 1).all())
