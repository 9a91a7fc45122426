"""Layers that change images at random during training, so that a network ignores irrelevant differences.

``fit`` trains with changed images; ``evaluate`` and ``predict`` leave images as they are. Called directly,
``RandomFlip()(images)``, such a layer changes them unless ``training=False``. What happens to an image
depends only on the network's seed, the training step, the layer and the image's position in the batch.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from pellucid.core.arguments import real_number
from pellucid.core.pass_context import PassContext
from pellucid.core.randomness import stream, uniforms
from pellucid.errors import ArgumentError, UnknownNameError, nearest
from pellucid.functions import translate, translate_backward
from pellucid.functions.translation import FILL_MODES
from pellucid.layers.layer import Array, Gradients, Layer, Shape

HORIZONTAL = "horizontal"
VERTICAL = "vertical"
BOTH = "horizontal_and_vertical"
MODES = (HORIZONTAL, VERTICAL, BOTH)

INTERPOLATIONS = ("bilinear", "nearest")


class RandomLayer(Layer):
    """Base class of the random layers: images in, images of the same shape out."""

    in_training_by_default: ClassVar[bool] = True
    purpose: ClassVar[str]  # name of the random stream
    numbers: ClassVar[int]  # random numbers per image

    def output_shape_for(self, input_shape: Shape) -> Shape:
        """(H, W, C) -> (H, W, C)."""
        if len(input_shape) != 3:
            raise self._rank_error("images (N, H, W, C)", input_shape)
        return input_shape

    def _draw(self, images: int, context: PassContext) -> Array:
        """Return the random numbers in [0, 1) for a micro-batch, (n, numbers)."""
        generator = stream(context.seed, self.purpose, context.iteration, self.index)
        return uniforms(generator, images, self.numbers, first=context.first_image)


class RandomFlip(RandomLayer):
    """Flips each image with probability ½ during training.

    Parameters
    ----------
    mode
        ``"horizontal"`` swaps left and right; ``"vertical"`` swaps top and bottom;
        ``"horizontal_and_vertical"`` does both at once, a rotation by 180°, as in Keras 3.

    Raises
    ------
    UnknownNameError
        For an unknown mode; the message suggests the nearest.

    Examples
    --------
    >>> import numpy as np
    >>> RandomFlip("horizontal")(np.arange(4.0).reshape(1, 2, 2, 1), training=False).ravel()
    array([0., 1., 2., 3.], dtype=float32)
    """

    kind: ClassVar[str] = "random_flip"
    options: ClassVar[tuple[str, ...]] = ("mode",)
    purpose = "random flip"
    numbers = 1

    def __init__(self, mode: str = BOTH, **options: Any) -> None:
        super().__init__(**options)
        if mode not in MODES:
            raise UnknownNameError(f"There is no mode {mode!r} of RandomFlip: {nearest(str(mode), MODES)}")
        self.mode = mode

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, H, W, C) -> (n, H, W, C)."""
        if not context.training:
            return inputs, None
        flips = self._draw(len(inputs), context)[:, 0] <= 0.5
        return self._flipped(inputs, flips), flips

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """Flips the same images back."""
        if not inputs_gradient:
            return None, ()
        return gradient if saved is None else self._flipped(gradient, saved), ()

    def _flipped(self, images: Array, flips: Array) -> Array:
        outputs = images.copy()
        columns = slice(None, None, 1 if self.mode == VERTICAL else -1)
        rows = slice(None, None, 1 if self.mode == HORIZONTAL else -1)
        outputs[flips] = images[flips][:, rows, columns]
        return outputs


class RandomTranslation(RandomLayer):
    """Moves each image by its own random distance during training.

    With ``interpolation="nearest"`` distances are rounded to whole pixels, which is four times as fast:
    pixels are copied, not interpolated.

    Parameters
    ----------
    height_factor, width_factor
        Maximal distance as a share of the image's height and width, from -1 to 1: a number f stands for the
        range (-f, f), a pair for (lowest, highest). Down and right are positive. Distances are uniform in the
        range.
    fill_mode
        What fills the pixels from outside the image: ``"reflect"``, ``"wrap"``, ``"constant"`` or
        ``"nearest"``; see :func:`pellucid.functions.translate`.
    interpolation
        ``"bilinear"`` or ``"nearest"``.
    fill_value
        The value for ``fill_mode="constant"``.

    Raises
    ------
    ArgumentError
        For a factor that is out of range or not a number.
    UnknownNameError
        For an unknown fill_mode or interpolation; the message suggests the nearest.

    Examples
    --------
    >>> import numpy as np
    >>> RandomTranslation(0.1, 0.1)(np.arange(4.0).reshape(1, 2, 2, 1), training=False).ravel()
    array([0., 1., 2., 3.], dtype=float32)
    """

    kind: ClassVar[str] = "random_translation"
    options: ClassVar[tuple[str, ...]] = (
        "height_factor",
        "width_factor",
        "fill_mode",
        "interpolation",
        "fill_value",
    )
    purpose = "random translation"
    numbers = 2

    def __init__(
        self,
        height_factor: float | tuple[float, float],
        width_factor: float | tuple[float, float],
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        *,
        fill_value: float = 0.0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.height_factor = _factor(height_factor, "height_factor")
        self.width_factor = _factor(width_factor, "width_factor")
        self.fill_mode = _known(fill_mode, "fill_mode", FILL_MODES)
        self.interpolation = _known(interpolation, "interpolation", INTERPOLATIONS)
        self.fill_value = real_number("RandomTranslation", "fill_value", fill_value, "(-inf, inf)")

    def distances(self, images: int, context: PassContext) -> tuple[Array, Array]:
        """Return how far down and right each image of a micro-batch moves, in pixels, (n,) each."""
        height, width, _ = self.input_shape or ()
        drawn = self._draw(images, context)
        down, right = (
            (lowest + (highest - lowest) * drawn[:, place]) * pixels
            for place, ((lowest, highest), pixels) in enumerate(
                ((_both(self.height_factor), height), (_both(self.width_factor), width))
            )
        )
        return (np.rint(down), np.rint(right)) if self.interpolation == "nearest" else (down, right)

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, H, W, C) -> (n, H, W, C)."""
        if not context.training:
            return inputs, None
        down, right = self.distances(len(inputs), context)
        outputs = translate(inputs, down, right, fill_mode=self.fill_mode, fill_value=self.fill_value)
        return outputs, (down, right)

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """Moves the gradient back to where the pixels came from."""
        if not inputs_gradient:
            return None, ()
        return gradient if saved is None else translate_backward(
            gradient, *saved, fill_mode=self.fill_mode
        ), ()


def _factor(factor: Any, name: str) -> float | tuple[float, float]:
    """Return a factor in Keras's form, one number or two, or raise ArgumentError."""

    def number(value: Any) -> float:
        return real_number("RandomTranslation", name, value, "[-1, 1]")

    if not isinstance(factor, tuple | list):
        return number(factor)
    if len(factor) != 2:
        raise ArgumentError(
            f"RandomTranslation takes {name} as one number or two. Received: {name}={factor!r}"
        )
    return number(factor[0]), number(factor[1])


def _both(factor: float | tuple[float, float]) -> tuple[float, float]:
    """Return the lowest and the highest factor."""
    if isinstance(factor, tuple):
        return min(factor), max(factor)
    return -abs(factor), abs(factor)


def _known(value: Any, name: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise UnknownNameError(
            f"There is no {name} {value!r} of RandomTranslation: {nearest(str(value), known)}"
        )
    return str(value)
