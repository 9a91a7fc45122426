"""The blocks in NumPy: Winograd's way where there are channels enough, patches where there are few."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pellucid.core.pass_context import PassContext
from pellucid.engine.blocks.block import Block, column_sums
from pellucid.fast.buffers import scratch, scratch_planes
from pellucid.fast.convolution import direct
from pellucid.fast.convolution import winograd_transforms as winograd
from pellucid.fast.rectification.in_place import rectify, rectify_gradient
from pellucid.layers.conv2d import Conv2D
from pellucid.layers.layer import Array, Layer

CACHE = 3 << 20


class WinogradBlock(Block):
    """3×3 convolution at stride 1, (rectification, (2×2 max pooling)), by tiles of 4×4 or 2×2 outputs.

    The images are done a few at a time, so that V and M stay in the processor's cache; V is kept for the way
    back, which costs less here than to compute it again.

    Pooling windows lie within tiles, so the maximum is taken of slices of tiles, before they are put
    together; and since rectification does not change which is largest, it is left until a quarter of the
    values is left.
    """

    def __init__(self, conv: Conv2D, *, rectified: bool, pool: Layer | None = None) -> None:
        super().__init__(conv, rectified=rectified, pool=pool)
        height, width, channels = conv.input_shape or ()
        self.form = winograd.form_for(*(conv.output_shape or ())[:2])
        self.tiling = winograd.Tiling.of(height, width, conv.padding, self.form.tile)
        self.tiles = self.tiling.rows * self.tiling.columns
        numbers_per_image = self.form.places * self.tiles * (channels + conv.filters)  # in V and M
        self.images_at_a_time = max(1, CACHE // (4 * numbers_per_image))

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, H, W, C) -> (n, H', W', K), halved if pooled."""
        outputs = np.empty((len(inputs), *(self.output_shape or ())), inputs.dtype)
        U = self._transformed_kernels(self.parameters["kernel"])
        kept = []
        for some in self._groups(len(inputs)):
            V, won = self._transformed(inputs[some], context), None
            tiles = self._convolved(V, U)
            if self.pool is not None:
                tiles, won = self._pooled(tiles, context)
            _assemble(tiles, self.tiling, outputs[some])
            kept.append((V, won))
        if self.rectified:
            rectify(outputs)
        return outputs, (outputs, kept)

    def backward(
        self, gradient: Array, saved: Any, *, inputs_gradient: bool = True
    ) -> tuple[Array | None, tuple[Array, ...]]:
        """(n, H', W', K) -> (n, H, W, C), and (3, 3, C, K), (K,)."""
        outputs, kept = saved
        form, kernel = self.form, self.parameters["kernel"]
        d_inputs = np.empty((len(outputs), *(self.input_shape or ())), outputs.dtype)
        d_kernel, d_bias = np.zeros_like(kernel), np.zeros(self.layer.filters, kernel.dtype)
        turned_U = self._transformed_kernels(kernel.transpose(0, 1, 3, 2))
        dU = scratch_planes("dU", form.places, *kernel.shape[2:])
        for some, (V, won) in zip(self._groups(len(outputs)), kept, strict=True):
            reached = rectify_gradient(gradient[some], outputs[some]) if self.rectified else gradient[some]
            dM = self._products_gradient(reached, won)
            d_bias += column_sums(dM[form.centre])
            np.matmul(V.transpose(0, 2, 1), dM, out=dU)  # P products (C, T) @ (T, K)
            d_kernel += winograd.transform_kernels_back(form, dU)
            if inputs_gradient:
                np.matmul(dM, turned_U, out=V)  # dV, in the place of V: P products (T, K) @ (K, C)
                winograd.images_gradient(form, V, self.tiling, d_inputs[some])
            self.shelf.give(V)
        return d_inputs if inputs_gradient else None, self._with_bias(d_kernel, d_bias)

    def _groups(self, n: int) -> list[slice]:
        """Return which images are done together: groups of one size, but for the last."""
        groups = max(1, math.ceil(n / self.images_at_a_time))
        step = max(1, math.ceil(n / groups))
        return [slice(first, min(first + step, n)) for first in range(0, n, step)]

    def _transformed_kernels(self, kernel: Array) -> Array:
        """(3, 3, C, K) -> U (P, C, K)."""
        U = scratch_planes("U", self.form.places, *kernel.shape[2:])
        winograd.transform_kernels(self.form, kernel, U)
        return U

    def _transformed(self, inputs: Array, context: PassContext) -> Array:
        """(n, H, W, C) -> V (P, T, C), lent by the shelf while training."""
        shape = self.form.places, len(inputs) * self.tiles, inputs.shape[3]
        V = self.shelf.take_planes(*shape) if context.training else scratch_planes("V", *shape)
        winograd.transform_images(self.form, inputs, self.tiling, V)
        return V

    def _convolved(self, V: Array, U: Array) -> Array:
        """From V (P, T, C) and U (P, C, K) to tiles (i, j, T, K) of outputs, with the bias."""
        (_, T, _), K, size = V.shape, self.layer.filters, self.form.tile
        M = scratch_planes("M", self.form.places, T, K)
        np.matmul(V, U, out=M)  # P products (T, C) @ (C, K)
        if self.layer.use_bias:
            M[self.form.centre] += self.parameters["bias"]
        Y = scratch_planes("Y", size * size, T, K)
        winograd.transform_outputs(self.form, M, Y)
        return Y.reshape(size, size, T, K)

    def _products_gradient(self, gradient: Array, won: Array | None) -> Array:
        """From the gradient (n, H', W', K) of what is rectified, pooled or not, to dM (P, T, K)."""
        n, *_, K = gradient.shape
        T, size = n * self.tiles, self.form.tile
        dY = scratch_planes("Y", size * size, T, K)
        d_tiles = dY.reshape(size, size, T, K)
        if won is None:
            _cut(gradient, self.tiling, d_tiles)
        else:
            d_best = scratch("best", won.shape[1:])
            _cut(gradient, self.tiling, d_best)
            self._unpool(d_best, won, d_tiles)
        dM = scratch_planes("M", self.form.places, T, K)
        winograd.outputs_gradient(self.form, dY, dM)
        return dM

    def _pooled(self, tiles: Array, context: PassContext) -> tuple[Array, Any]:
        """Take the maxima of windows in tiles; of equals the first wins, in reading order.

        What the way back wants to know of each window is whether the right one won above, whether it won
        below, and whether below won.
        """
        (above_left, above_right), (below_left, below_right) = _windows(tiles)
        above, below = scratch("above", above_left.shape), scratch("below", above_left.shape)
        np.maximum(above_left, above_right, out=above)
        np.maximum(below_left, below_right, out=below)
        won = None
        if context.training:
            won = self.shelf.take((3, *above.shape), bool)
            np.greater(above_right, above_left, out=won[0])
            np.greater(below_right, below_left, out=won[1])
            np.greater(below, above, out=won[2])
        return np.maximum(above, below, out=above), won

    def _unpool(self, d_best: Array, won: Array, d_tiles: Array) -> None:
        """Give the gradient of each window's maximum to the one that won, and zero to the others."""
        (above_left, above_right), (below_left, below_right) = _windows(d_tiles)
        d_below = np.multiply(d_best, won[2], out=scratch("below", d_best.shape))
        d_above = np.subtract(d_best, d_below, out=d_best)
        np.multiply(d_above, won[0], out=above_right)
        np.subtract(d_above, above_right, out=above_left)
        np.multiply(d_below, won[1], out=below_right)
        np.subtract(d_below, below_right, out=below_left)
        self.shelf.give(won)


class DirectBlock(Block):
    """Convolution at stride 1 of images with few channels, (rectification)."""

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, H, W, C) -> (n, H', W', K)."""
        kernels = direct.kernels_with_bias(self.parameters["kernel"], self.parameters.get("bias"))
        height, width, K = self.output_shape or ()
        shape = (len(kernels), 1, len(inputs) * height * width)
        planes = self.shelf.take_planes(*shape) if context.training else scratch_planes("patches", *shape)
        patches = planes[:, 0]
        direct.patch_rows(inputs, self.layer.kernel_size, self.layer.padding, patches)
        outputs = (self.shelf.take if context.training else np.empty)((shape[2], K), inputs.dtype)
        np.matmul(patches.T, kernels, out=outputs)  # (n·H'·W', R·S·C + 1) @ (R·S·C + 1, K)
        if self.rectified:
            rectify(outputs)
        return outputs.reshape(len(inputs), height, width, K), (inputs, patches, outputs)

    def backward(
        self, gradient: Array, saved: Any, *, inputs_gradient: bool = True
    ) -> tuple[Array | None, tuple[Array, ...]]:
        """(n, H', W', K) -> (n, H, W, C), and (R, S, C, K), (K,)."""
        inputs, patches, outputs = saved
        rows = gradient.reshape(outputs.shape)  # (n, H', W', K) -> (n·H'·W', K)
        if self.rectified:
            rows = rectify_gradient(rows, outputs)
        both = (
            patches @ rows
        )  # (R·S·C + 1, n·H'·W') @ (n·H'·W', K): kernels' gradient, and the bias's below it
        d_inputs = None
        if inputs_gradient:
            d_inputs, _ = self.layer.backward(rows.reshape(gradient.shape), inputs)
        self.shelf.give(patches)
        self.shelf.give(outputs)
        return d_inputs, self._with_bias(both[:-1].reshape(self.parameters["kernel"].shape), both[-1])


def _windows(tiles: Array) -> list[list[Array]]:
    """View tiles (i, j, T, K) as the four places of 2×2 windows, each (i/2, j/2, T, K)."""
    return [[tiles[row::2, column::2] for column in range(2)] for row in range(2)]


def _assemble(tiles: Array, tiling: winograd.Tiling, maps: Array) -> None:
    """Put tiles (i, j, T, K) side by side: ``maps`` (n, H', W', K), without what hangs over."""
    n, height, width, K = maps.shape
    whole = maps
    if _hangs_over(tiles, tiling, maps):
        whole = scratch("whole", (n, tiling.rows * len(tiles), tiling.columns * len(tiles), K))
    np.copyto(_by_place(whole, tiling), _by_tile(tiles, tiling))
    if whole is not maps:
        maps[...] = whole[:, :height, :width]


def _cut(maps: Array, tiling: winograd.Tiling, tiles: Array) -> None:
    """Undo ``_assemble``: maps (n, H', W', K) into tiles (i, j, T, K), zeros where these hang over."""
    n, height, width, K = maps.shape
    if _hangs_over(tiles, tiling, maps):
        whole = scratch("whole", (n, tiling.rows * len(tiles), tiling.columns * len(tiles), K))
        whole[:, height:] = 0
        whole[:, :height, width:] = 0
        whole[:, :height, :width] = maps
        maps = whole
    np.copyto(_by_tile(tiles, tiling), _by_place(maps, tiling))


def _hangs_over(tiles: Array, tiling: winograd.Tiling, maps: Array) -> bool:
    return (tiling.rows * len(tiles), tiling.columns * len(tiles)) != maps.shape[1:3]


def _by_tile(tiles: Array, tiling: winograd.Tiling) -> Array:
    """View tiles (i, j, T, K) as (i, j, n, rows, columns, K)."""
    return tiles.reshape(*tiles.shape[:2], -1, tiling.rows, tiling.columns, tiles.shape[3])


def _by_place(maps: Array, tiling: winograd.Tiling) -> Array:
    """View whole maps (n, H', W', K) as (i, j, n, rows, columns, K)."""
    n, height, width, K = maps.shape
    by_tile = maps.reshape(n, tiling.rows, height // tiling.rows, tiling.columns, width // tiling.columns, K)
    return by_tile.transpose(2, 4, 0, 1, 3, 5)
