"""A dense layer with the ReLU that follows it, with a lazy gradient of its weights.

The gradient of the weights is as large as the weights, and is only ever summed over a batch's micro-batches
to update the weights. So it is returned as a lazy product: the update of some rows of the weights computes
just these rows, which never leave the cache.
"""

from __future__ import annotations

from typing import Any

from pellucid.core.pass_context import PassContext
from pellucid.fast.buffers import Array
from pellucid.fast.form import Form, FusedOperation, Gradient, Gradients, Operations, prefixes
from pellucid.fast.lazy_product import LazyProduct
from pellucid.fast.rectification.in_place import rectify
from pellucid.fast.sums import column_sums

FEWEST_WEIGHTS = 1 << 12  # with fewer, computing the product at once is cheaper than deferring it


def put_off(product: LazyProduct) -> Gradient:
    """Return the gradient of the weights: lazy or, if it is small, computed."""
    rows, columns = product.shape
    return product if rows * columns >= FEWEST_WEIGHTS else product.whole()


def _fits(operations: Operations) -> bool:
    return bool(operations[0].dtype == "float32")


def _forward(fused: FusedOperation, inputs: Array, context: PassContext) -> tuple[Array, Any]:
    """(n, D) @ (D, U) + (U,) -> (n, U)."""
    outputs = inputs @ fused.parameters["kernel"]
    if fused.first.use_bias:
        outputs += fused.parameters["bias"]
    if fused.rectified:
        rectify(outputs)
    return outputs, (inputs, outputs)


def _backward(fused: FusedOperation, gradient: Array, saved: Any, inputs_gradient: bool) -> Gradients:
    """(n, U) -> (n, D), and (D, U), (U,)."""
    inputs, outputs = saved
    if fused.rectified:
        gradient = gradient * (outputs > 0)
    d_inputs = gradient @ fused.parameters["kernel"].T if inputs_gradient else None  # (n, U) @ (U, D)
    product = put_off(LazyProduct(inputs, gradient))
    return d_inputs, fused.with_bias(product, column_sums(gradient))


DENSE = Form("dense", "numpy", prefixes("dense", "relu"), _fits, _forward, _backward)
