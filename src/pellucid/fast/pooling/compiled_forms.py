"""The compiled form of 2×2 max pooling with adjacent windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.core.pass_context import PassContext
from pellucid.fast.buffers import Array
from pellucid.fast.form import Form, FusedOperation, Gradients, Operations
from pellucid.fast.pooling import compiled_max_pooling as compiled
from pellucid.fast.pooling.halving import halves
from pellucid.fast.processors import LANES, SHAPE

NO_BITS = np.empty(0, np.uint16)


def _fits(operations: Operations) -> bool:
    return halves(operations[0]) and operations[0].dtype == "float32"


def _channels_fill_vectors(operations: Operations) -> bool:
    return SHAPE.whole((operations[0].input_shape or (1,))[-1])


def _forward(fused: FusedOperation, inputs: Array, context: PassContext) -> tuple[Array, Any]:
    """(n, H, W, C) -> (n, H/2, W/2, C)."""
    inputs = np.ascontiguousarray(inputs, np.float32)
    outputs = np.empty((len(inputs), *fused.output_shape), np.float32)
    if fused.prepared:
        words = 3 * outputs.size // LANES
        kept = fused.buffers.acquire((words,), np.uint16) if context.training else NO_BITS
        compiled.max_pool(inputs, outputs, kept)
    else:
        kept = fused.buffers.acquire(outputs.shape if context.training else (0, 0, 0, 0), np.uint8)
        compiled.max_pool_one_by_one(inputs, outputs, kept)
    return outputs, kept


def _backward(fused: FusedOperation, gradient: Array, saved: Any, inputs_gradient: bool) -> Gradients:
    """(n, H/2, W/2, C) -> (n, H, W, C)."""
    d_inputs = None
    if inputs_gradient:
        d_inputs = np.empty((len(gradient), *fused.input_shape), np.float32)
        back = compiled.max_pool_backward if fused.prepared else compiled.max_pool_one_by_one_backward
        back(np.ascontiguousarray(gradient, np.float32), saved, d_inputs)
    fused.buffers.release(saved)
    return d_inputs, ()


COMPILED_MAX_POOLING = Form(
    "compiled max pooling",
    "compiled",
    (("max_pooling",),),
    _fits,
    _forward,
    _backward,
    prepare=_channels_fill_vectors,
)
