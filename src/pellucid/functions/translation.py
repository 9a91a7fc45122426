"""Translation: each image is moved by its own distance, and the space that it leaves is filled.

    y[n, i, j] = x[n, i - down_n, j - right_n]

A distance need not be whole: between pixels the value is a mean of the four around, weighted by how near they
are (bilinear interpolation). What lies outside the image is made up by one of four rules, here for the row
a b c d (the names are SciPy's and Keras's):

    "reflect"   d c b a | a b c d | d c b a
    "nearest"   a a a a | a b c d | d d d d
    "wrap"      a b c d | a b c d | a b c d
    "constant"  k k k k | a b c d | k k k k
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pellucid.errors import ArgumentError, ShapeError, UnknownNameError, nearest
from pellucid.functions.arrays import ArrayLike, Floats, as_floats

if TYPE_CHECKING:
    from collections.abc import Iterator

FILL_MODES = ("reflect", "wrap", "constant", "nearest")

Whole = NDArray[np.intp]
Mask = NDArray[np.bool_]


def translate(
    images: ArrayLike,
    down: ArrayLike,
    right: ArrayLike,
    *,
    fill_mode: str = "reflect",
    fill_value: float = 0.0,
) -> Floats:
    """Move each image of a batch down and to the right.

    Parameters
    ----------
    images
        A batch (N, H, W, C). It is not changed.
    down, right
        By how many pixels, (N,): negative is up and left. Whole distances only copy pixels.
    fill_mode
        What comes in from outside: ``"reflect"``, ``"wrap"``, ``"constant"`` or ``"nearest"``, see above.
    fill_value
        The constant of ``"constant"``.

    Returns
    -------
    Floats
        An array of the same shape and dtype (float32 for whole numbers).

    Raises
    ------
    ShapeError
        When the images are not a batch, or have no pixels, or there is not one distance for each.
    ArgumentError
        When a distance is not finite.
    UnknownNameError
        For an unknown rule of filling; the nearest name is offered.

    Examples
    --------
    >>> row = np.array([1.0, 2.0, 3.0, 4.0]).reshape(1, 1, 4, 1)
    >>> translate(row, [0], [2], fill_mode="constant").ravel()
    array([0., 0., 1., 2.])
    >>> translate(row, [0], [-1.5], fill_mode="nearest").ravel()
    array([2.5, 3.5, 4. , 4. ])
    """
    images = _checked("images", images)
    pixels = images.reshape(-1, images.shape[3])  # (N, H, W, C) -> (N·H·W, C)
    outputs: Floats | None = None
    for index, outside, weight in _neighbours(images.shape, down, right, fill_mode):
        part = pixels.take(index, axis=0)  # (N, H, W, C)
        if outside is not None:
            part[outside] = fill_value
        if weight is not None:
            part *= weight.astype(part.dtype)
        outputs = part if outputs is None else outputs + part
    assert outputs is not None  # noqa: S101 - there is at least one neighbour
    return outputs


def translate_backward(
    gradient: ArrayLike, down: ArrayLike, right: ArrayLike, *, fill_mode: str = "reflect"
) -> Floats:
    """Bring the gradient back to where the pixels came from.

    Parameters
    ----------
    gradient
        dLoss/dOutputs, (N, H, W, C).
    down, right, fill_mode
        What :func:`translate` was given.

    Returns
    -------
    Floats
        dLoss/dImages. A pixel that was copied to several places receives the sum of what these have; one that
        left the image receives nothing.

    Raises
    ------
    ShapeError, ArgumentError, UnknownNameError
        As :func:`translate`.

    Examples
    --------
    >>> translate_backward(np.ones((1, 1, 4, 1)), [0], [2], fill_mode="nearest").ravel()
    array([3., 1., 0., 0.])
    """
    gradient = _checked("gradient", gradient)
    d_images = np.zeros(gradient.shape, gradient.dtype)
    d_pixels = d_images.reshape(-1, gradient.shape[3])
    for index, outside, weight in _neighbours(gradient.shape, down, right, fill_mode):
        part = gradient if weight is None else gradient * weight.astype(gradient.dtype)
        if outside is not None:
            part = np.where(outside[..., np.newaxis], 0, part)
        np.add.at(d_pixels, index.reshape(-1), part.reshape(-1, gradient.shape[3]))
    return d_images


def _checked(name: str, images: ArrayLike) -> Floats:
    images = as_floats(name, images)
    if images.ndim != 4 or 0 in images.shape[1:]:
        raise ShapeError(
            f"{name} must be a batch (N, H, W, C) of images with pixels. "
            f"Received: {name}.shape={images.shape}"
        )
    return images


def _neighbours(
    shape: tuple[int, ...], down: ArrayLike, right: ArrayLike, fill_mode: str
) -> Iterator[tuple[Whole, Mask | None, Floats | None]]:
    """Yield the pixels that each pixel comes from: one, or two or four where distances are not whole.

    For each of them: where it lies in (N·H·W), as (N, H, W); which of these lie outside the image, where that
    matters; and by how much it counts, (N, 1, 1, 1), None for 1.
    """
    if fill_mode not in FILL_MODES:
        raise UnknownNameError(
            f"fill_mode must be one of {', '.join(map(repr, FILL_MODES))}. Received: {fill_mode=}: "
            + nearest(str(fill_mode).lower(), FILL_MODES)
        )
    N, H, W, _ = shape
    rows = [(*_sources(d, H, fill_mode), weight) for d, weight in _whole_distances("down", down, N)]
    columns = [(*_sources(d, W, fill_mode), weight) for d, weight in _whole_distances("right", right, N)]
    first = np.arange(N)[:, np.newaxis] * H  # the row of all rows that an image begins at
    for row, row_outside, row_weight in rows:
        for column, column_outside, column_weight in columns:
            index = ((first + row) * W)[:, :, np.newaxis] + column[:, np.newaxis, :]
            outside = None
            if fill_mode == "constant":
                outside = row_outside[:, :, np.newaxis] | column_outside[:, np.newaxis, :]
            exact = len(rows) == len(columns) == 1
            yield index, outside, None if exact else (row_weight * column_weight).reshape(-1, 1, 1, 1)


def _whole_distances(name: str, distances: ArrayLike, images: int) -> list[tuple[Floats, Floats]]:
    """Return the whole distances below and above each distance, and how much each counts; all (N,)."""
    values = as_floats(name, distances).astype(np.float64)
    if values.shape != (images,):
        raise ShapeError(
            f"{name} must be one distance for each image, ({images},). Received: {name}.shape={values.shape}"
        )
    if not np.isfinite(values).all():
        raise ArgumentError(f"{name} must be finite distances. Received: {name}={values}")
    below = np.floor(values)
    rest = values - below
    if not rest.any():
        return [(below, np.ones_like(below))]
    return [(below, 1 - rest), (below + 1, rest)]


def _sources(distances: Floats, pixels: int, fill_mode: str) -> tuple[Whole, Mask]:
    """Return which pixel of its row, or column, each one comes from, (N, pixels), and which lie outside."""
    source = np.arange(pixels) - distances[:, np.newaxis]
    outside = (source < 0) | (source >= pixels)
    if fill_mode == "wrap":
        source %= pixels
    elif fill_mode == "reflect":
        source %= 2 * pixels
        source = np.minimum(source, 2 * pixels - 1 - source)
    return np.clip(source, 0, pixels - 1).astype(np.intp), outside
