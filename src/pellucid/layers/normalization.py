"""Layers that normalise values to mean 0 and deviation 1: over the batch, or within each feature map."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from pellucid import initializers
from pellucid.core.arguments import real_number, whole_number
from pellucid.core.pass_context import PassContext
from pellucid.functions import (
    batch_normalize,
    batch_normalize_backward,
    batch_normalize_inference,
    normalize_maps,
    normalize_maps_backward,
    update_running_statistics,
)
from pellucid.layers.layer import Array, Gradients, Layer, Shape


class BatchNormalization(Layer):
    """Normalises each channel over the batch, then scales it by gamma and shifts it by beta.

    Outside training it uses running statistics, collected during training (Ioffe & Szegedy 2015). The
    statistics are over the whole batch, however the engine cuts it. With ``trainable=False`` it always uses
    the running statistics.

    A whole batch is computed by one thread. With ``virtual_batch_size`` the statistics are over consecutive
    groups of that many images instead ("ghost batch normalisation", Hoffer et al. 2017, generalises better in
    large batches), and threads share the groups. The running statistics are then updated by each group in
    turn.

    Parameters
    ----------
    momentum
        Share of the old running statistics kept at each update.
    epsilon
        Added to the variance.
    beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer
        Initializers of shift, scale and running statistics.
    virtual_batch_size
        Images in a group; the batch's last group may have fewer. None for the whole batch. Keras 2 has this
        argument, Keras 3 does not.

    Examples
    --------
    >>> import numpy as np
    >>> BatchNormalization()(np.array([[1.0], [3.0]]), training=True).round(3)
    array([[-1.],
           [ 1.]], dtype=float32)
    """

    kind: ClassVar[str] = "batch_normalization"
    options: ClassVar[tuple[str, ...]] = (
        "momentum",
        "epsilon",
        "beta_initializer",
        "gamma_initializer",
        "moving_mean_initializer",
        "moving_variance_initializer",
        "virtual_batch_size",
    )

    def __init__(
        self,
        *,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        beta_initializer: initializers.InitializerLike = "zeros",
        gamma_initializer: initializers.InitializerLike = "ones",
        moving_mean_initializer: initializers.InitializerLike = "zeros",
        moving_variance_initializer: initializers.InitializerLike = "ones",
        virtual_batch_size: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        if virtual_batch_size is not None:
            virtual_batch_size = whole_number("BatchNormalization", "virtual_batch_size", virtual_batch_size)
        self.momentum = real_number("BatchNormalization", "momentum", momentum, "[0, 1]")
        self.epsilon = real_number("BatchNormalization", "epsilon", epsilon, "(0, inf)")
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.virtual_batch_size = virtual_batch_size
        self.needs_whole_batch = virtual_batch_size is None
        self.images_together = virtual_batch_size or 1

    def get_config(self) -> dict[str, Any]:
        """Return the configuration; without groups it is one that Keras 3 can read."""
        config = super().get_config()
        if self.virtual_batch_size is None:
            del config["virtual_batch_size"]
        return config

    def parameter_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        """Gamma and beta, each (C,)."""
        return {"gamma": input_shape[-1:], "beta": input_shape[-1:]}

    def state_shapes(self, input_shape: Shape) -> dict[str, Shape]:
        """The running mean and variance, each (C,)."""
        return {"moving_mean": input_shape[-1:], "moving_variance": input_shape[-1:]}

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(N, …, C) -> (N, …, C)."""
        gamma, beta = self.parameters["gamma"], self.parameters["beta"]
        if not (context.training and self.trainable):
            mean, variance = self.state["moving_mean"], self.state["moving_variance"]
            outputs = batch_normalize_inference(inputs, gamma, beta, mean, variance, epsilon=self.epsilon)
            return outputs, None
        groups = self._groups(len(inputs))
        statistics = []
        outputs = np.empty(inputs.shape, inputs.dtype)
        for group in groups:
            _, *found = batch_normalize(inputs[group], gamma, beta, epsilon=self.epsilon, out=outputs[group])
            statistics.append(found)
        return outputs, (inputs, statistics)

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """Differentiates through mean and variance as well, unless running statistics were used."""
        gamma = self.parameters["gamma"]
        if saved is None:
            scale = gamma / np.sqrt(self.state["moving_variance"] + self.epsilon)
            return gradient * scale if inputs_gradient else None, ()
        inputs, statistics = saved
        d_inputs = np.empty(gradient.shape, gradient.dtype)
        d_gamma, d_beta = np.zeros_like(gamma), np.zeros_like(gamma)
        for group, (mean, variance) in zip(self._groups(len(inputs)), statistics, strict=True):
            _, of_gamma, of_beta = batch_normalize_backward(
                gradient[group],
                inputs[group],
                gamma,
                mean,
                variance,
                epsilon=self.epsilon,
                out=d_inputs[group],
            )
            d_gamma += of_gamma
            d_beta += of_beta
        return d_inputs, (d_gamma, d_beta)

    def update_state(self, saved: Any) -> None:
        """Move the running statistics towards those of each group, in order."""
        if saved is None:
            return
        state = self.state
        for mean, variance in saved[1]:
            state["moving_mean"][...], state["moving_variance"][...] = update_running_statistics(
                state["moving_mean"], state["moving_variance"], mean, variance, momentum=self.momentum
            )

    def _groups(self, images: int) -> list[slice]:
        """Return the slices of a micro-batch that are normalised together."""
        size = self.virtual_batch_size or images
        return [slice(start, start + size) for start in range(0, images, size)]


class FeatureMapNormalization(Layer):
    """Normalises each feature map of each image to mean 0 and (population) deviation 1.

    A constant map becomes zeros. This is the lab's own normalisation: it has no parameters and computes the
    same in training and after.

    Examples
    --------
    >>> import numpy as np
    >>> FeatureMapNormalization()(np.array([[6.0, 11.0], [11.0, 6.0]]).reshape(1, 2, 2, 1)).ravel()
    array([-1.,  1.,  1., -1.], dtype=float32)
    """

    kind: ClassVar[str] = "feature_map_normalization"

    def output_shape_for(self, input_shape: Shape) -> Shape:
        """(H, W, C) -> (H, W, C)."""
        if len(input_shape) != 3:
            raise self._rank_error("feature maps (N, H, W, C)", input_shape)
        return input_shape

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, H, W, C) -> (n, H, W, C)."""
        return normalize_maps(inputs), inputs

    def backward(self, gradient: Array, saved: Any, *, inputs_gradient: bool = True) -> Gradients:
        """Differentiates through the mean and the deviation of each map."""
        return normalize_maps_backward(gradient, saved) if inputs_gradient else None, ()
