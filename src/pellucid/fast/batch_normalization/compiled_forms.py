"""The compiled form of batch normalisation in training; inference uses the plain operation."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.core.pass_context import PassContext
from pellucid.fast.batch_normalization import compiled_batch_normalization as compiled
from pellucid.fast.buffers import Array
from pellucid.fast.form import Form, FusedOperation, Gradients, Operations
from pellucid.fast.processors import SHAPE


def _fits(operations: Operations) -> bool:
    """A frozen layer uses its running statistics, which the plain form computes."""
    layer = operations[0]
    channels = (layer.input_shape or (1,))[-1]
    return layer.trainable and layer.dtype == "float32" and SHAPE.whole(channels)


def _epsilon(operations: Operations) -> np.float32:
    return np.float32(operations[0].epsilon)


def _forward(fused: FusedOperation, inputs: Array, context: PassContext) -> tuple[Array, Any]:
    """(n, …, C) -> (n, …, C)."""
    if not context.training:
        plain: tuple[Array, Any] = fused.first.forward(inputs, context)
        return plain
    inputs = np.ascontiguousarray(inputs, np.float32)
    gamma, beta = fused.parameters["gamma"], fused.parameters["beta"]
    group = fused.first.virtual_batch_size or len(inputs)
    means, variances = np.empty((2, -(-len(inputs) // group), gamma.size), np.float32)
    outputs = np.empty_like(inputs)
    compiled.normalize(inputs, group, gamma, beta, fused.prepared, outputs, means, variances)
    return outputs, (inputs, group, means, variances)


def _backward(fused: FusedOperation, gradient: Array, saved: Any, inputs_gradient: bool) -> Gradients:
    """Differentiates through mean and variance as well."""
    inputs, group, means, variances = saved
    gamma = fused.parameters["gamma"]
    d_inputs, d_gamma, d_beta = np.empty_like(inputs), np.empty_like(gamma), np.empty_like(gamma)
    compiled.normalize_backward(
        np.ascontiguousarray(gradient, np.float32),
        inputs,
        group,
        gamma,
        fused.prepared,
        means,
        variances,
        d_inputs,
        d_gamma,
        d_beta,
    )
    return d_inputs, (d_gamma, d_beta)


def _update_state(fused: FusedOperation, saved: Any) -> None:
    """Move the running statistics towards those of each group, in order."""
    inputs, _, means, variances = saved
    fused.first.update_state((inputs, list(zip(means, variances, strict=True))))


COMPILED_BATCH_NORMALIZATION = Form(
    "compiled batch normalisation",
    "compiled",
    (("batch_normalization",),),
    _fits,
    _forward,
    _backward,
    prepare=_epsilon,
    update_state=_update_state,
)
