"""The convolutional layer."""

from __future__ import annotations

from typing import Any, ClassVar

from pellucid import activations, initializers
from pellucid.core.arguments import whole_number, whole_pair
from pellucid.core.pass_context import PassContext
from pellucid.functions import convolve, convolve_backward
from pellucid.layers.activation import ActivationName, activation_part
from pellucid.layers.layer import Array, Gradients, Layer, Shape
from pellucid.layers.windows import known_padding, window_output_size


class Conv2D(Layer):
    """K kernels slide over the image, each producing a feature map: (N, H, W, C) -> (N, H', W', K).

    Kernels are applied without flipping (cross-correlation), as in every network library.

    Parameters
    ----------
    filters
        Number of kernels, K.
    kernel_size
        Extent R×S of a kernel; one number for a square.
    strides
        Step from one position to the next, in rows and columns.
    padding
        ``"valid"`` (kernels stay inside the image) or ``"same"`` (zero padding, so that H' = ceil(H /
        stride)).
    activation, use_bias, kernel_initializer, bias_initializer
        As in :class:`~pellucid.layers.Dense`.

    Raises
    ------
    ArgumentError
        When a number is not a positive whole number, or the padding is unknown.

    Examples
    --------
    >>> import numpy as np
    >>> Conv2D(32, 3, activation="relu")(np.ones((5, 28, 28, 1))).shape
    (5, 26, 26, 32)
    """

    kind: ClassVar[str] = "convolution"
    options: ClassVar[tuple[str, ...]] = (
        "filters",
        "kernel_size",
        "strides",
        "padding",
        "activation",
        "use_bias",
        "kernel_initializer",
        "bias_initializer",
    )
    activation = ActivationName()

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, int],
        strides: int | tuple[int, int] = 1,
        padding: str = "valid",
        activation: activations.ActivationLike = None,
        use_bias: bool = True,
        kernel_initializer: initializers.InitializerLike = "glorot_uniform",
        bias_initializer: initializers.InitializerLike = "zeros",
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.filters = whole_number("Conv2D", "filters", filters)
        self.kernel_size = whole_pair("Conv2D", "kernel_size", kernel_size)
        self.strides = whole_pair("Conv2D", "strides", strides)
        self.padding = known_padding(padding, "Conv2D")
        self.activation = activation
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)

    def output_shape_for(self, input_shape: Shape) -> Shape:
        """(H, W, C) -> (H', W', K)."""
        if len(input_shape) != 3:
            raise self._rank_error("images or feature maps (N, H, W, C); grey images have C=1", input_shape)
        height, width = window_output_size(self, "kernel", self.kernel_size, input_shape)
        return height, width, self.filters

    def parameter_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        """The kernel (R, S, C, K) and the bias (K,)."""
        shapes: dict[str, Shape] = {"kernel": (*self.kernel_size, input_shape[2], self.filters)}
        if self.use_bias:
            shapes["bias"] = (self.filters,)
        return shapes

    def operations(self) -> list[Layer]:
        """The convolution, then the activation."""
        return [self, *activation_part(self.activation, self)]

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, H, W, C) -> (n, H', W', K)."""
        outputs = convolve(
            inputs,
            self.parameters["kernel"],
            self.parameters.get("bias"),
            strides=self.strides,
            padding=self.padding,
        )
        return outputs, inputs

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """(n, H', W', K) -> (n, H, W, C), and (R, S, C, K), (K,)."""
        d_inputs, d_kernel, d_bias = convolve_backward(
            gradient,
            saved,
            self.parameters["kernel"],
            strides=self.strides,
            padding=self.padding,
            images_gradient=inputs_gradient,
        )
        return d_inputs, (d_kernel, d_bias) if self.use_bias else (d_kernel,)
