"""A dataset: images and labels, for training and for the final test."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pellucid.datasets.digit_form import DigitForm


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images with their labels, as :func:`load` and :func:`image_folder` return them.

    Attributes
    ----------
    name
        The name it was loaded by.
    x_train, x_test
        Images, uint8 (N, H, W, C), values 0 to ``max_value``; C is 1 for grey, 3 for red, green, blue.
        If the dataset has no test part of its own, ``x_test`` has N = 0: split one off
        (:func:`stratified_split`).
    y_train, y_test
        Labels, int64 (N,): positions in ``classes``.
    classes
        What each label means.
    max_value
        The brightest value a pixel can have: divide by it to scale to [0, 1].
    source
        Where these bytes came from, in words.
    sha256
        What identifies the content: for downloaded datasets, of the lines ``sha256  name`` of their
        files; otherwise of the arrays (:func:`fingerprint`).
    on_black
        Whether the images show light things on a black ground.
    digit_form
        How a digit lies in its image, where each image is a drawing of one digit.

    Examples
    --------
    >>> from pellucid.datasets import load
    >>> digits = load("digits")
    >>> digits.x_train.shape, digits.y_train.shape, len(digits.x_test), digits.max_value
    ((1797, 8, 8, 1), (1797,), 0, 16)
    >>> digits
    Dataset(name='digits', classes=('0', '1', ...), max_value=16, source='inside scikit-learn ...', ...)
    """

    name: str
    x_train: NDArray[np.uint8] = field(repr=False)
    y_train: NDArray[np.int64] = field(repr=False)
    x_test: NDArray[np.uint8] = field(repr=False)
    y_test: NDArray[np.int64] = field(repr=False)
    classes: tuple[str, ...]
    max_value: int
    source: str
    sha256: str
    on_black: bool = False
    digit_form: DigitForm | None = field(default=None, repr=False)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(H, W, C) of an image."""
        height, width, channels = self.x_train.shape[1:]
        return height, width, channels


def fingerprint(classes: tuple[str, ...], *arrays: NDArray[np.generic]) -> str:
    """Return the sha256, in hex, of class names and arrays: of shapes, types and values.

    Examples
    --------
    >>> fingerprint(("cat",), np.zeros(3, np.uint8)) == fingerprint(("cat",), np.zeros(3, np.uint8))
    True
    >>> fingerprint(("cat",), np.zeros(3, np.uint8)) == fingerprint(("cat",), np.zeros((3, 1), np.uint8))
    False
    """
    digest = hashlib.sha256("\0".join(classes).encode(errors="surrogateescape"))
    for array in arrays:
        digest.update(f"\0{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()
