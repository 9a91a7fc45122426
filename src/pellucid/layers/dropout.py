"""The layer that drops values at random during training."""

from __future__ import annotations

from typing import Any, ClassVar

from pellucid.core.arguments import real_number
from pellucid.core.pass_context import PassContext
from pellucid.core.randomness import stream
from pellucid.functions import dropout, dropout_backward, dropout_mask
from pellucid.layers.layer import ELEMENTWISE, Array, Gradients, Layer


class Dropout(Layer):
    """Sets values to zero with probability ``rate`` during training and scales the others by 1 / (1 - rate).

    Outside training it changes nothing. The mask depends only on the network's seed, the training step, the
    layer and the image's position in the batch (Srivastava et al. 2014, "Dropout").

    Parameters
    ----------
    rate
        Probability of dropping a value, from 0 up to, but not including, 1.

    Raises
    ------
    ArgumentError
        When the rate is outside that range.

    Examples
    --------
    >>> Dropout(0.5)([[1.0, 2.0, 3.0]])
    array([[1., 2., 3.]], dtype=float32)
    """

    kind: ClassVar[str] = "dropout"
    family: ClassVar[str] = ELEMENTWISE
    options: ClassVar[tuple[str, ...]] = ("rate",)

    def __init__(self, rate: float, **options: Any) -> None:
        self.rate = real_number("Dropout", "rate", rate, "[0, 1)")
        super().__init__(**options)

    def mask(self, shape: tuple[int, ...], context: PassContext) -> Array:
        """Return which values a micro-batch of shape (n, …) keeps (True)."""
        generator = stream(context.seed, "dropout", context.iteration, self.index)
        return dropout_mask(shape, self.rate, generator, first=context.first_image)

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """Values times mask / (1 - rate) during training, unchanged otherwise."""
        if not context.training or self.rate == 0:
            return inputs, None
        mask = self.mask(inputs.shape, context)
        return dropout(inputs, mask, self.rate), mask

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """The gradient passes where the value was kept."""
        if not inputs_gradient:
            return None, ()
        return gradient if saved is None else dropout_backward(gradient, saved, self.rate), ()
