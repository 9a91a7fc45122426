"""Checks of the data passed to fit, evaluate and predict, before anything is changed."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from pellucid.core.arguments import real_number
from pellucid.core.arrays import as_numbers
from pellucid.engine.images import ByRows, Images, ScaledImages, part_of
from pellucid.engine.labels import checked_labels
from pellucid.engine.mapped_images import by_rows
from pellucid.errors import ArgumentError, DataError, ShapeError
from pellucid.graph.facts.ending import Ending
from pellucid.layers.layer import Array, Shape

CHECKED_AT_A_TIME = 1 << 22  # values, so that checking a large array or mapped file needs little memory


@dataclass
class Data:
    """Images with labels and weights of the same length; labels and weights may be None."""

    images: Images
    labels: Array | None = None
    weights: Array | None = None

    def __len__(self) -> int:
        return len(self.images)


def checked_data(
    x: Any,
    y: Any,
    input_shape: Shape,
    ending: Ending,
    loss: Any,
    *,
    sample_weight: Any = None,
    name: str = "x",
) -> Data:
    """Return images and labels ready for the loss, or raise an error that says what is wrong with them."""
    images = checked_images(x, input_shape, name=name)
    label_name = name.replace("x", "y")
    if y is None:
        raise ArgumentError(f"Labels are missing. Received: {label_name}=None")
    labels = checked_labels(y, len(images), ending, loss, name=label_name)
    weights = None if sample_weight is None else checked_weights(sample_weight, len(images))
    return Data(images, labels, weights)


def shape_of_one(x: Any) -> Shape:
    """Return the shape of one image of ``x``, from which a network takes its input shape."""
    shape: Shape = _as_images(x, "x").shape
    if len(shape) < 2:
        raise ShapeError(
            "x has the images on its first axis and the values of each on the next: shape (N, D) or "
            f"(N, H, W, C). Received: x.shape={shape}"
        )
    return shape[1:]


def checked_images(x: Any, input_shape: Shape, *, name: str = "x") -> Images:
    """Return ``x`` as images (N, *input_shape), or raise ShapeError or DataError.

    They stay in their form: an array, or a lazy array of images.
    """
    images = _as_images(x, name)
    if images.shape[1:] != input_shape or images.ndim == 0:
        wanted = str(("N", *input_shape)).replace("'", "")
        raise ShapeError(
            f"The network takes {name} of shape {wanted}. Received: {name}.shape={images.shape}"
            + _shape_hint(images.shape, input_shape, name)
        )
    if len(images) == 0:
        raise DataError(f"There are no images to work on. Received: {name}.shape={images.shape}")
    _check_finite(images, name)
    return images


def checked_weights(sample_weight: Any, images: int) -> Array:
    """Return the weights (N,) or (N, 1) as float64 (N,)."""
    weights = as_numbers("sample_weight", sample_weight, DataError).astype(np.float64)
    if weights.shape == (images, 1):
        weights = weights[:, 0]
    if weights.shape != (images,):
        raise ShapeError(
            f"sample_weight has one number per image, shape ({images},). "
            f"Received: sample_weight.shape={weights.shape}"
        )
    _check_finite(weights, "sample_weight")
    return weights


def class_weights(class_weight: Mapping[int, float], labels: Array, classes: int) -> Array:
    """Return each image's weight: that of its class in ``class_weight``, 1 for classes not listed.

    ``classes`` is how many the network tells apart.
    """
    if not isinstance(class_weight, Mapping):
        raise ArgumentError(
            "class_weight is a dict from the number of a class to its weight, such as {0: 1.0, 1: 5.0}. "
            f"Received: class_weight={class_weight!r}"
        )
    numbers = classes_of(labels)
    weights = np.ones(len(numbers))
    for number, weight in class_weight.items():
        if not isinstance(number, int | np.integer):
            raise ArgumentError(
                f"class_weight names a class by its number. Received: class_weight={{{number!r}: …}}"
            )
        if not 0 <= number < classes:
            raise ArgumentError(
                f"class_weight has the numbers of classes, from 0 to {classes - 1}, as the labels have them. "
                f"Received: class_weight={{{number!r}: …}}"
            )
        weights[numbers == number] = real_number("fit", f"class_weight[{number}]", weight, "[0, inf)")
    return weights


def classes_of(labels: Any) -> Array:
    """Return the class of each image, from integers (N,) or one-hot labels (N, U)."""
    numbers: Array = labels if labels.ndim == 1 else labels.argmax(axis=1)
    return numbers


def last_part(data: Data, validation_split: float) -> tuple[Data, Data]:
    """Split off the last samples for validation, before any shuffling, as Keras does."""
    if not isinstance(validation_split, Real) or not 0 < validation_split < 1:
        raise ArgumentError(
            "validation_split is the share of the images, above 0 and below 1, kept for validation. "
            f"Received: validation_split={validation_split!r}"
        )
    at = math.floor(len(data) * (1 - float(validation_split)))
    if at in (0, len(data)):
        raise DataError(
            f"Neither part may be empty: {len(data)} images with validation_split={validation_split!r} "
            f"leave {at} to train on and {len(data) - at} to validate on"
        )
    return _rows_of(data, slice(at)), _rows_of(data, slice(at, None))


def _rows_of(data: Data, rows: slice) -> Data:
    labels, weights = (None if part is None else part[rows] for part in (data.labels, data.weights))
    return Data(part_of(data.images, rows), labels, weights)


def check_is_array(x: Any, name: str = "x") -> None:
    """Raise :class:`~pellucid.errors.ArgumentError` unless ``x`` can be an array of images.

    Generators, data loaders, dicts and file names cannot; the message says what to write instead.
    """
    if isinstance(x, ByRows | list | tuple | Real | np.generic) or hasattr(x, "__array__") or x is None:
        return
    received = f"Received: {name} of type {type(x).__name__}"
    if isinstance(x, str | os.PathLike):
        raise ArgumentError(
            f"{name} is an array of images, not a file's name: read it first, with np.load, "
            f"datasets.read_image or datasets.image_folder. {received}"
        )
    if isinstance(x, Mapping):
        some = ", ".join(f"{name}[{key!r}]" for key in [*x][:3]) or "its arrays"
        raise ArgumentError(f"{name} is one array of images; of this mapping give {some}. {received}")
    raise ArgumentError(
        f"{name} is an array of images, and y the array of their labels; generators and data loaders are not "
        f"taken. Stack their batches with np.concatenate; an array larger than memory can lie in a file: "
        f"np.load(file, mmap_mode='r'). {received}"
    )


def _as_images(x: Any, name: str) -> Images:
    check_is_array(x, name)
    return x if isinstance(x, ByRows) else by_rows(as_numbers(name, x, DataError))


def _check_finite(array: Images, name: str) -> None:
    if array.dtype.kind != "f" or isinstance(array, ScaledImages):
        return
    rows = max(1, CHECKED_AT_A_TIME // max(1, math.prod(array.shape[1:])))
    for start in range(0, len(array), rows):
        finite = np.isfinite(array[start : start + rows])
        if not finite.all():
            place = tuple(int(index) for index in np.argwhere(~finite)[0])
            place = (place[0] + start, *place[1:])
            raise DataError(
                f"{name} holds values that are not finite numbers; the first is "
                f"{name}[{', '.join(map(str, place))}] = {array[place[0]][place[1:]]}. "
                "Remove or replace them (np.nan_to_num) before training."
            )


def _shape_hint(shape: tuple[int, ...], wanted: Shape, name: str) -> str:
    if (*shape[1:], 1) == wanted:
        return f". Add the channel axis: {name}[..., None]"
    if shape == wanted:
        return f". That is one image; make it a batch of one: {name}[None]"
    if (*shape, 1) == wanted:
        return f". That is one image without its channel axis; write {name}[None, ..., None]"
    if shape[:1] == (1,) and shape[2:] == wanted:
        return f". That is a list of one array; give the array itself: {name}[0]"
    if len(wanted) == 3 and len(shape) == 4 and (*shape[2:], shape[1]) == wanted:
        return f". Move the channels last: {name}.transpose(0, 2, 3, 1)"
    if math.prod(shape[1:]) == math.prod(wanted) and len(shape) > 1:
        return f". The same values in the wanted shape: {name}.reshape({', '.join(map(str, (-1, *wanted)))})"
    return ""
