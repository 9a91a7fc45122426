"""Layers that bring values to mean 0 and deviation 1: over the batch, or within each feature map."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from pellucid.errors import ArgumentError
from pellucid.functions import (
    batch_normalize,
    batch_normalize_backward,
    batch_normalize_inference,
    normalize_maps,
    normalize_maps_backward,
    update_running_statistics,
)
from pellucid.layers import initializers
from pellucid.layers.layer import Array, Layer, Moment, Shape


class BatchNormalization(Layer):
    """Each channel to mean 0 and deviation 1 over the batch, then scaled by gamma and shifted by beta.

    Outside training it uses running statistics, gathered while training (Ioffe & Szegedy 2015). The
    statistics are over the whole batch, however the engine cuts it. With ``trainable=False`` it always uses
    the running statistics.

    Parameters
    ----------
    momentum
        Share of the old running statistics kept at each step.
    epsilon
        Added to the variance.
    beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer
        How shift, scale and running statistics start.

    >>> import numpy as np
    >>> BatchNormalization()(np.array([[1.0], [3.0]]), training=True).round(3)
    array([[-1.],
           [ 1.]], dtype=float32)
    """

    options: ClassVar[tuple[str, ...]] = (
        "momentum",
        "epsilon",
        "beta_initializer",
        "gamma_initializer",
        "moving_mean_initializer",
        "moving_variance_initializer",
    )
    needs_whole_batch: ClassVar[bool] = True

    def __init__(
        self,
        *,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        **options: Any,
    ) -> None:
        super().__init__(**options)
        if not 0 <= momentum <= 1:
            raise ArgumentError(
                f"BatchNormalization takes a momentum from 0 to 1. Received: momentum={momentum!r}"
            )
        if not epsilon > 0:
            raise ArgumentError(f"BatchNormalization takes an epsilon above 0. Received: epsilon={epsilon!r}")
        self.momentum = momentum
        self.epsilon = epsilon
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)

    def parameter_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        """Gamma and beta, each (C,)."""
        return {"gamma": input_shape[-1:], "beta": input_shape[-1:]}

    def state_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        """The running mean and variance, each (C,)."""
        return {"moving_mean": input_shape[-1:], "moving_variance": input_shape[-1:]}

    def forward(self, inputs: Array, moment: Moment) -> tuple[Array, Any]:
        """(N, …, C) -> (N, …, C)."""
        gamma, beta = self.parameters["gamma"], self.parameters["beta"]
        if moment.training and self.trainable:
            outputs, mean, variance = batch_normalize(inputs, gamma, beta, epsilon=self.epsilon)
            return outputs, (inputs, mean, variance)
        mean, variance = self.state["moving_mean"], self.state["moving_variance"]
        outputs = batch_normalize_inference(inputs, gamma, beta, mean, variance, epsilon=self.epsilon)
        return outputs, None

    def backward(
        self, gradient: Array, saved: Any, *, inputs_gradient: bool = True
    ) -> tuple[Array | None, tuple[Array, ...]]:
        """Through the mean and the variance too; through the frozen statistics where they were used."""
        if saved is None:
            scale = self.parameters["gamma"] / np.sqrt(self.state["moving_variance"] + self.epsilon)
            return gradient * scale if inputs_gradient else None, ()
        inputs, mean, variance = saved
        d_inputs, d_gamma, d_beta = batch_normalize_backward(
            gradient, inputs, self.parameters["gamma"], mean, variance, epsilon=self.epsilon
        )
        return d_inputs, (d_gamma, d_beta)

    def update_state(self, saved: Any) -> None:
        """Move the running statistics towards this batch's."""
        if saved is None:
            return
        _, mean, variance = saved
        self.state["moving_mean"][...], self.state["moving_variance"][...] = update_running_statistics(
            self.state["moving_mean"], self.state["moving_variance"], mean, variance, momentum=self.momentum
        )


class FeatureMapNormalization(Layer):
    """Each feature map of each image to mean 0 and (population) deviation 1; a constant map to zeros.

    The lab's own normalisation: it has no parameters, and does the same in training and after.

    >>> import numpy as np
    >>> FeatureMapNormalization()(np.array([[6.0, 11.0], [11.0, 6.0]]).reshape(1, 2, 2, 1)).ravel()
    array([-1.,  1.,  1., -1.], dtype=float32)
    """

    def output_shape_for(self, input_shape: Shape) -> Shape:
        """(H, W, C) -> (H, W, C)."""
        if len(input_shape) != 3:
            raise self._rank_error("feature maps (N, H, W, C)", input_shape)
        return input_shape

    def forward(self, inputs: Array, moment: Moment) -> tuple[Array, Any]:  # noqa: ARG002
        """(n, H, W, C) -> (n, H, W, C)."""
        return normalize_maps(inputs), inputs

    def backward(
        self, gradient: Array, saved: Any, *, inputs_gradient: bool = True
    ) -> tuple[Array | None, tuple[Array, ...]]:
        """Through the mean and the deviation of each map."""
        return normalize_maps_backward(gradient, saved) if inputs_gradient else None, ()
