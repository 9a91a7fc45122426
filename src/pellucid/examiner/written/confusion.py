"""Confusion matrices in a student's code: which way round they are, and along which axis they are divided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pellucid.examiner.written.values import Confusions, Counts, Data, Name, Predicted, Remark, Unknown

WRONG_AXIS = (
    "The confusion matrix is divided by a flat array: NumPy then divides column j by count j. Each row "
    "should be divided by the count of its own class: CM / count[:, None], or "
    "CM / CM.sum(axis=1, keepdims=True)."
)
BY_COLUMNS = (
    "The confusion matrix is divided by the sums of its columns, which are the counts of the predicted "
    "classes. The question asks for the count of each true class: CM / CM.sum(axis=1, keepdims=True)."
)
UNSURE_AXIS = (
    "Look at this division of the confusion matrix: if the divisor is a flat array of counts, NumPy divides "
    "column j by count j. Each row should be divided: CM / count[:, None]."
)
SWAPPED = (
    "confusion_matrix has the predictions first: its rows are then the predicted classes, not the true ones."
)


def made(arguments: list[Any], keywords: Mapping[str, Any], line: int) -> tuple[Confusions, list[Remark]]:
    """Return the matrix that a call of ``confusion_matrix`` gives, and what is wrong with it."""
    first, second = [*arguments, Unknown(), Unknown()][:2]
    true = keywords.get("y_true", keywords.get("labels", first) if len(arguments) < 2 else first)
    predicted = keywords.get("y_pred", keywords.get("predictions", second))
    remarks = []
    rows: bool | None = None
    if isinstance(true, Predicted) and isinstance(predicted, Data):
        rows = False
        remarks.append(Remark(line, "swapped confusion matrix", SWAPPED))
    elif isinstance(predicted, Predicted) and isinstance(true, Data):
        rows = True
        remarks += _of_other_images(true, predicted, line)
    if keywords.get("normalize") == "pred":
        remarks.append(Remark(line, "wrong axis", BY_COLUMNS))
    return Confusions(rows, line), remarks


def divided(matrix: Confusions, divisor: Any, line: int) -> list[Remark]:
    """Return what is wrong with a division of a confusion matrix."""
    if isinstance(divisor, int | float):
        return []
    if not isinstance(divisor, Counts):
        return [Remark(line, "perhaps the wrong axis", UNSURE_AXIS)]
    by_rows = (divisor.form == "column") != matrix.transposed
    if divisor.form == "flat":
        by_rows = matrix.transposed
    if by_rows and not divisor.by_columns:
        return []
    return [Remark(line, "wrong axis", BY_COLUMNS if divisor.by_columns else WRONG_AXIS)]


def summed(value: Any, axis: Any, *, keepdims: bool) -> Any:
    """Return counts by class: a matrix's sums along an axis, or those of one-hot labels."""
    if isinstance(value, Confusions) and axis in (0, 1, -1):
        columns = (axis == 0) != value.transposed
        form = ("row" if axis == 0 else "column") if keepdims else "flat"
        return Counts(form, by_columns=columns)
    if isinstance(value, Data) and value.one_hot and axis == 0:
        return Counts("row" if keepdims else "flat")
    return Unknown()


def counts_item(counts: Counts, index: Any) -> Any:
    """Return counts with an axis more: ``count[:, None]``."""
    if not isinstance(index, tuple):
        return Unknown() if isinstance(index, int) else counts
    new = [one is None or (isinstance(one, Name) and one.last == "newaxis") for one in index]
    if new == [False, True]:
        return Counts("column", counts.by_columns)
    return Counts("row", counts.by_columns) if new == [True, False] else counts


def counts_reshaped(counts: Counts, shape: Any) -> Counts:
    """Return counts in another shape: ``count.reshape(-1, 1)``."""
    if isinstance(shape, tuple | list) and len(shape) == 2:
        return Counts("column" if shape[1] == 1 else "row", counts.by_columns)
    return Counts("flat", counts.by_columns)


def _of_other_images(true: Data, predicted: Predicted, line: int) -> list[Remark]:
    images = predicted.images
    if isinstance(images, Data) and images.part != true.part:
        words = f"The labels belong to the {true.part} images, the predictions to the {images.part} images."
        return [Remark(line, "other images", words)]
    return []
