"""The layer that scales its inputs, so that a network can take raw pixels."""

from __future__ import annotations

from typing import Any, ClassVar

from pellucid.core.pass_context import PassContext
from pellucid.layers.layer import ELEMENTWISE, Array, Gradients, Layer


class Rescaling(Layer):
    """Computes inputs * scale + offset.

    Parameters
    ----------
    scale, offset
        ``Rescaling(1 / 255)`` maps pixels from 0-255 to 0-1.

    Examples
    --------
    >>> Rescaling(1 / 255)([[0.0, 255.0]])
    array([[0., 1.]], dtype=float32)
    """

    kind: ClassVar[str] = "rescaling"
    family: ClassVar[str] = ELEMENTWISE
    options: ClassVar[tuple[str, ...]] = ("scale", "offset")

    def __init__(self, scale: float, offset: float = 0.0, **options: Any) -> None:
        super().__init__(**options)
        self.scale = float(scale)
        self.offset = float(offset)

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """Scales and shifts; the shape stays the same."""
        return inputs * self.scale + self.offset, None

    def backward(
        self,
        gradient: Array,
        saved: Any,
        *,
        inputs_gradient: bool = True,
    ) -> Gradients:
        """The gradient is scaled by the same factor."""
        return gradient * self.scale if inputs_gradient else None, ()
