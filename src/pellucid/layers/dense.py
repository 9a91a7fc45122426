"""The fully connected layer."""

from __future__ import annotations

from typing import Any, ClassVar

from pellucid import activations, initializers
from pellucid.core.arguments import whole_number
from pellucid.core.pass_context import PassContext
from pellucid.functions import fully_connected, fully_connected_backward
from pellucid.layers.activation import ActivationName, activation_part
from pellucid.layers.layer import Array, Gradients, Layer, Shape


class Dense(Layer):
    """Each of ``units`` outputs is a weighted sum of all D inputs: (N, D) -> (N, U).

    Parameters
    ----------
    units
        Number of outputs, U.
    activation
        Name of the function applied to the outputs; None means ``"linear"``.
    use_bias
        Whether to add a bias to each output.
    kernel_initializer, bias_initializer
        Initializers of the weights (D, U) and the biases (U,).

    Raises
    ------
    ArgumentError
        When ``units`` is not a positive whole number.

    Examples
    --------
    >>> import numpy as np
    >>> Dense(2)(np.ones((5, 3))).shape
    (5, 2)
    """

    kind: ClassVar[str] = "dense"
    options: ClassVar[tuple[str, ...]] = (
        "units",
        "activation",
        "use_bias",
        "kernel_initializer",
        "bias_initializer",
    )
    is_dense: ClassVar[bool] = True
    activation = ActivationName()

    def __init__(
        self,
        units: int,
        activation: activations.ActivationLike = None,
        use_bias: bool = True,
        kernel_initializer: initializers.InitializerLike = "glorot_uniform",
        bias_initializer: initializers.InitializerLike = "zeros",
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.units = whole_number("Dense", "units", units)
        self.activation = activation
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)

    def output_shape_for(self, input_shape: Shape) -> Shape:
        """(D,) -> (U,)."""
        if len(input_shape) != 1:
            raise self._rank_error("flat inputs (N, D); put a Flatten() before it", input_shape)
        return (self.units,)

    def parameter_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        """The kernel (D, U) and the bias (U,)."""
        shapes: dict[str, Shape] = {"kernel": (input_shape[0], self.units)}
        if self.use_bias:
            shapes["bias"] = (self.units,)
        return shapes

    def operations(self) -> list[Layer]:
        """The weighted sums, then the activation."""
        return [self, *activation_part(self.activation, self)]

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, D) @ (D, U) + (U,) -> (n, U)."""
        return fully_connected(inputs, self.parameters["kernel"], self.parameters.get("bias")), inputs

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """(n, U) -> (n, D), and (D, U), (U,)."""
        d_inputs, d_kernel, d_bias = fully_connected_backward(
            gradient, saved, self.parameters["kernel"], inputs_gradient=inputs_gradient
        )
        return d_inputs, (d_kernel, d_bias) if self.use_bias else (d_kernel,)
