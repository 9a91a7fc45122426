"""The predictions of a run for test or validation images, as a CSV table with one row per image."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.errors import ArgumentError, ShapeError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

ROUNDING = 1e-3  # tolerance for sums of float32 probabilities


@dataclass(frozen=True)
class PredictionTable:
    """What the network predicted for N images with U classes: the content of ``predictions.csv``.

    Attributes
    ----------
    labels, predicted
        int64 (N,), the true class and the most probable class.
    probabilities
        float32 (N, U); each row sums to 1.
    index
        int64 (N,), each image's position in the dataset.
    """

    labels: NDArray[np.int64]
    predicted: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    index: NDArray[np.int64]

    @classmethod
    def of(
        cls, labels: ArrayLike, probabilities: ArrayLike, index: ArrayLike | None = None
    ) -> PredictionTable:
        """Return the predictions that ``probabilities`` (N, U) make for images with ``labels`` (N,).

        ``index`` (N,) holds each image's position in the dataset; 0, 1, 2, … by default.

        Raises
        ------
        ShapeError
            When labels and probabilities have different numbers of images.
        ArgumentError
            When a label is outside the classes, or a probability is NaN.

        Examples
        --------
        >>> PredictionTable.of([0, 0], [[0.75, 0.25], [0.5, 0.5]]).predicted
        array([0, 0])
        """
        p = np.asarray(probabilities, dtype=np.float32)
        y = np.asarray(labels)
        if p.ndim != 2 or y.shape != p.shape[:1] or p.size == 0:
            raise ShapeError(
                "Predictions are labels (N,) and probabilities (N, U) of the same N images: "
                f"a row for each label. Received: labels {y.shape}, probabilities {p.shape}"
            )
        if not np.issubdtype(y.dtype, np.integer) or y.min() < 0 or y.max() >= p.shape[1]:
            raise ArgumentError(
                f"Labels are integers from 0 to {p.shape[1] - 1}, one class for each column of the "
                f"probabilities. Received: dtype={y.dtype}, min={y.min()}, max={y.max()}"
            )
        if not np.isfinite(p).all():
            raise ArgumentError(
                "Probabilities are finite numbers. "
                f"Received: {(~np.isfinite(p)).sum()} of {p.size} that are not"
            )
        places = np.arange(len(y)) if index is None else np.asarray(index)
        if places.shape != y.shape or not _are_places(places):
            raise ArgumentError(
                f"index names a different image of the dataset for each of the {len(y)} labels, as whole "
                f"numbers from 0 on. Received: dtype={places.dtype}, shape={places.shape}, "
                f"{len(np.unique(places))} of them different"
            )
        return cls(y.astype(np.int64), p.argmax(axis=1).astype(np.int64), p, places.astype(np.int64))


def predictions_to_bytes(predictions: PredictionTable) -> bytes:
    r"""Return the table as CSV: index, label, predicted, p0, p1, ….

    Examples
    --------
    >>> predictions_to_bytes(PredictionTable.of([1], [[0.75, 0.25]]))
    b'index,label,predicted,p0,p1\n0,1,0,0.75,0.25\n'
    """
    U = predictions.probabilities.shape[1]
    columns = (predictions.index, predictions.labels, predictions.predicted, predictions.probabilities)
    table = io.BytesIO()
    np.savetxt(
        table,
        np.column_stack(columns),  # 3 x (N,), (N, U) -> (N, 3 + U); float64 holds all of them exactly
        fmt=["%d"] * 3 + ["%.9g"] * U,  # nine digits distinguish any two float32
        delimiter=",",
        header=_header(U),
        comments="",
    )
    return table.getvalue()


def predictions_from_bytes(data: bytes) -> PredictionTable:
    r"""Return the predictions in a CSV table; raise ``ValueError`` if something is wrong with it.

    Examples
    --------
    >>> predictions_from_bytes(b"index,label,predicted,p0,p1\n0,1,0,0.75,0.25\n").probabilities
    array([[0.75, 0.25]], dtype=float32)
    """
    header, _, body = data.partition(b"\n")
    U = header.count(b",") - 2
    if header.decode(errors="replace").rstrip("\r") != _header(U) or U < 1:
        raise ValueError("does not begin with the columns index,label,predicted,p0,p1,…")
    if not body.endswith(b"\n"):
        raise ValueError("ends in the middle of a row")
    table = np.loadtxt(io.BytesIO(body), delimiter=",", ndmin=2, comments=None)  # (N, 3 + U)
    if table.shape[1] != 3 + U or not _are_places(table[:, 0]):
        raise ValueError("has a row doubled, or one that names no image")
    classes = table[:, 1:3]
    if not np.isfinite(table).all() or (classes != classes.astype(np.int64)).any():
        raise ValueError("has a value that is not a number")
    if classes.min() < 0 or classes.max() >= U:
        raise ValueError(f"has a class outside 0 to {U - 1}")
    labels, predicted = classes.astype(np.int64).T
    return PredictionTable(labels, predicted, table[:, 3:].astype(np.float32), table[:, 0].astype(np.int64))


def checked_predictions(data: bytes) -> PredictionTable:
    r"""Return the predictions in a run's CSV table, after comparing them with themselves.

    This finds most changes of a digit, where no checksum is recorded.

    Raises
    ------
    ValueError
        As :func:`predictions_from_bytes`, or a row's probabilities do not sum to 1, or its most probable
        class is not the predicted one.

    Examples
    --------
    >>> checked_predictions(b"index,label,predicted,p0,p1\n0,1,0,0.75,0.35\n")
    Traceback (most recent call last):
    ValueError: has a row whose probabilities do not sum to 1: row 1
    """
    table = predictions_from_bytes(data)
    probabilities = table.probabilities.astype(np.float64)
    sums = np.abs(probabilities.sum(axis=1) - 1) > ROUNDING
    negative = probabilities.min(axis=1) < 0
    other = table.probabilities.argmax(axis=1) != table.predicted
    for wrong, what in (
        (sums | negative, "whose probabilities do not sum to 1"),
        (other, "whose predicted class is not the most probable one"),
    ):
        if wrong.any():
            raise ValueError(f"has a row {what}: row {int(wrong.argmax()) + 1}")
    return table


def _are_places(index: NDArray[Any]) -> bool:
    """Return whether these are distinct whole numbers, not negative."""
    different = np.unique(index)
    return bool(
        len(different) == len(index)
        and (different == different.astype(np.int64)).all()
        and (different >= 0).all()
    )


def _header(U: int) -> str:
    return ",".join(["index", "label", "predicted", *(f"p{u}" for u in range(U))])
