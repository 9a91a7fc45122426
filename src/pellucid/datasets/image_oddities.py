"""What is odd about an image file that can be read: few of the values used, a hidden drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL import Image

LEAST_SPREAD = 16  # of 256 levels between the darkest and the brightest value of an image with a motif
SIXTEEN_BIT = 65_535
LEAST_HIGHEST = 16_384  # of 16-bit values; images with less were measured with 14 bits or fewer


def stored_as(image: Image.Image) -> str:
    """Return how an opened image file stores its values, as Pillow calls it, such as "RGB;16B"."""
    tile: list[Any] = getattr(image, "tile", [])
    if not tile:
        return image.mode
    arguments = tile[0][3]
    raw_mode = arguments[0] if isinstance(arguments, tuple) and arguments else arguments
    return raw_mode if isinstance(raw_mode, str) else image.mode


def oddities(opened: Image.Image, image: Image.Image, raw_mode: str) -> list[str]:
    """Return what is odd about an image, in words; an empty list for most.

    Parameters
    ----------
    opened
        The image as it is in the file.
    image
        The same as 8-bit grey or colour.
    raw_mode
        What :func:`stored_as` returned for it.
    """
    hidden = _in_transparency(opened, image)
    if hidden:
        return [hidden]
    spread = _spread(image)
    if _has_sixteen_bits(opened, raw_mode):
        few = _few_of_sixteen_bits(opened) if spread <= 256 * LEAST_HIGHEST // (SIXTEEN_BIT + 1) else ""
        return [few] if few else []
    if 0 < spread < LEAST_SPREAD:
        low, high = image.convert("L").getextrema()
        return [
            f"its values use a small part of their range, {low} to {high} of 255: it is nearly one flat "
            "tone. If they are numbers of classes or other measurements, scale them to 0 to 255 first"
        ]
    return []


def _in_transparency(opened: Image.Image, image: Image.Image) -> str:
    """Return that the image's drawing is lost on white, where it is."""
    if not opened.has_transparency_data or opened.mode.startswith("I"):
        return ""
    alpha = opened.convert("RGBA").getchannel("A")
    if _spread(alpha) < LEAST_SPREAD or _spread(image) >= LEAST_SPREAD:
        return ""
    return (
        "its drawing lies in the transparency: on white, which transparent areas become, nothing of it is "
        "seen. Save it on a ground of another tone"
    )


def _has_sixteen_bits(opened: Image.Image, raw_mode: str) -> bool:
    return opened.mode.startswith("I") or ";16" in raw_mode


def _few_of_sixteen_bits(opened: Image.Image) -> str:
    """Return that 16-bit values use few of their 65,536 levels, where they do."""
    values = np.asarray(opened)
    grey = opened.mode.startswith("I")
    low, high = (int(value) * (1 if grey else 257) for value in (values.min(), values.max()))
    if grey and low == high:
        return ""
    spread = f"its 16-bit values use a small part of their range, {low:,} to {high:,} of {SIXTEEN_BIT:,}"
    if high < LEAST_HIGHEST:
        bits = max(8, high.bit_length())
        return (
            f"{spread}: it comes out nearly black. If they were measured with {bits} bits, save them "
            f"multiplied by {SIXTEEN_BIT / (2**bits - 1):.6g}, or in 8 bits"
        )
    if high - low < SIXTEEN_BIT * LEAST_SPREAD // 256:
        return f"{spread}: it is nearly one flat tone. Scale them to 0 to {SIXTEEN_BIT:,} first"
    return ""


def _spread(image: Image.Image) -> int:
    """Return the largest difference between two pixels in any channel; 0 for an image of one colour."""
    extremes: Any = image.getextrema()  # computed without a copy: an image may have 89 million pixels
    channels = extremes if isinstance(extremes[0], tuple) else (extremes,)
    return int(max(high - low for low, high in channels))
