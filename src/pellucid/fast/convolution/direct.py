"""Convolution of images with few channels, such as a network's first layer.

As in the plain form, all windows make one matrix, the patches, and one product computes the outputs. The
differences: the patches are stored as rows of pixels, so that adjacent pixels are copied together, and a row
of ones below them makes the bias a row of the kernels. So the bias, and its gradient, come out of the same
products at no extra cost.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from pellucid.core.pass_context import PassContext
from pellucid.fast.buffers import Array, workspace, workspace_planes
from pellucid.fast.form import Form, FusedOperation, Gradients, Operations, prefixes
from pellucid.fast.rectification.in_place import rectify, rectify_gradient

MOST_WEIGHTS = 32  # R·S·C of a kernel; with more, the plain layout is faster


def patch_rows(images: Array, kernel: tuple[int, int], padding: str, out: Array) -> None:
    """(n, H, W, C) -> (R·S·C + 1, n·H'·W') in ``out``: a row per window pixel, then ones.

    ``padding`` is 'valid' or 'same', the stride 1.
    """
    n, H, W, C = images.shape
    R, S = kernel
    top, left = ((R - 1) // 2, (S - 1) // 2) if padding == "same" else (0, 0)
    height, width = (H + R - 1, W + S - 1) if padding == "same" else (H, W)
    planes = workspace("planes", (C, n, height, width))
    if padding == "same":
        planes[...] = 0
    planes[:, :, top : top + H, left : left + W] = images.transpose(3, 0, 1, 2)  # channels separated
    out_height, out_width = height - R + 1, width - S + 1
    rows = out.reshape(R * S * C + 1, n, out_height, out_width)
    windows = sliding_window_view(planes, kernel, axis=(2, 3))  # a view (C, n, H', W', R, S)
    rows[:-1].reshape(R, S, C, n, out_height, out_width)[...] = windows.transpose(4, 5, 0, 1, 2, 3)
    rows[-1] = 1


def kernels_with_bias(kernels: Array, bias: Array | None) -> Array:
    """(R, S, C, K) and (K,) -> (R·S·C + 1, K)."""
    R, S, C, K = kernels.shape
    joined = np.zeros((R * S * C + 1, K), kernels.dtype)
    joined[:-1] = kernels.reshape(-1, K)
    if bias is not None:
        joined[-1] = bias
    return joined


def has_few_weights(operations: Operations) -> bool:
    """Return whether this form is faster: kernels of few weights at stride 1."""
    conv = operations[0]
    if conv.dtype != "float32" or conv.strides != (1, 1):
        return False
    R, S, C, _ = conv.parameters["kernel"].shape
    return bool(R * S * C <= MOST_WEIGHTS)


def _forward(fused: FusedOperation, inputs: Array, context: PassContext) -> tuple[Array, Any]:
    """(n, H, W, C) -> (n, H', W', K)."""
    kernels = kernels_with_bias(fused.parameters["kernel"], fused.parameters.get("bias"))
    height, width, K = fused.output_shape
    shape = (len(kernels), 1, len(inputs) * height * width)
    pool = fused.buffers
    planes = pool.acquire_planes(*shape) if context.training else workspace_planes("patches", *shape)
    patches = planes[:, 0]
    patch_rows(inputs, fused.first.kernel_size, fused.first.padding, patches)
    outputs = (pool.acquire if context.training else np.empty)((shape[2], K), inputs.dtype)
    np.matmul(patches.T, kernels, out=outputs)  # (n·H'·W', R·S·C + 1) @ (R·S·C + 1, K)
    if fused.rectified:
        rectify(outputs)
    return outputs.reshape(len(inputs), height, width, K), (inputs, patches, outputs)


def _backward(fused: FusedOperation, gradient: Array, saved: Any, inputs_gradient: bool) -> Gradients:
    """(n, H', W', K) -> (n, H, W, C), and (R, S, C, K), (K,)."""
    inputs, patches, outputs = saved
    rows = gradient.reshape(outputs.shape)  # (n, H', W', K) -> (n·H'·W', K)
    if fused.rectified:
        rows = rectify_gradient(rows, outputs)
    # (R·S·C + 1, n·H'·W') @ (n·H'·W', K): the kernels' gradient, with the bias's below it
    both = patches @ rows
    d_inputs = None
    if inputs_gradient:
        d_inputs, _ = fused.first.backward(rows.reshape(gradient.shape), inputs)
    fused.buffers.release(patches)
    fused.buffers.release(outputs)
    return d_inputs, fused.with_bias(both[:-1].reshape(fused.parameters["kernel"].shape), both[-1])


DIRECT = Form("direct", "numpy", prefixes("convolution", "relu"), has_few_weights, _forward, _backward)
