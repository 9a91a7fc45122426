"""The compiled forms of a dense layer: for units that fill vectors, and for few units of any number."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.core.pass_context import PassContext
from pellucid.fast.buffers import Array, workspace
from pellucid.fast.dense import compiled_dense, compiled_few_units
from pellucid.fast.dense.forms import put_off
from pellucid.fast.form import Form, FusedOperation, Gradients, Operations, prefixes
from pellucid.fast.lazy_product import LazyProduct
from pellucid.fast.processors import SHAPE

MOST_UNITS = 64  # of a layer whose weights are padded to whole vectors


def _fits(operations: Operations) -> bool:
    dense = operations[0]
    return dense.dtype == "float32" and SHAPE.whole(dense.units)


def _forward(fused: FusedOperation, inputs: Array, context: PassContext) -> tuple[Array, Any]:
    """(n, D) @ (D, U) + (U,) -> (n, U)."""
    inputs = np.ascontiguousarray(inputs, np.float32)
    kernel = fused.parameters["kernel"]
    outputs = np.empty((len(inputs), kernel.shape[1]), np.float32)
    compiled_dense.weighted_sums(inputs, kernel, fused.bias(), fused.rectified, outputs)
    return outputs, (inputs, outputs)


def _backward(fused: FusedOperation, gradient: Array, saved: Any, inputs_gradient: bool) -> Gradients:
    """(n, U) -> (n, D), and (D, U), (U,)."""
    inputs, outputs = saved
    n, U = outputs.shape
    reached, d_bias = np.empty_like(outputs), np.empty(U, np.float32)
    d_inputs = np.empty(inputs.shape if inputs_gradient else (0, 0), np.float32)
    m = SHAPE.filled_up(n)
    compiled_dense.weighted_sums_backward(
        np.ascontiguousarray(gradient, np.float32),
        outputs,
        fused.parameters["kernel"],
        fused.rectified,
        inputs_gradient,
        reached,
        d_bias,
        d_inputs,
        workspace("turned", (U, m)),
        workspace("block", (compiled_dense.BLOCK, m)),
    )
    product = put_off(LazyProduct(inputs, reached, compiled_dense.weights_gradient))
    return d_inputs if inputs_gradient else None, fused.with_bias(product, d_bias)


COMPILED_DENSE = Form("compiled dense", "compiled", prefixes("dense", "relu"), _fits, _forward, _backward)


def _few_fit(operations: Operations) -> bool:
    dense = operations[0]
    return bool(dense.dtype == "float32" and dense.units <= MOST_UNITS)


def _few_forward(fused: FusedOperation, inputs: Array, context: PassContext) -> tuple[Array, Any]:
    """(n, D) @ (D, U) + (U,) -> (n, U)."""
    inputs = np.ascontiguousarray(inputs, np.float32)
    kernel = fused.parameters["kernel"]
    (n, D), U = inputs.shape, kernel.shape[1]
    m = SHAPE.filled_up(U)
    outputs = np.empty((n, U), np.float32)
    space = workspace("wide weights", (D, m)), workspace("wide rows", (n, m))
    compiled_few_units.weighted_sums(inputs, kernel, fused.bias(), fused.rectified, outputs, *space)
    return outputs, (inputs, outputs)


def _few_backward(fused: FusedOperation, gradient: Array, saved: Any, inputs_gradient: bool) -> Gradients:
    """(n, U) -> (n, D), and (D, U), (U,)."""
    inputs, outputs = saved
    kernel = fused.parameters["kernel"]
    (n, D), U = inputs.shape, kernel.shape[1]
    m = SHAPE.filled_up(U)
    d_kernel, d_bias = np.empty_like(kernel), np.empty(U, np.float32)
    d_inputs = np.empty(inputs.shape if inputs_gradient else (0, 0), np.float32)
    compiled_few_units.weighted_sums_backward(
        np.ascontiguousarray(gradient, np.float32),
        outputs,
        inputs,
        kernel,
        fused.rectified,
        inputs_gradient,
        d_kernel,
        d_bias,
        d_inputs,
        workspace("wide rows", (n, m)),
        workspace("wide weights", (D, m)),
        workspace("turned", (U, D)),
    )
    return d_inputs if inputs_gradient else None, fused.with_bias(d_kernel, d_bias)


COMPILED_FEW_UNITS = Form(
    "compiled few units", "compiled", prefixes("dense", "relu"), _few_fit, _few_forward, _few_backward
)
