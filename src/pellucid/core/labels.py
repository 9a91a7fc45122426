"""Labels and outputs that belong together, checked and brought into one form."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pellucid.errors import ArgumentError, DataError, ShapeError

Array: TypeAlias = npt.NDArray[Any]


def as_outputs(outputs: npt.ArrayLike) -> Array:
    """Return outputs as floats with the images on the first of at least two axes.

    >>> as_outputs([[1, 0]]).dtype
    dtype('float32')
    """
    array = _as_numbers(outputs, "outputs")
    if array.ndim < 2:
        raise ShapeError(
            "outputs have the images on their first axis and the units of each on the next. "
            f"Received: outputs.shape={array.shape}"
        )
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float32)


def as_labels(labels: npt.ArrayLike) -> Array:
    """Return labels as an array of numbers, whole or not.

    >>> as_labels([3, 7])
    array([3, 7])
    """
    return _as_numbers(labels, "labels")


def whole_labels(labels: Array, outputs: Array, rule: str) -> Array:
    """Return the numbers of the classes, (n,) or (n, 1), as (n,); errors begin with ``rule``.

    >>> whole_labels(np.array([[3], [7]]), np.zeros((2, 10)), "labels are whole numbers")
    array([3, 7])
    """
    if labels.shape not in ((len(outputs),), (len(outputs), 1)):
        raise ShapeError(
            f"{rule}, one for each of the {len(outputs)} images. Received: labels.shape={labels.shape}"
        )
    if labels.dtype.kind not in "iu":
        raise ArgumentError(f"{rule}: write labels.astype(int). Received: labels.dtype={labels.dtype}")
    classes = outputs.shape[-1]
    if labels.size and not (labels.min() >= 0 and labels.max() < classes):
        raise DataError(
            f"{rule}, here from 0 to {classes - 1}. Received: labels from {labels.min()} to {labels.max()}"
        )
    return labels.reshape(-1)


def like_outputs(labels: Array, outputs: Array) -> Array:
    """Return labels in the shape and dtype of the outputs; (n,) will do for outputs (n, 1).

    >>> like_outputs(np.array([1, 2]), np.zeros((2, 1)))
    array([[1.], [2.]])
    """
    if labels.ndim == 1 and outputs.shape == (*labels.shape, 1):
        labels = labels[:, np.newaxis]  # (n,) -> (n, 1)
    if labels.shape != outputs.shape:
        raise ShapeError(
            "labels that outputs are subtracted from have the outputs' shape. "
            f"Received: labels.shape={labels.shape}, outputs.shape={outputs.shape}"
        )
    return labels.astype(outputs.dtype, copy=False)


def mean_of_rest(array: Array) -> Array:
    """Return the mean over all axes but the first: (n, …) -> (n,).

    >>> mean_of_rest(np.ones((2, 3, 4)))
    array([1., 1.])
    """
    means: Array = array.mean(axis=tuple(range(1, array.ndim)))
    return means


def _as_numbers(values: npt.ArrayLike, name: str) -> Array:
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ArgumentError(f"{name} must be one array, its rows of one length: {error}") from None
    if array.dtype.kind not in "biuf":
        raise ArgumentError(f"{name} must be numbers. Received: {name}.dtype={array.dtype}")
    return array
