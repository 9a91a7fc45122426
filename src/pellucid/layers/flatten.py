"""The layer that flattens feature maps to vectors."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from pellucid.core.pass_context import PassContext
from pellucid.layers.layer import Array, Gradients, Layer, Shape


class Flatten(Layer):
    """Flattens row by row, channels innermost: (N, H, W, C) -> (N, H·W·C).

    Examples
    --------
    >>> import numpy as np
    >>> Flatten()(np.zeros((5, 12, 12, 64))).shape
    (5, 9216)
    """

    kind: ClassVar[str] = "flatten"

    def output_shape_for(self, input_shape: Shape) -> Shape:
        """(H, W, C) -> (H·W·C,)."""
        return (math.prod(input_shape),)

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, H, W, C) -> (n, H·W·C)."""
        return inputs.reshape(len(inputs), -1), inputs.shape

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """(n, H·W·C) -> (n, H, W, C)."""
        return gradient.reshape(saved) if inputs_gradient else None, ()
