"""Winograd's convolution in NumPy, with the ReLU and the 2×2 max pooling that follow it.

Images are processed a few at a time, so that V and M stay in the cache. V is kept for the backward pass,
which costs less here than recomputing it.

Pooling windows lie within tiles, so the maximum is taken over slices of tiles, before these are assembled;
and since ReLU does not change which value is the maximum, it is applied to the quarter that is left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.core.pass_context import PassContext
from pellucid.fast.buffers import Array, workspace, workspace_planes
from pellucid.fast.convolution import winograd_transforms as winograd
from pellucid.fast.convolution.winograd_transforms import Tiling, Transforms
from pellucid.fast.form import Form, FusedOperation, Gradients, Operations, prefixes
from pellucid.fast.pooling.halving import halves
from pellucid.fast.processors import FLOAT, SHAPE
from pellucid.fast.rectification.in_place import rectify, rectify_gradient
from pellucid.fast.sums import column_sums

FEWEST_CHANNELS = 8  # in and out, below which Winograd's algorithm is slower


@dataclass
class Layout:
    """How a layer's images are cut into tiles, and how many images are computed at a time."""

    transforms: Transforms
    tiling: Tiling
    tiles: int  # per image
    images_at_a_time: int

    def groups(self, n: int) -> list[slice]:
        """Return groups of images that are computed together, all of one size except the last."""
        groups = max(1, math.ceil(n / self.images_at_a_time))
        step = max(1, math.ceil(n / groups))
        return [slice(first, min(first + step, n)) for first in range(0, n, step)]


def pays(operations: Operations) -> bool:
    """Return whether Winograd's algorithm is fastest: 3×3 kernels at stride 1 and enough channels."""
    conv, *others = operations
    if conv.dtype != "float32" or conv.strides != (1, 1) or conv.kernel_size != (3, 3):
        return False
    *_, C, K = conv.parameters["kernel"].shape
    return min(C, K) >= FEWEST_CHANNELS and all(halves(one) for one in others if one.kind == "max_pooling")


def layout_of(operations: Operations) -> Layout:
    """Compute the tiles of a convolution."""
    conv = operations[0]
    height, width, channels = conv.input_shape
    transforms = winograd.transforms_for(*conv.output_shape[:2])
    tiling = Tiling.of(height, width, conv.padding, transforms.tile)
    tiles = tiling.rows * tiling.columns
    numbers_per_image = transforms.places * tiles * (channels + conv.filters)  # in V and M
    at_a_time = max(1, SHAPE.thread_cache // (FLOAT * numbers_per_image))
    return Layout(transforms, tiling, tiles, at_a_time)


def forward(fused: FusedOperation, inputs: Array, context: PassContext) -> tuple[Array, Any]:
    """(n, H, W, C) -> (n, H', W', K), or (n, H'/2, W'/2, K) if pooled."""
    layout: Layout = fused.prepared
    outputs = np.empty((len(inputs), *fused.output_shape), inputs.dtype)
    U = _transformed_kernels(layout, fused.parameters["kernel"])
    kept = []
    for some in layout.groups(len(inputs)):
        V, won = _transformed(fused, inputs[some], context), None
        tiles = _convolved(fused, V, U)
        if fused.pool is not None:
            tiles, won = pooled(fused, tiles, context)
        _assemble(tiles, layout.tiling, outputs[some])
        kept.append((V, won))
    if fused.rectified:
        rectify(outputs)
    return outputs, (outputs, kept)


def backward(fused: FusedOperation, gradient: Array, saved: Any, inputs_gradient: bool) -> Gradients:
    """(n, H', W', K) -> (n, H, W, C), and (3, 3, C, K), (K,)."""
    outputs, kept = saved
    layout: Layout = fused.prepared
    transforms, kernel = layout.transforms, fused.parameters["kernel"]
    d_inputs = np.empty((len(outputs), *fused.input_shape), outputs.dtype)
    d_kernel, d_bias = np.zeros_like(kernel), np.zeros(fused.first.filters, kernel.dtype)
    turned_U = _transformed_kernels(layout, kernel.transpose(0, 1, 3, 2))
    dU = workspace_planes("dU", transforms.places, *kernel.shape[2:])
    for some, (V, won) in zip(layout.groups(len(outputs)), kept, strict=True):
        reached = rectify_gradient(gradient[some], outputs[some]) if fused.rectified else gradient[some]
        dM = _products_gradient(fused, reached, won)
        d_bias += column_sums(dM[transforms.centre])
        np.matmul(V.transpose(0, 2, 1), dM, out=dU)  # P products (C, T) @ (T, K)
        d_kernel += winograd.transform_kernels_back(transforms, dU)
        if inputs_gradient:
            np.matmul(dM, turned_U, out=V)  # dV, in the place of V: P products (T, K) @ (K, C)
            winograd.images_gradient(transforms, V, layout.tiling, d_inputs[some])
        fused.buffers.release(V)
    return d_inputs if inputs_gradient else None, fused.with_bias(d_kernel, d_bias)


WINOGRAD = Form(
    "winograd",
    "numpy",
    prefixes("convolution", "relu", "max_pooling"),
    pays,
    forward,
    backward,
    prepare=layout_of,
)


def _transformed_kernels(layout: Layout, kernel: Array) -> Array:
    """(3, 3, C, K) -> U (P, C, K)."""
    U = workspace_planes("U", layout.transforms.places, *kernel.shape[2:])
    winograd.transform_kernels(layout.transforms, kernel, U)
    return U


def _transformed(fused: FusedOperation, inputs: Array, context: PassContext) -> Array:
    """(n, H, W, C) -> V (P, T, C), from the buffer pool in training."""
    layout: Layout = fused.prepared
    shape = layout.transforms.places, len(inputs) * layout.tiles, inputs.shape[3]
    V = fused.buffers.acquire_planes(*shape) if context.training else workspace_planes("V", *shape)
    winograd.transform_images(layout.transforms, inputs, layout.tiling, V)
    return V


def _convolved(fused: FusedOperation, V: Array, U: Array) -> Array:
    """Compute tiles (i, j, T, K) of outputs, with the bias, from V (P, T, C) and U (P, C, K)."""
    transforms: Transforms = fused.prepared.transforms
    (_, T, _), K, size = V.shape, fused.first.filters, transforms.tile
    M = workspace_planes("M", transforms.places, T, K)
    np.matmul(V, U, out=M)  # P products (T, C) @ (C, K)
    if fused.first.use_bias:
        M[transforms.centre] += fused.parameters["bias"]
    Y = workspace_planes("Y", size * size, T, K)
    winograd.transform_outputs(transforms, M, Y)
    return Y.reshape(size, size, T, K)


def _products_gradient(fused: FusedOperation, gradient: Array, won: Array | None) -> Array:
    """Compute dM (P, T, K) from the gradient (n, H', W', K) of the ReLU or pooling outputs."""
    layout: Layout = fused.prepared
    n, *_, K = gradient.shape
    T, size = n * layout.tiles, layout.transforms.tile
    dY = workspace_planes("Y", size * size, T, K)
    d_tiles = dY.reshape(size, size, T, K)
    if won is None:
        _cut(gradient, layout.tiling, d_tiles)
    else:
        d_best = workspace("best", won.shape[1:])
        _cut(gradient, layout.tiling, d_best)
        unpool(fused, d_best, won, d_tiles)
    dM = workspace_planes("M", layout.transforms.places, T, K)
    winograd.outputs_gradient(layout.transforms, dY, dM)
    return dM


def pooled(fused: FusedOperation, tiles: Array, context: PassContext) -> tuple[Array, Any]:
    """Return the maxima of windows in tiles; among equals the first in row-major order wins.

    The backward pass needs to know, for each window, whether the right pixel won in the upper row, whether it
    won in the lower row, and whether the lower row won.
    """
    (above_left, above_right), (below_left, below_right) = _windows(tiles)
    above, below = workspace("above", above_left.shape), workspace("below", above_left.shape)
    np.maximum(above_left, above_right, out=above)
    np.maximum(below_left, below_right, out=below)
    won = None
    if context.training:
        won = fused.buffers.acquire((3, *above.shape), bool)
        np.greater(above_right, above_left, out=won[0])
        np.greater(below_right, below_left, out=won[1])
        np.greater(below, above, out=won[2])
    return np.maximum(above, below, out=above), won


def unpool(fused: FusedOperation, d_best: Array, won: Array, d_tiles: Array) -> None:
    """Assign the gradient of each window's maximum to the winner, and zero to the others."""
    (above_left, above_right), (below_left, below_right) = _windows(d_tiles)
    d_below = np.multiply(d_best, won[2], out=workspace("below", d_best.shape))
    d_above = np.subtract(d_best, d_below, out=d_best)
    np.multiply(d_above, won[0], out=above_right)
    np.subtract(d_above, above_right, out=above_left)
    np.multiply(d_below, won[1], out=below_right)
    np.subtract(d_below, below_right, out=below_left)
    fused.buffers.release(won)


def _windows(tiles: Array) -> list[list[Array]]:
    """View tiles (i, j, T, K) as the four positions of 2×2 windows, each (i/2, j/2, T, K)."""
    return [[tiles[row::2, column::2] for column in range(2)] for row in range(2)]


def _assemble(tiles: Array, tiling: Tiling, maps: Array) -> None:
    """Assemble tiles (i, j, T, K) to ``maps`` (n, H', W', K), without what exceeds the map."""
    n, height, width, K = maps.shape
    whole = maps
    if _exceeds(tiles, tiling, maps):
        whole = workspace("whole", (n, tiling.rows * len(tiles), tiling.columns * len(tiles), K))
    np.copyto(_by_place(whole, tiling), _by_tile(tiles, tiling))
    if whole is not maps:
        maps[...] = whole[:, :height, :width]


def _cut(maps: Array, tiling: Tiling, tiles: Array) -> None:
    """Invert ``_assemble``: cut maps (n, H', W', K) into tiles (i, j, T, K), padded with zeros."""
    n, height, width, K = maps.shape
    if _exceeds(tiles, tiling, maps):
        whole = workspace("whole", (n, tiling.rows * len(tiles), tiling.columns * len(tiles), K))
        whole[:, height:] = 0
        whole[:, :height, width:] = 0
        whole[:, :height, :width] = maps
        maps = whole
    np.copyto(_by_tile(tiles, tiling), _by_place(maps, tiling))


def _exceeds(tiles: Array, tiling: Tiling, maps: Array) -> bool:
    return (tiling.rows * len(tiles), tiling.columns * len(tiles)) != maps.shape[1:3]


def _by_tile(tiles: Array, tiling: Tiling) -> Array:
    """View tiles (i, j, T, K) as (i, j, n, rows, columns, K)."""
    return tiles.reshape(*tiles.shape[:2], -1, tiling.rows, tiling.columns, tiles.shape[3])


def _by_place(maps: Array, tiling: Tiling) -> Array:
    """View whole maps (n, H', W', K) as (i, j, n, rows, columns, K)."""
    n, height, width, K = maps.shape
    by_tile = maps.reshape(n, tiling.rows, height // tiling.rows, tiling.columns, width // tiling.columns, K)
    return by_tile.transpose(2, 4, 0, 1, 3, 5)
