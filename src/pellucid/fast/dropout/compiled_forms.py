"""The compiled form of dropout: it drops exactly the values that the plain form drops."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pellucid.core.pass_context import PassContext
from pellucid.core.randomness import stream_key
from pellucid.fast.buffers import Array
from pellucid.fast.dropout import compiled_dropout as compiled
from pellucid.fast.form import Form, FusedOperation, Gradients, Operations
from pellucid.fast.processors import LANES, SHAPE
from pellucid.functions.dropout_masks import dropped_levels


def _fits(operations: Operations) -> bool:
    layer = operations[0]
    return layer.dtype == "float32" and SHAPE.whole(math.prod(layer.input_shape or (1,)))


def _share_kept(operations: Operations) -> np.float32:
    return np.float32(1 - operations[0].rate)


def _forward(fused: FusedOperation, inputs: Array, context: PassContext) -> tuple[Array, Any]:
    """Values times mask / (1 - rate) during training, unchanged otherwise."""
    rate = fused.first.rate
    if not context.training or rate == 0:
        return inputs, None
    inputs = np.ascontiguousarray(inputs, np.float32)
    vectors = math.prod(inputs.shape[1:]) // LANES
    outputs, kept = np.empty_like(inputs), np.empty(len(inputs) * vectors, np.uint16)
    compiled.drop(
        inputs,
        *stream_key(context.seed, "dropout", context.iteration, fused.first.index),
        context.first_image * vectors,
        np.uint16(dropped_levels(rate)),
        fused.prepared,
        outputs,
        kept,
    )
    return outputs, kept


def _backward(fused: FusedOperation, gradient: Array, saved: Any, inputs_gradient: bool) -> Gradients:
    """The gradient passes where the value was kept."""
    if not inputs_gradient or saved is None:
        return gradient if inputs_gradient else None, ()
    d_inputs = np.empty(gradient.shape, np.float32)
    compiled.drop_backward(np.ascontiguousarray(gradient, np.float32), saved, fused.prepared, d_inputs)
    return d_inputs, ()


COMPILED_DROPOUT = Form(
    "compiled dropout", "compiled", (("dropout",),), _fits, _forward, _backward, prepare=_share_kept
)
