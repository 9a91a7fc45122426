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
        """max(0, x). The backward pass needs only the outputs: they are positive where the inputs were."""
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
        """Computed from the probabilities alone."""
        return softmax_backward(gradient, saved) if inputs_gradient else None, ()


# The layers that ``activation="relu"`` stands for, by their names in ``pellucid.activations``
BY_NAME: dict[str, type[Layer]] = {layer.kind: layer for layer in (ReLU, Softmax)}


def activation_part(name: str, owner: Layer) -> list[Layer]:
    """Return the activation ``name`` as the elementary layers that follow ``owner``: none for linear."""
    if name == "linear":
        return []
    layer = BY_NAME[name](name=f"{owner.name}/{name}", dtype=owner.dtype)
    layer.part_of = owner.name
    layer.input_shape = layer.output_shape = owner.output_shape
    return [layer]


class ActivationName:
    """The attribute ``activation`` of a layer: set it to a name, a function or None; it holds the name."""

    def __get__(self, layer: Layer | None, kind: type[Layer] | None = None) -> str:
        if layer is None:
            raise AttributeError("activation is an attribute of layers, not of their class")
        name: str = vars(layer)["activation"]
        return name

    def __set__(self, layer: Layer, activation: activations.ActivationLike) -> None:
        vars(layer)["activation"] = activations.name_of(activation)


class Activation(Layer):
    """An activation function, by its name, as a separate layer.

    Parameters
    ----------
    activation
        ``"relu"``, ``"softmax"`` or ``"linear"``.

    Examples
    --------
    >>> Activation("relu")([[-1.0, 2.0]])
    array([[0., 2.]], dtype=float32)
    """

    kind: ClassVar[str] = "activation"  # no operation has this kind: operations() returns a ReLU or Softmax
    options: ClassVar[tuple[str, ...]] = ("activation",)
    activation = ActivationName()

    def __init__(self, activation: activations.ActivationLike, **options: Any) -> None:
        super().__init__(**options)
        self.activation = activation

    def operations(self) -> list[Layer]:
        """The ReLU or Softmax layer that computes it; none for linear."""
        return activation_part(self.activation, self)
