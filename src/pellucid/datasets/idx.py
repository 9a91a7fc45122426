"""The idx format of MNIST, as its home page describes it: a header of big-endian numbers, then the values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import numpy as np

from pellucid.datasets.fetching.downloads import File
from pellucid.errors import DatasetError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pellucid.datasets.fetching.downloads import Contents
    from pellucid.datasets.info import Subset

FILES_BY_HAND = (
    "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and "
    "t10k-labels-idx1-ubyte.gz"
)
_TYPES: dict[int, np.dtype[np.generic]] = {0x08: np.dtype(np.uint8), 0x0C: np.dtype(">i4")}


def parse(content: NDArray[np.uint8], name: str) -> NDArray[np.generic]:
    """Return the array in the bytes of the idx file called ``name``; it shares their memory.

    Two zero bytes, one for the type (0x08: uint8, 0x0C: int32), one for the number of axes; then each
    axis's length in four bytes; then the values, last axis fastest.

    Raises
    ------
    DatasetError
        When the bytes are not in that format.

    Examples
    --------
    >>> parse(np.array([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3, 7, 8, 9], np.uint8), "three")
    array([[7, 8, 9]], dtype=uint8)
    """
    if len(content) < 4 or content[0] or content[1] or int(content[2]) not in _TYPES:
        raise DatasetError(
            f"{name} is not an idx file of uint8 or int32. Received: start={bytes(content[:4])!r}"
        )
    dtype = _TYPES[int(content[2])]
    start = 4 + 4 * int(content[3])
    if len(content) < start:
        raise DatasetError(
            f"{name} is damaged: it ends inside its header of {start} bytes. Received: size={len(content)}"
        )
    shape = tuple(int(length) for length in content[4:start].view(">u4"))
    wanted = start + math.prod(shape) * dtype.itemsize
    if len(content) != wanted:
        raise DatasetError(
            f"{name} is damaged: an idx file of shape {shape} has {wanted} bytes. "
            f"Received: size={len(content)}"
        )
    values: NDArray[np.generic] = content[start:].view(dtype)
    try:
        return values.reshape(shape)
    except ValueError:  # an axis of length 0 hides others that no array can have
        raise DatasetError(
            f"{name} is damaged: there is no array of this shape. Received: shape={shape}"
        ) from None


def idx_files(*sums: str) -> tuple[File, ...]:
    """Return the four files of MNIST, and of datasets made like it, with these sha256 sums."""
    return (
        File("train-images-idx3-ubyte", 16 + 60_000 * 28 * 28, sums[0]),
        File("train-labels-idx1-ubyte", 8 + 60_000, sums[1]),
        File("t10k-images-idx3-ubyte", 16 + 10_000 * 28 * 28, sums[2]),
        File("t10k-labels-idx1-ubyte", 8 + 10_000, sums[3]),
    )


def read_idx(contents: Contents) -> tuple[Subset, Subset]:
    """Return the training and test part in these four files."""
    x_train, y_train, x_test, y_test = (parse(content, name) for name, content in contents.items())
    return _subset(x_train, y_train), _subset(x_test, y_test)


def _subset(images: NDArray[np.generic], labels: NDArray[np.generic]) -> Subset:
    # (N, H, W) -> (N, H, W, 1)
    return cast("NDArray[np.uint8]", images)[..., np.newaxis], labels.astype(np.int64)
