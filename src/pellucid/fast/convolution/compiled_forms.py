"""The compiled forms of a convolution with the ReLU and pooling that follow it.

The compiled Winograd form needs channel counts that are multiples of the vector width and outputs larger than
2×2 (smaller ones would waste most of a 4×4 tile). Convolutions with few weights are computed directly.

Each form is one call forward and one backward, which release the GIL. Compiled functions rely on the memory
layout, so inputs from other layers, which may be user-defined, are made contiguous and float32.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.core.pass_context import PassContext
from pellucid.fast.buffers import Array, workspace, workspace_planes
from pellucid.fast.convolution import compiled_direct, compiled_few_kernels, compiled_winograd
from pellucid.fast.convolution.direct import has_few_weights
from pellucid.fast.convolution.winograd import pays
from pellucid.fast.convolution.winograd_transforms import F2, Tiling
from pellucid.fast.form import Form, FusedOperation, Gradients, Operations, prefixes
from pellucid.fast.processors import LANES, SHAPE
from pellucid.functions.padding import window_grid

NO_BITS = np.empty(0, np.uint16)  # for when no bits are needed


def acquire_outputs(
    fused: FusedOperation, n: int, context: PassContext, bits_per_output: int
) -> tuple[Array, Array]:
    """Return an array for the outputs, and one for the bits that the backward pass needs, from the pool."""
    shape = (n, *fused.output_shape)
    if not context.training:
        return np.empty(shape, np.float32), NO_BITS
    outputs = fused.buffers.acquire(shape)
    words = outputs.size * bits_per_output // LANES
    return outputs, fused.buffers.acquire((words,), np.uint16) if words else NO_BITS


def release_outputs(fused: FusedOperation, outputs: Array, words: Array) -> None:
    """Return both to the pool: all operations that read the outputs have already run backward."""
    fused.buffers.release(outputs)
    if words.size:
        fused.buffers.release(words)


# --- Winograd ---------------------------------------------------------------------------------------------


@dataclass
class Tiles:
    """How images are cut into tiles, and how many images are computed at a time."""

    tiling: Tiling
    step: int  # images at a time
    T: int  # their tiles


def _winograd_fits(operations: Operations) -> bool:
    conv = operations[0]
    return (
        pays(operations)
        and max(conv.output_shape[:2]) > F2.tile
        and SHAPE.whole(conv.parameters["kernel"].shape[2], conv.filters)
    )


def _tiles_of(operations: Operations) -> Tiles:
    conv = operations[0]
    height, width, C = conv.input_shape
    tiling = Tiling.of(height, width, conv.padding)
    tiles = tiling.rows * tiling.columns
    step = compiled_winograd.images_at_a_time(tiles, C, conv.filters)
    return Tiles(tiling, step, step * tiles)


def _planes(fused: FusedOperation) -> tuple[Array, Array, int]:
    """Return workspace for V (36, T, C) and M (36, T, K) of some images, and the number of these images."""
    C, K = fused.parameters["kernel"].shape[2:]
    T = fused.prepared.T
    return workspace_planes("V", 36, T, C), workspace_planes("M", 36, T, K), fused.prepared.step


def _winograd_forward(fused: FusedOperation, inputs: Array, context: PassContext) -> tuple[Array, Any]:
    """(n, H, W, C) -> (n, H', W', K), or (n, H'/2, W'/2, K) if pooled."""
    inputs = np.ascontiguousarray(inputs, np.float32)
    pooled, rectified = fused.pool is not None, fused.rectified
    outputs, words = acquire_outputs(fused, len(inputs), context, 4 if pooled else 1 if rectified else 0)
    kernels, bias = fused.parameters["kernel"], fused.bias()
    U = workspace("U", (36, *kernels.shape[2:]))
    tiling = fused.prepared.tiling
    compiled_winograd.convolve(
        inputs, kernels, bias, tiling, rectified, pooled, outputs, words, U, *_planes(fused)
    )
    return outputs, (inputs, outputs, words)


def _winograd_backward(
    fused: FusedOperation, gradient: Array, saved: Any, inputs_gradient: bool
) -> Gradients:
    """(n, H', W', K) -> (n, H, W, C), and (3, 3, C, K), (K,)."""
    inputs, outputs, words = saved
    kernels = fused.parameters["kernel"]
    d_kernels, d_bias = np.empty_like(kernels), np.empty(fused.first.filters, np.float32)
    d_inputs = np.empty(inputs.shape if inputs_gradient else (0, 0, 0, 0), np.float32)
    compiled_winograd.convolve_backward(
        np.ascontiguousarray(gradient, np.float32),
        words,
        inputs,
        np.ascontiguousarray(kernels.transpose(0, 1, 3, 2)),  # (3, 3, C, K) -> (3, 3, K, C)
        fused.prepared.tiling,
        fused.pool is not None,
        inputs_gradient,
        d_kernels,
        d_bias,
        d_inputs,
        workspace("U", (2, 36, *kernels.shape[2:])),
        *_planes(fused),
    )
    release_outputs(fused, outputs, words)
    return d_inputs if inputs_gradient else None, fused.with_bias(d_kernels, d_bias)


COMPILED_WINOGRAD = Form(
    "compiled winograd",
    "compiled",
    prefixes("convolution", "relu", "max_pooling"),
    _winograd_fits,
    _winograd_forward,
    _winograd_backward,
    prepare=_tiles_of,
)


# --- Direct convolution with few weights -------------------------------------------------------------------


def _border(operations: Operations) -> tuple[tuple[int, int], tuple[int, int]]:
    conv = operations[0]
    return window_grid(conv.input_shape[:2], conv.kernel_size, padding=conv.padding).widths


def _bordered(fused: FusedOperation, inputs: Array) -> Array:
    """Return images (n, H, W, C) with zero padding; ``np.pad`` is slower."""
    (top, bottom), (left, right) = fused.prepared
    if top + bottom + left + right == 0:
        return np.ascontiguousarray(inputs, np.float32)
    n, H, W, C = inputs.shape
    bordered = np.zeros((n, top + H + bottom, left + W + right, C), np.float32)
    bordered[:, top : top + H, left : left + W] = inputs
    return bordered


def _inputs_gradient(
    fused: FusedOperation, gradient: Array, inputs: Array, outputs: Array, wanted: bool
) -> Array | None:
    """Return the inputs' gradient from the plain form: it is rarely needed for inputs with few channels."""
    if not wanted:
        return None
    reached = gradient * (outputs > 0) if fused.rectified else gradient
    d_inputs, _ = fused.first.backward(reached, inputs)
    return d_inputs  # type: ignore[no-any-return]  # the operation can be of any kind in a pattern


def _direct_fits(operations: Operations) -> bool:
    conv = operations[0]
    return has_few_weights(operations) and conv.kernel_size == (3, 3) and SHAPE.whole(conv.filters)


def _direct_forward(fused: FusedOperation, inputs: Array, context: PassContext) -> tuple[Array, Any]:
    """(n, H, W, C) -> (n, H', W', K)."""
    bordered = _bordered(fused, inputs)
    outputs, positive = acquire_outputs(fused, len(inputs), context, int(fused.rectified))
    kernel = fused.parameters["kernel"]
    compiled_direct.convolve(bordered, kernel, fused.bias(), fused.rectified, outputs, positive)
    return outputs, (inputs, bordered, outputs, positive)


def _direct_backward(fused: FusedOperation, gradient: Array, saved: Any, inputs_gradient: bool) -> Gradients:
    """(n, H', W', K) -> (n, H, W, C), and (3, 3, C, K), (K,)."""
    inputs, bordered, outputs, positive = saved
    d_kernel = np.empty_like(fused.parameters["kernel"])
    d_bias = np.empty(fused.first.filters, np.float32)
    gradient = np.ascontiguousarray(gradient, np.float32)
    compiled_direct.kernels_gradient(gradient, positive, bordered, d_kernel, d_bias)
    d_inputs = _inputs_gradient(fused, gradient, inputs, outputs, inputs_gradient)
    release_outputs(fused, outputs, positive)
    return d_inputs, fused.with_bias(d_kernel, d_bias)


COMPILED_DIRECT = Form(
    "compiled direct",
    "compiled",
    prefixes("convolution", "relu"),
    _direct_fits,
    _direct_forward,
    _direct_backward,
    prepare=_border,
)


def _few_kernels_space(fused: FusedOperation) -> tuple[Array, Array]:
    """Return workspace for the weights, padded to whole vectors, and for a vector of maps of some rows."""
    R, S, C, K = fused.parameters["kernel"].shape
    _, width, _ = fused.output_shape
    places = compiled_few_kernels.places(width + (S - 1), width)
    wide = workspace("wide", (R * S * C + 1, SHAPE.filled_up(K)))
    return wide, workspace("places", (places, LANES))


def _few_kernels_forward(fused: FusedOperation, inputs: Array, context: PassContext) -> tuple[Array, Any]:
    """(n, H, W, C) -> (n, H', W', K)."""
    bordered = _bordered(fused, inputs)
    outputs, positive = acquire_outputs(fused, len(inputs), context, 0)
    kernel, space = fused.parameters["kernel"], _few_kernels_space(fused)
    compiled_few_kernels.convolve(bordered, kernel, fused.bias(), fused.rectified, outputs, *space)
    return outputs, (inputs, bordered, outputs, positive)


def _few_kernels_backward(
    fused: FusedOperation, gradient: Array, saved: Any, inputs_gradient: bool
) -> Gradients:
    """(n, H', W', K) -> (n, H, W, C), and (R, S, C, K), (K,)."""
    inputs, bordered, outputs, positive = saved
    d_kernel = np.empty_like(fused.parameters["kernel"])
    d_bias = np.empty(fused.first.filters, np.float32)
    gradient = np.ascontiguousarray(gradient, np.float32)
    compiled_few_kernels.kernels_gradient(
        gradient, outputs, bordered, fused.rectified, d_kernel, d_bias, *_few_kernels_space(fused)
    )
    d_inputs = _inputs_gradient(fused, gradient, inputs, outputs, inputs_gradient)
    release_outputs(fused, outputs, positive)
    return d_inputs, fused.with_bias(d_kernel, d_bias)


COMPILED_FEW_KERNELS = Form(
    "compiled few kernels",
    "compiled",
    prefixes("convolution", "relu"),
    has_few_weights,
    _few_kernels_forward,
    _few_kernels_backward,
    prepare=_border,
)
