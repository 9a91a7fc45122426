"""The compiled engine: fast forms and helpers that Numba compiles for this processor."""

from __future__ import annotations

from functools import partial

import numpy as np

from pellucid.engine.images import Images, NumpySource, ScaledImages
from pellucid.engine.loss_head import FusedLoss
from pellucid.engine.staged import StagedEngine
from pellucid.engine.values import ImageSource
from pellucid.engine.workers import HandOff
from pellucid.fast import availability
from pellucid.fast.forms import forms_for
from pellucid.layers.layer import Array


class FloatSource:
    """Gathers float32 images that lie contiguously in memory."""

    def __init__(self, images: Array) -> None:
        from pellucid.fast.gathering.compiled_gathering import gather

        self.shape = images.shape[1:]
        self.values = images.reshape(len(images), -1)
        self.gather = gather

    def rows(self, numbers: Array) -> Array:
        """Return the images with these indices (n,), which must be in range."""
        found = np.empty((len(numbers), *self.shape), np.float32)
        self.gather(self.values, numbers, found.reshape(len(numbers), -1))
        return found


class PixelSource:
    """Gathers uint8 pixels as float32 and scales them, in one pass."""

    def __init__(self, images: ScaledImages) -> None:
        from pellucid.fast.gathering.compiled_gathering import gather_scaled

        self.shape = images.shape[1:]
        self.pixels = images.pixels.reshape(len(images), -1)
        self.divisor = np.float32(1 if images.divisor is None else images.divisor)
        self.gather_scaled = gather_scaled

    def rows(self, numbers: Array) -> Array:
        """Return the images with these indices (n,), which must be in range."""
        found = np.empty((len(numbers), *self.shape), np.float32)
        self.gather_scaled(self.pixels, numbers, self.divisor, found.reshape(len(numbers), -1))
        return found


def source_of(images: Images, dtype: str) -> ImageSource:
    """Return the fastest source of images as arrays of a dtype."""
    if dtype == "float32" and isinstance(images, ScaledImages):
        pixels = images.pixels
        return (
            PixelSource(images)
            if pixels.dtype == np.uint8 and _lies_in_order(pixels)
            else NumpySource(images, dtype)
        )
    if isinstance(images, np.ndarray) and images.dtype == dtype == "float32" and _lies_in_order(images):
        return FloatSource(images)
    return NumpySource(images, dtype)


def _lies_in_order(images: Array) -> bool:
    """Return whether a compiled function can gather images directly from memory."""
    return images.flags.c_contiguous and images.dtype.isnative and images.size > 0


def _fused_loss() -> FusedLoss:
    from pellucid.fast.cross_entropy.compiled_cross_entropy import softmax_cross_entropy

    return softmax_cross_entropy


def _hand_off() -> HandOff:
    from pellucid.fast import hand_off

    hand_off.warm_up()
    return hand_off


COMPILED = StagedEngine(
    "compiled",
    "Fast forms that Numba compiles for this processor (pip install 'pellucid[fast]'): some seconds, once.",
    "The same bits every time on one kind of processor, on any number of threads; the last bits differ from "
    "those of other engines.",
    forms=partial(forms_for, "compiled"),
    source=source_of,
    fused_loss=_fused_loss,
    compiled_updates=True,
    hand_off=_hand_off,
    requirement=availability.available,
)
