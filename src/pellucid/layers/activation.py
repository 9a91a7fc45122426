"""Layers that apply a function to each value (ReLU) or to each image's outputs (Softmax)."""

from __future__ import annotations

from typing import Any, ClassVar

from pellucid import activations
from pellucid.core.pass_context import PassContext
from pellucid.functions import relu, relu_backward, softmax, softmax_backward
from pellucid.layers.layer import ELEMENTWISE, Array, Gradients, Layer


class ReLU(Layer):
    """Rectification: negative values become zero. Its gradient at zero is zero.

    Examples
    --------
    >>> ReLU()([[-1.0, 2.0]])
    array([[0., 2.]], dtype=float32)
    """

    kind: ClassVar[str] = "relu"
    family: ClassVar[str] = ELEMENTWISE

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """max(0, x); the backward needs the outputs only: they are positive where the inputs were."""
        outputs = relu(inputs)
        return outputs, outputs

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """The gradient passes where the output is positive."""
        return relu_backward(gradient, saved) if inputs_gradient else None, ()


class Softmax(Layer):
    """Probabilities over the last axis.

    Examples
    --------
    >>> Softmax()([[0.0, 0.0]])
    array([[0.5, 0.5]], dtype=float32)
    """

    kind: ClassVar[str] = "softmax"

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """exp(x) / sum(exp(x)), computed stably."""
        probabilities = softmax(inputs)
        return probabilities, probabilities

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """From the probabilities alone."""
        return softmax_backward(gradient, saved) if inputs_gradient else None, ()


# The layers that ``activation="relu"`` stands for, by the names in ``pellucid.activations``
BY_NAME: dict[str, type[Layer]] = {layer.kind: layer for layer in (ReLU, Softmax)}


def activation_part(name: str, owner: Layer) -> list[Layer]:
    """Return the activation ``name`` as the elementary layer that follows ``owner``; none for linear."""
    if name == "linear":
        return []
    layer = BY_NAME[name](name=f"{owner.name}/{name}", dtype=owner.dtype)
    layer.part_of = owner.name
    layer.input_shape = layer.output_shape = owner.output_shape
    return [layer]


class Activation(Layer):
    """The function of that name as a layer of its own.

    Parameters
    ----------
    activation
        ``"relu"``, ``"softmax"`` or ``"linear"``.

    Examples
    --------
    >>> Activation("relu")([[-1.0, 2.0]])
    array([[0., 2.]], dtype=float32)
    """

    kind: ClassVar[str] = "activation"  # of no operation: it makes the one meant
    options: ClassVar[tuple[str, ...]] = ("activation",)

    def __init__(self, activation: activations.ActivationLike, **options: Any) -> None:
        super().__init__(**options)
        self.activation = activations.name_of(activation)

    def operations(self) -> list[Layer]:
        """The ReLU or Softmax meant; nothing for linear."""
        return activation_part(self.activation, self)
