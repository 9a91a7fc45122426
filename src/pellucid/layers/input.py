"""The input shape, declared at the start of a network."""

from __future__ import annotations

from typing import Any

from pellucid.core.arguments import is_whole
from pellucid.core.old_spellings import reject_unknown
from pellucid.errors import ShapeError
from pellucid.layers.layer import Shape


class Input:
    """The input of a network: arrays of shape (N, *shape).

    Parameters
    ----------
    shape
        Shape of one image, without the batch axis: (28, 28, 1), or (784,) when flat.

    Raises
    ------
    ShapeError
        When an extent is not a positive whole number.

    Examples
    --------
    >>> Input(shape=(28, 28, 1))
    Input(shape=(28, 28, 1))
    """

    def __init__(self, shape: Shape, name: str | None = None, **unknown: Any) -> None:
        reject_unknown("Input", unknown, ["shape", "name"])
        extents = (shape,) if isinstance(shape, int) else tuple(shape)
        if not all(map(is_whole, extents)) or not extents:
            raise ShapeError(
                "Input takes the shape of one image, without the batch axis, such as shape=(28, 28, 1). "
                f"Received: shape={shape!r}"
            )
        self.shape = tuple(int(extent) for extent in extents)
        self.name = name

    def __repr__(self) -> str:
        return f"Input(shape={self.shape})"


InputLayer = Input
