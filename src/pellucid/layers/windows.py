"""Padding and output sizes of windows, for convolution and pooling."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from pellucid.core.old_spellings import explain_once
from pellucid.errors import ShapeError, UnknownNameError, nearest
from pellucid.functions.padding import out_size
from pellucid.layers.layer import Layer, Shape

PADDINGS = ("valid", "same")
MOST_CHANNELS = 4  # of an image: grey, colour, colour with transparency
LEAST_SIDE = 8  # of an image; as a number of channels it is implausible
MOST_PADDING = 64  # rows or columns by which a window may be larger than twice its input
_OVER_IMAGES = {"convolution", "max_pooling", "average_pooling", "global_average_pooling"}


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
    if max(window[0] - 2 * height, window[1] - 2 * width) > MOST_PADDING:
        raise ShapeError(
            f"Layer {layer.name!r} ({type(layer).__name__}) has a {window_name} of {window[0]}×{window[1]}, "
            f"far larger than its input: it would see mostly padding. Received: inputs of shape "
            f"{(None, *input_shape)}. Take a smaller {window_name}."
        )
    return out_size((height, width), window, layer.strides, layer.padding)


@contextmanager
def saying_channels_first(network_input: Shape, layer: Layer) -> Iterator[None]:
    """Say, in the layer's error or in a note, that a network's input shape has the channels first.

    A network of dense layers works with any order of axes; one whose windows move over images does not.
    """
    looks_so = layer.kind in _OVER_IMAGES and looks_channels_first(network_input)
    C, H, W = network_input if looks_so else (0, 0, 0)
    hint = (
        f"Input({network_input}) looks like {H}×{W} images with the channel axis first; here it is last: "
        f"write Input(({H}, {W}, {C})), and x.transpose(0, 2, 3, 1) for the images."
    )
    try:
        yield
    except ShapeError as error:
        if not looks_so:
            raise
        raise ShapeError(f"{error} {hint}") from None
    if looks_so:
        explain_once(f"channels first {network_input}", hint)


def looks_channels_first(shape: Shape) -> bool:
    """Return whether the shape of an image is probably (C, H, W), not (H, W, C).

    Examples
    --------
    >>> looks_channels_first((3, 32, 32)), looks_channels_first((32, 32, 3)), looks_channels_first((4, 4, 16))
    (True, False, False)
    """
    return len(shape) == 3 and shape[0] <= MOST_CHANNELS and min(shape[1:]) >= LEAST_SIDE
