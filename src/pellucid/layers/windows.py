"""Padding and output sizes of windows, for convolution and pooling."""

from __future__ import annotations

from typing import Protocol

from pellucid.errors import ShapeError, UnknownNameError, nearest
from pellucid.functions.padding import out_size
from pellucid.layers.layer import Shape

PADDINGS = ("valid", "same")


class Windowed(Protocol):
    """A layer whose window moves over an image."""

    name: str
    strides: tuple[int, int]
    padding: str


def known_padding(padding: str, layer: str) -> str:
    """Return the padding in lower case, as Keras does, or raise UnknownNameError."""
    name = str(padding).lower()
    if name not in PADDINGS:
        raise UnknownNameError(f"{layer} knows no padding {padding!r}: {nearest(name, PADDINGS)}")
    return name


def window_output_size(
    layer: Windowed, window_name: str, window: tuple[int, int], input_shape: Shape
) -> tuple[int, int]:
    """Return (H', W') for a layer with ``strides`` and ``padding`` whose window slides over (H, W, C)."""
    height, width = input_shape[:2]
    if layer.padding == "valid" and (window[0] > height or window[1] > width):
        raise ShapeError(
            f"Layer {layer.name!r} ({type(layer).__name__}) has a {window_name} of {window[0]}×{window[1]}, "
            f"larger than its input. Received: inputs of shape {(None, *input_shape)}. "
            f'Take a smaller {window_name}, padding="same", or fewer layers that shrink the image before it.'
        )
    return out_size((height, width), window, layer.strides, layer.padding)
