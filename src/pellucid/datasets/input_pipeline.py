"""How an image enters a network, described once: for training, evaluation, prediction and export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from pellucid.datasets.digit_form import DigitForm
from pellucid.errors import ShapeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pellucid.datasets.dataset import Dataset
    from pellucid.datasets.info import DatasetInfo
    from pellucid.engine.images import ScaledImages


@dataclass(frozen=True)
class InputPipeline:
    """From the pixels of an image to the numbers that a network takes.

    Attributes
    ----------
    shape
        (H, W, C) of an image; C is 1 for grey, 3 for red, green, blue.
    max_value
        The brightest value that a pixel can have.
    scaled
        Whether pixels are divided by ``max_value``.
    flat
        Whether an image enters as one row of H·W·C numbers.
    on_black
        Whether the images show light things on a black ground.
    digit_form
        How a digit lies in its image, where each image is a drawing of one digit.

    Examples
    --------
    >>> from pellucid.datasets import describe
    >>> pipeline = InputPipeline.of(describe("digits"), scaled=True, flat=True)
    >>> pipeline.input_shape
    (64,)
    >>> pipeline.inputs(np.full((2, 8, 8, 1), 12, np.uint8))[:][:, :3]
    array([[0.75, 0.75, 0.75],
           [0.75, 0.75, 0.75]], dtype=float32)
    """

    shape: tuple[int, int, int]
    max_value: int
    scaled: bool = True
    flat: bool = False
    on_black: bool = False
    digit_form: DigitForm | None = None

    @classmethod
    def of(cls, data: Dataset | DatasetInfo, *, scaled: bool = True, flat: bool = False) -> Self:
        """Return the pipeline of a dataset's images."""
        return cls(data.shape, data.max_value, scaled, flat, data.on_black, data.digit_form)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape of an image as the network takes it."""
        return (prod(self.shape),) if self.flat else self.shape

    def inputs(self, pixels: NDArray[np.integer[Any]]) -> ScaledImages:
        """Return images (N, H, W, C), values 0 to ``max_value``, as the network takes them: float32.

        They are converted when they are taken, ``inputs(pixels)[rows]``, and stay as they are until then.

        Raises
        ------
        ShapeError
            When the images are not (N, H, W, C).
        """
        from pellucid.engine.images import ScaledImages

        if pixels.shape[1:] != self.shape:
            shape = ", ".join(map(str, self.shape))
            raise ShapeError(f"Images must be (N, {shape}). Received: pixels.shape={pixels.shape}")
        return ScaledImages(pixels, self.max_value if self.scaled else None, flat=self.flat)

    def in_range(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return pixels from 0 to 255, as image files have them, as values from 0 to ``max_value``.

        Examples
        --------
        >>> InputPipeline((8, 8, 1), max_value=16).in_range(np.array([0, 100, 255], np.uint8))
        array([ 0,  6, 16], dtype=uint8)
        """
        if self.max_value == 255:
            return pixels
        values: NDArray[np.float32] = pixels.astype(np.float32) * np.float32(self.max_value / 255)
        return np.rint(values).astype(np.uint8)

    def to_config(self) -> dict[str, Any]:
        """Return the pipeline as JSON-able data."""
        return {**asdict(self), "shape": list(self.shape)}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return the pipeline that ``to_config`` described; keys that are not its own are passed over.

        Raises
        ------
        KeyError, TypeError, ValueError
            When a value is missing or cannot be.

        Examples
        --------
        >>> pipeline = InputPipeline((28, 28, 1), max_value=255, flat=True)
        >>> InputPipeline.from_config(pipeline.to_config()) == pipeline
        True
        """
        height, width, channels = config["shape"]
        form = config.get("digit_form")
        return cls(
            shape=(int(height), int(width), int(channels)),
            max_value=int(config["max_value"]),
            scaled=bool(config["scaled"]),
            flat=bool(config["flat"]),
            on_black=bool(config.get("on_black", False)),
            digit_form=None if form is None else DigitForm(**form),
        )
