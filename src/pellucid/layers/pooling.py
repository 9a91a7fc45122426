"""Layers that shrink feature maps by taking the largest or the mean value of each window."""

from __future__ import annotations

from typing import Any, ClassVar

from pellucid.core.arguments import whole_pair
from pellucid.core.pass_context import PassContext
from pellucid.functions import (
    average_pool,
    average_pool_backward,
    global_average_pool,
    global_average_pool_backward,
    max_pool,
    max_pool_backward,
)
from pellucid.layers.layer import Array, Gradients, Layer, Shape
from pellucid.layers.windows import known_padding, window_output_size


class Pooling2D(Layer):
    """Base class of max and average pooling; use one of these.

    Parameters
    ----------
    pool_size
        Extent R×S of the window; one number for a square.
    strides
        Step from one window to the next; by default the window's extent, so that windows do not overlap.
    padding
        ``"valid"``: rows and columns at the bottom and right that do not fill a window are ignored.
        ``"same"``: padded, so that H' = ceil(H / stride); padding is never a maximum and does not count in a
        mean.
    """

    options: ClassVar[tuple[str, ...]] = ("pool_size", "strides", "padding")

    def __init__(
        self,
        pool_size: int | tuple[int, int] = (2, 2),
        strides: int | tuple[int, int] | None = None,
        padding: str = "valid",
        **options: Any,
    ) -> None:
        super().__init__(**options)
        kind = type(self).__name__
        self.pool_size = whole_pair(kind, "pool_size", pool_size)
        self.strides = self.pool_size if strides is None else whole_pair(kind, "strides", strides)
        self.padding = known_padding(padding, kind)

    def output_shape_for(self, input_shape: Shape) -> Shape:
        """(H, W, C) -> (H', W', C)."""
        if len(input_shape) != 3:
            raise self._rank_error("feature maps (N, H, W, C)", input_shape)
        return (*window_output_size(self, "window", self.pool_size, input_shape), input_shape[2])


class MaxPooling2D(Pooling2D):
    """The largest value of each window: (N, H, W, C) -> (N, H', W', C).

    Takes the arguments of :class:`Pooling2D`. Among equal maxima in a window, the first in row-major order
    receives the gradient.

    Examples
    --------
    >>> import numpy as np
    >>> MaxPooling2D()(np.arange(16.0).reshape(1, 4, 4, 1))[0, :, :, 0]
    array([[ 5.,  7.],
           [13., 15.]], dtype=float32)
    """

    kind: ClassVar[str] = "max_pooling"

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, H, W, C) -> (n, H', W', C)."""
        pooled = max_pool(inputs, self.pool_size, strides=self.strides, padding=self.padding)
        return pooled, (inputs, pooled)

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """Each window's gradient goes to its maximum."""
        if not inputs_gradient:
            return None, ()
        inputs, pooled = saved
        return max_pool_backward(
            gradient, inputs, self.pool_size, strides=self.strides, padding=self.padding, pooled=pooled
        ), ()


class AveragePooling2D(Pooling2D):
    """The mean of each window: (N, H, W, C) -> (N, H', W', C).

    Takes the arguments of :class:`Pooling2D`.

    Examples
    --------
    >>> import numpy as np
    >>> AveragePooling2D()(np.arange(16.0).reshape(1, 4, 4, 1))[0, :, :, 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]], dtype=float32)
    """

    kind: ClassVar[str] = "average_pooling"

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, H, W, C) -> (n, H', W', C)."""
        return average_pool(inputs, self.pool_size, strides=self.strides, padding=self.padding), inputs

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """Each window's gradient is shared equally among its values."""
        if not inputs_gradient:
            return None, ()
        return average_pool_backward(
            gradient, saved, self.pool_size, strides=self.strides, padding=self.padding
        ), ()


class GlobalAveragePooling2D(Layer):
    """The mean of each feature map: (N, H, W, C) -> (N, C).

    Examples
    --------
    >>> import numpy as np
    >>> GlobalAveragePooling2D()(np.ones((5, 4, 4, 3))).shape
    (5, 3)
    """

    kind: ClassVar[str] = "global_average_pooling"

    def output_shape_for(self, input_shape: Shape) -> Shape:
        """(H, W, C) -> (C,)."""
        if len(input_shape) != 3:
            raise self._rank_error("feature maps (N, H, W, C)", input_shape)
        return input_shape[2:]

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, H, W, C) -> (n, C)."""
        return global_average_pool(inputs), inputs

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """Each map's gradient is shared equally among its values."""
        return global_average_pool_backward(gradient, saved) if inputs_gradient else None, ()
