"""Checks that labels, loss and the network's last layer belong together; errors say what to write."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pellucid.core.arrays import as_numbers
from pellucid.core.labels import checked_classes
from pellucid.core.old_spellings import explain_once
from pellucid.errors import DataError, ShapeError
from pellucid.graph.facts.ending import Ending
from pellucid.layers.layer import Array

MOST_OUTPUTS = 10_000  # more different labels than that are measurements rather than classes


def checked_labels(y: Any, images: int, ending: Ending, loss: Any, *, name: str = "y") -> Array:
    """Return the labels in the form that the loss takes: integers (N,), or numbers (N, U).

    Raises
    ------
    ShapeError
        When the network does not end as the loss needs it.
    DataError
        When the labels do not belong to the images, the loss or the network's outputs.
    """
    labels = _as_labels(y, name)
    check_ending(ending, loss, _classes_in(labels))
    if labels.ndim == 0 or len(labels) != images:
        raise _count_error(labels, images, name)
    if getattr(loss, "takes_integers", False):
        return _integer_labels(labels, ending, name)
    return _label_rows(labels, ending, loss, name)


def takes_class_labels(loss: Any) -> bool:
    """Return whether the loss takes labels that name classes."""
    return bool(getattr(loss, "takes_integers", False) or getattr(loss, "takes_distributions", False))


def check_ending(ending: Ending, loss: Any, classes: int = 2) -> None:
    """Raise :class:`~pellucid.errors.ShapeError` unless the network ends as the loss needs it.

    Parameters
    ----------
    classes
        How many classes the labels have, for the message.
    """
    received = f"Received: outputs of shape {(None, *ending.shape)}"
    if takes_class_labels(loss) and len(ending.shape) != 1:
        raise ShapeError(
            f"The loss {loss.name} takes one output per class, (N, U); the network puts out feature maps. "
            f"{received}. "
            "Let it end in Flatten() (or GlobalAveragePooling2D()) and Dense(U, activation='softmax')."
        )
    if ending.shape == (1,) and (takes_class_labels(loss) or ending.values == "probabilities"):
        number = "" if takes_class_labels(loss) else " (for one number an image: Dense(1))"
        raise ShapeError(
            f"One output cannot tell classes apart: a softmax over it is always 1. {received}. "
            f"For {max(classes, 2)} classes end the network in "
            f"Dense({max(classes, 2)}, activation='softmax'){number}."
        )
    if _takes_probabilities(loss):
        _check_probabilities(ending, loss, received)


def note_ending(ending: Ending, loss: Any) -> None:
    """Say once what trains, but badly: softmax twice, or scores that cannot be negative."""
    if ending.values == "probabilities" and getattr(loss, "from_logits", False):
        explain_once(
            "softmax twice",
            "The network ends in softmax, but its loss has from_logits=True and applies softmax again: "
            "training will be slow, and the loss of ten classes will not fall below 1.46. "
            f"Leave out one of the two: write {ending.layer} without activation='softmax', or the loss "
            "without from_logits=True.",
        )
    elif ending.softmaxes > 1:
        explain_once(
            "softmax in two layers",
            "The network ends in two softmaxes, one after the other: training will be slow, and the loss of "
            f"ten classes will not fall below 1.46. Keep one: write {ending.layer} without "
            "activation='softmax', or leave out the layer after it.",
        )
    elif ending.values == "scores" and ending.rectified and getattr(loss, "from_logits", False):
        explain_once(
            "rectified scores",
            "The scores go through relu before the loss's softmax: no class can score below 0, and a class "
            f"whose score is 0 does not learn. Write {ending.layer} without activation='relu'.",
        )


def check_finite_labels(labels: Array, name: str) -> None:
    """Raise :class:`~pellucid.errors.DataError` for labels that are not finite, naming the first."""
    finite = np.isfinite(labels)
    if not finite.all():
        place = tuple(int(index) for index in np.argwhere(~finite)[0])
        raise DataError(
            f"{name} holds values that are not finite numbers; the first is "
            f"{name}[{', '.join(map(str, place))}] = {labels[place]}. "
            "Leave out the images that have no label, or put the right one."
        )


def _as_labels(y: Any, name: str) -> Array:
    try:
        return as_numbers(name, y, DataError)
    except ShapeError as error:
        raise ShapeError(
            f"{error}. Labels are either whole numbers, one an image, or one-hot rows of equal length."
        ) from None
    except DataError as error:
        if _holds_text(np.asarray(y)):
            raise DataError(
                f"{error}. Number the classes: classes, {name} = np.unique({name}, return_inverse=True)."
            ) from None
        raise


def _holds_text(array: npt.NDArray[Any]) -> bool:
    return array.dtype.kind in "US" or (
        array.dtype.kind == "O" and array.size > 0 and all(isinstance(one, str) for one in array.flat)
    )


def _classes_in(labels: Array) -> int:
    """Return how many classes the labels have, whether they are whole numbers or one-hot; 0 for neither."""
    if labels.ndim == 2 and labels.shape[1] > 1:
        return int(labels.shape[1])
    if labels.ndim not in (1, 2) or not labels.size or not np.isfinite(labels).all():
        return 0
    highest = float(labels.max())
    return int(highest) + 1 if 0 < highest < MOST_OUTPUTS else 0


def _count_error(labels: Array, images: int, name: str) -> DataError:
    count = len(labels) if labels.ndim else 0
    transposed = labels.ndim == 2 and labels.shape[1] == images
    hint = f". Put the images on the first axis: {name}.T" if transposed else ""
    return DataError(
        f"Each image needs one label. Received: {images} images and {count} labels ({name}){hint}"
    )


def _takes_probabilities(loss: Any) -> bool:
    """Return whether the loss is a cross-entropy that takes probabilities, not scores."""
    return bool(getattr(loss, "joins_softmax", False)) and not getattr(loss, "from_logits", False)


def _check_probabilities(ending: Ending, loss: Any, received: str) -> None:
    """Raise unless the outputs are probabilities, as far as is known."""
    if ending.dropped:
        raise ShapeError(
            f"The loss {loss.name} takes probabilities; dropout as the last layer sets some of them to 0. "
            f"{received}, from Dropout. Put the Dropout before {ending.layer}."
        )
    if ending.values == "scores":
        raise ShapeError(
            f"The loss {loss.name} takes probabilities; the network ends in scores, without a softmax. "
            f"{received}, from {ending.layer}. {_with_softmax(ending)}, or give compile the loss "
            f"{type(loss).__name__}(from_logits=True)."
        )


def _with_softmax(ending: Ending) -> str:
    """Return what to write so that the network ends in a softmax."""
    layer = ending.layer
    if not layer.startswith("Dense"):
        return "Add Softmax() at its end"
    written = f"{layer[:-1]}, activation='softmax')"
    return f"Write {written} in place of activation='relu'" if ending.rectified else f"Write {written}"


def _integer_labels(labels: Array, ending: Ending, name: str) -> Array:
    (classes,) = ending.shape
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise DataError(
            "The loss sparse_categorical_crossentropy takes integer labels of shape (N,); these look "
            f"one-hot. Received: {name}.shape={labels.shape}. "
            f"Use loss='categorical_crossentropy', or {name}.argmax(axis=1)."
        )
    check_finite_labels(labels, name)
    numbers = labels.astype(np.int64)
    if labels.dtype.kind == "f" and not np.array_equal(numbers, labels):
        raise DataError(
            f"Labels are whole numbers. Received: {name} with values such as {_first_odd(labels)}. "
            "Give the classes' numbers, undivided; to predict a number for each image instead, end the "
            "network in Dense(1) and take loss='mse'."
        )
    try:
        return checked_classes(name, numbers, classes)
    except DataError as error:
        raise DataError(f"{error}. {_numbered_from_zero(numbers, classes, name)}") from None


def _numbered_from_zero(numbers: Array, classes: int, name: str) -> str:
    """Return what to write where labels are not the numbers from 0 to ``classes`` - 1."""
    values = np.unique(numbers)
    low, high = int(values[0]), int(values[-1])
    if low == 1 and high == classes:
        return f"They count from 1: write {name} - 1."
    if values.tolist() == [-1, 1]:
        return f"For two classes write ({name} > 0).astype(int)."
    if low == -1 and high < classes and len(values) > 2:
        return f"If -1 means that a label is missing, leave those images out: {name} >= 0."
    if low == 0 and (high < 2 * len(values) or high - classes < len(values)):
        return (
            f"Labels from 0 to {high} need as many outputs: end the network in "
            f"Dense({high + 1}, activation='softmax')."
        )
    if len(values) > MOST_OUTPUTS:
        return "To predict a number for each image, end the network in Dense(1) and take loss='mse'."
    outputs = (
        ""
        if len(values) == classes
        else f", and end the network in Dense({len(values)}, activation='softmax')"
    )
    return f"Number the classes from 0: values, {name} = np.unique({name}, return_inverse=True){outputs}."


def _label_rows(labels: Array, ending: Ending, loss: Any, name: str) -> Array:
    units = ending.shape
    if units == (1,) and labels.ndim == 1:
        labels = labels[:, np.newaxis]  # a number an image, as Keras takes it: (N,) -> (N, 1)
    if labels.shape[1:] != units:
        raise _shape_error(labels, ending, loss, name)
    check_finite_labels(labels, name)
    if getattr(loss, "takes_distributions", False):
        _check_distributions(labels, name)
    return labels


def _shape_error(labels: Array, ending: Ending, loss: Any, name: str) -> DataError:
    units = ending.shape
    rule = f"The loss {loss.name} takes labels of shape (N, {', '.join(map(str, units))})"
    received = f"Received: {name}.shape={labels.shape}"
    if labels.ndim == 1 or (labels.ndim == 2 and labels.shape[1] == 1):
        return DataError(f"{rule}, one-hot for classes; {_of_integers(labels, units, received, name)}")
    if labels.ndim > 2 and len(units) == 1 and labels.size == len(labels) * units[0]:
        return DataError(f"{rule}. {received}. Write {name}.reshape(len({name}), {units[0]}).")
    if labels.ndim == 2 and len(units) == 1:
        activation = ", activation='softmax'" if takes_class_labels(loss) else ""
        return DataError(
            f"{rule}, a column for each output. {received}. For {labels.shape[1]} columns end the network "
            f"in Dense({labels.shape[1]}{activation})."
        )
    return DataError(f"{rule}. {received}")


def _of_integers(labels: Array, units: tuple[int, ...], received: str, name: str) -> str:
    """Return the rest of the message for labels that are one number an image."""
    if not np.array_equal(labels, np.rint(labels)):
        return (
            f"these are one number an image. {received}. To predict it, end the network in Dense(1) and "
            "take loss='mse'."
        )
    classes = _classes_in(labels)
    more = (
        f" End the network in Dense({classes}, activation='softmax'), for {classes} classes."
        if len(units) == 1 and classes > units[0]
        else ""
    )
    return (
        f"these look like integers. {received}. Use loss='sparse_categorical_crossentropy', or "
        f"utils.to_categorical({name}, {max(classes, units[0])}).{more}"
    )


def _check_distributions(labels: Array, name: str) -> None:
    """Raise unless each row is not negative and sums to 1."""
    sums = labels.sum(axis=-1)
    wrong = (np.abs(sums - 1) > 1e-3) | (labels.min(axis=-1) < 0)
    if wrong.any():
        row = int(wrong.argmax())
        raise DataError(
            "Each row of one-hot labels is not negative and sums to 1. "
            f"Received: {name}[{row}] from {labels[row].min():g} to {labels[row].max():g}, "
            f"summing to {sums[row]:g}{_as_distribution(labels, row, name)}"
        )


def _as_distribution(labels: Array, row: int, name: str) -> str:
    """Return what to write where a row is no distribution over the classes; empty where it is not known."""
    values = set(np.unique(labels).tolist())
    if values == {-1, 1}:
        return f". Write {name} > 0 for labels of -1 and 1"
    if (
        len(values) == 2
        and 0 in values
        and min(values) == 0
        and (labels.astype(bool).sum(axis=-1) == 1).all()
    ):
        return f". Write {name} / {max(values):g}"
    if not labels[row].any():
        return ". It names no class: leave such images out, or add a class for them"
    if values <= {0, 1}:
        return (
            f". It names {int(labels[row].sum())} classes, and a softmax chooses one: give each image one "
            "class, or train a network with Dense(2, activation='softmax') for each property"
        )
    return ""


def _first_odd(labels: Array) -> float:
    return float(labels[(labels != np.floor(labels)).argmax()])
