"""Checks of array arguments."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pellucid.errors import ArgumentError, DataError, ShapeError

Array: TypeAlias = npt.NDArray[Any]


def as_numbers(
    name: str, values: npt.ArrayLike, error: type[ArgumentError | DataError] = ArgumentError
) -> Array:
    """Return ``values`` as an array of real numbers; an array is returned as it is, not copied.

    Parameters
    ----------
    name
        Name of the argument, for the message.
    error
        Exception class for values that are not real numbers.

    Raises
    ------
    ShapeError
        For rows of unequal length.
    ArgumentError, DataError
        For text, objects and complex numbers.

    Examples
    --------
    >>> as_numbers("labels", [3, 7])
    array([3, 7])
    >>> as_numbers("labels", ["3"])
    Traceback (most recent call last):
    ...
    pellucid.errors.ArgumentError: labels must be an array of real numbers. Received: labels.dtype=<U1
    """
    try:
        array = np.asarray(values)
    except ValueError:
        raise ShapeError(f"{name} must be one array. Received: {name} with rows of unequal length") from None
    if array.dtype.kind not in "biuf":
        raise error(f"{name} must be an array of real numbers. Received: {name}.dtype={array.dtype}")
    return array
