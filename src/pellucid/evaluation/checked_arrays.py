"""What every evaluation asks of its arrays: labels (N,) and probabilities (N, U) that belong together."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pellucid.core.arguments import is_real, whole_number
from pellucid.core.labels import checked_classes
from pellucid.errors import ArgumentError, DataError, ShapeError

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# float32 probabilities of ten classes sum to 1 within about 1e-6; a file of few digits within 1e-3.
SUM_TOLERANCE = 1e-3


def checked_labels(labels: npt.ArrayLike, classes: int | None = None, *, name: str = "labels") -> IntArray:
    """Return ``labels`` as int64 (N,), each from 0 to ``classes`` - 1.

    Raises
    ------
    ShapeError
        Labels that are not one number an image (one-hot labels, for example).
    DataError
        No labels, labels that are not whole numbers, or a label that is not a class.

    Examples
    --------
    >>> checked_labels([2, 0, 1], classes=3)
    array([2, 0, 1])
    """
    array = np.asarray(labels)
    if array.ndim != 1:
        raise ShapeError(
            f"{name} must hold one class number an image, shape (N,); one-hot labels become class numbers by "
            f"{name}.argmax(axis=1). Received: {name}.shape={array.shape}"
        )
    if array.size == 0:
        raise DataError(f"There is nothing to judge: {name} is empty; at least one image is needed.")
    if array.dtype.kind not in "iu" and not (
        array.dtype.kind == "f" and np.array_equal(array, array.round())
    ):
        raise DataError(f"{name} must be whole class numbers. Received: {name}.dtype={array.dtype}")
    return checked_classes(name, array.astype(np.int64), classes)


def checked_probabilities(probabilities: npt.ArrayLike) -> FloatArray:
    """Return ``probabilities`` as float64 (N, U): finite, none negative, each row summing to 1.

    Raises
    ------
    ShapeError
        An array that is not two-dimensional, or has fewer than two classes.
    DataError
        No rows, a value that is NaN, infinite or negative, or a row that does not sum to 1.

    Examples
    --------
    >>> checked_probabilities([[0.25, 0.75]])
    array([[0.25, 0.75]])
    """
    array = np.asarray(probabilities, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] < 2:
        raise ShapeError(
            "probabilities must have one row an image and one column a class (two or more), shape (N, U). "
            f"Received: probabilities.shape={array.shape}"
        )
    if array.shape[0] == 0:
        raise DataError("There is nothing to judge: probabilities is empty; at least one image is needed.")
    strange = np.flatnonzero(~np.isfinite(array).all(axis=1) | (array < 0).any(axis=1))
    if strange.size:
        row = int(strange[0])
        raise DataError(
            f"probabilities must be numbers from 0 to 1. Received: probabilities[{row}]={_row(array[row])}"
        )
    sums = array.sum(axis=1)
    wrong = np.flatnonzero(np.abs(sums - 1) > SUM_TOLERANCE)
    if wrong.size:
        row = int(wrong[0])
        raise DataError(
            f"Each row of probabilities must sum to 1, and {wrong.size:,} of {len(array):,} do not; logits "
            f"become probabilities by softmax. Received: probabilities[{row}].sum()={sums[row]:.6g}"
        )
    return array


def checked_pair(labels: npt.ArrayLike, probabilities: npt.ArrayLike) -> tuple[IntArray, FloatArray]:
    """Return labels (N,) and probabilities (N, U) of the same N images.

    Raises
    ------
    DataError
        As :func:`checked_labels` and :func:`checked_probabilities`, or lengths that differ.

    Examples
    --------
    >>> labels, probabilities = checked_pair([1], [[0.25, 0.75]])
    """
    table = checked_probabilities(probabilities)
    column = checked_labels(labels, table.shape[1])
    if len(column) != len(table):
        raise ShapeError(
            "labels and probabilities must be of the same images. "
            f"Received: len(labels)={len(column)}, len(probabilities)={len(table)}"
        )
    return column, table


def checked_share(value: float, name: str, where: str = "") -> float:
    """Return ``value`` if it lies strictly between 0 and 1, as a confidence level or an error target must.

    ``where`` stands before the message, such as ``"Use 'iban': "``.

    Examples
    --------
    >>> checked_share(0.95, "level")
    0.95
    """
    if not is_real(value, "(0, 1)"):
        raise ArgumentError(f"{where}{name} must lie strictly between 0 and 1. Received: {name}={value!r}")
    return float(value)


def checked_count(value: Any, name: str, *, least: int = 1) -> int:
    """Return ``value`` if it is a whole number not below ``least``.

    Examples
    --------
    >>> checked_count(3, "count")
    3
    """
    return whole_number("", name, value, least)


def class_name(index: int, names: tuple[str, ...] | list[str] | None) -> str:
    """Return the name of class ``index``; where there are no names, its number.

    Examples
    --------
    >>> class_name(1, ["cat", "dog"]), class_name(1, None)
    ('dog', '1')
    """
    return str(index) if names is None else str(names[index])


def _row(row: FloatArray) -> str:
    return np.array2string(row, precision=4, threshold=10)
