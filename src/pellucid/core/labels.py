"""Checks of labels and the outputs they belong to."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pellucid.core.arrays import Array as Array
from pellucid.core.arrays import as_numbers
from pellucid.errors import ArgumentError, DataError, ShapeError


def as_outputs(outputs: npt.ArrayLike) -> Array:
    """Return outputs as floats with the images on the first of at least two axes.

    Examples
    --------
    >>> as_outputs([[1, 0]]).dtype
    dtype('float32')
    """
    array = as_numbers("outputs", outputs)
    if array.ndim < 2:
        raise ShapeError(
            "outputs have the images on their first axis and the units of each on the next. "
            f"Received: outputs.shape={array.shape}"
        )
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float32)


def as_labels(labels: npt.ArrayLike) -> Array:
    """Return labels as an array of numbers, whole or not.

    Examples
    --------
    >>> as_labels([3, 7])
    array([3, 7])
    """
    return as_numbers("labels", labels)


def whole_labels(labels: Array, outputs: Array, rule: str) -> Array:
    """Return integer labels (n,) or (n, 1) as (n,); errors begin with ``rule``.

    Examples
    --------
    >>> whole_labels(np.array([[3], [7]]), np.zeros((2, 10)), "labels are whole numbers")
    array([3, 7])
    """
    if labels.shape not in ((len(outputs),), (len(outputs), 1)):
        raise ShapeError(
            f"{rule}, one for each of the {len(outputs)} images. Received: labels.shape={labels.shape}"
        )
    if labels.dtype.kind not in "iu":
        raise ArgumentError(f"{rule}: write labels.astype(int). Received: labels.dtype={labels.dtype}")
    return checked_classes("labels", labels.reshape(-1), outputs.shape[-1])


def like_outputs(labels: Array, outputs: Array) -> Array:
    """Return labels in the shape and dtype of the outputs; (n,) is accepted for outputs (n, 1).

    Examples
    --------
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

    Examples
    --------
    >>> mean_of_rest(np.ones((2, 3, 4)))
    array([1., 1.])
    """
    means: Array = array.mean(axis=tuple(range(1, array.ndim)))
    return means


def checked_classes(name: str, numbers: Array, classes: int | None) -> Array:
    """Return whole numbers of any shape, checked to be classes.

    If the number of ``classes`` is unknown (None), any number from 0 on is a class.

    Raises
    ------
    DataError
        When one is below 0, or not below ``classes``; the message names the first.

    Examples
    --------
    >>> checked_classes("labels", np.array([0, 3]), 3)
    Traceback (most recent call last):
    ...
    pellucid.errors.DataError: labels must be classes, from 0 to 2. Received: labels[1]=3
    """
    outside = numbers < 0 if classes is None else (numbers < 0) | (numbers >= classes)
    if outside.any():
        place = tuple(int(index) for index in np.argwhere(outside)[0])
        element = f"{name}[{', '.join(map(str, place))}]" if place else name
        bounds = "0 or more" if classes is None else f"classes, from 0 to {classes - 1}"
        raise DataError(f"{name} must be {bounds}. Received: {element}={numbers[place]}")
    return numbers


def one_hot(numbers: Array, classes: int, dtype: npt.DTypeLike = np.float32) -> Array:
    """Return one-hot labels, 1 at the class of each image and 0 elsewhere: (n,) -> (n, U).

    Examples
    --------
    >>> one_hot(np.array([1, 0]), 3)
    array([[0., 1., 0.],
           [1., 0., 0.]], dtype=float32)
    """
    rows = np.zeros((len(numbers), classes), dtype)
    rows[np.arange(len(numbers)), numbers] = 1
    return rows
