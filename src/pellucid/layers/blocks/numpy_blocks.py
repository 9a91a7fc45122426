"""The blocks in NumPy: Winograd's way where there are channels enough, patches where there are few."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.fast import direct, winograd
from pellucid.fast.space import scratch
from pellucid.layers.blocks.block import Block
from pellucid.layers.conv2d import Conv2D
from pellucid.layers.layer import Array, Layer, Moment


class WinogradBlock(Block):
    """3×3 convolution at stride 1, (rectification, (2×2 max pooling)), by tiles of 4×4 outputs.

    Pooling windows lie within tiles, so the maximum is taken of slices of tiles, before they are put
    together; and since neither bias nor rectification changes which is largest, both are left until a quarter
    of the values is left.
    """

    def __init__(self, conv: Conv2D, *, rectified: bool, pool: Layer | None = None) -> None:
        super().__init__(conv, rectified=rectified, pool=pool)
        height, width, _ = conv.input_shape or ()
        self.tiling = winograd.Tiling.of(height, width, conv.padding)

    def forward(self, inputs: Array, moment: Moment) -> tuple[Array, Any]:
        """(n, H, W, C) -> (n, H', W', K), halved if pooled."""
        n, C, K = len(inputs), inputs.shape[3], self.layer.filters
        T = n * self.tiling.rows * self.tiling.columns
        transformed = self.shelf.take((36, T, C)) if moment.training else scratch("V", (36, T, C))
        winograd.transform_images(inputs, self.tiling, transformed)
        kernels = winograd.transform_kernels(self.parameters["kernel"])
        products = scratch("M", (36, T, K))
        np.matmul(transformed, kernels, out=products)  # 36 products (T, C) @ (C, K)
        tiles = scratch("Y", (16, T, K))
        winograd.transform_outputs(products, tiles)
        if self.pool is None:
            outputs = _assembled(tiles.reshape(4, 4, T, K), self.tiling, self._shape(n))
            outputs += self.parameters.get("bias", 0)
            if self.rectified:
                np.maximum(outputs, 0, out=outputs)
            return outputs, (transformed, outputs, kernels)
        outputs, kept = self._pooled(tiles.reshape(2, 2, 2, 2, T, K), n, moment)
        return outputs, (transformed, kept, kernels)

    def _pooled(self, tiles: Array, n: int, moment: Moment) -> tuple[Array, Any]:
        """Take the maxima of tiles (row of windows, row in it, column of windows, column in it, T, K)."""
        T, K = tiles.shape[4:]
        best = scratch("P", (2, 2, T, K))
        np.maximum(tiles[:, 0, :, 0], tiles[:, 0, :, 1], out=best)
        np.maximum(best, tiles[:, 1, :, 0], out=best)
        np.maximum(best, tiles[:, 1, :, 1], out=best)
        kept = None
        if moment.training:
            winners = self.shelf.take((4, 2, 2, T, K), bool)
            _first_winners(tiles, best, winners)
        best += self.parameters.get("bias", 0)
        if moment.training:
            positive = self.shelf.take((2, 2, T, K), bool)
            np.greater(best, 0, out=positive)
            kept = winners, positive
        np.maximum(best, 0, out=best)
        return _assembled(best, self.tiling, self._shape(n)), kept

    def backward(
        self, gradient: Array, saved: Any, *, inputs_gradient: bool = True
    ) -> tuple[Array | None, tuple[Array, ...]]:
        """(n, H', W', K) -> (n, H, W, C), and (3, 3, C, K), (K,)."""
        transformed, kept, kernels = saved
        n, K = len(gradient), self.layer.filters
        T, C = transformed.shape[1:]
        d_tiles = scratch("Y", (16, T, K))
        if self.pool is None:
            d_bias = self._unassembled_gradient(gradient, kept, d_tiles.reshape(4, 4, T, K))
        else:
            d_bias = self._unpooled_gradient(gradient, kept, d_tiles.reshape(2, 2, 2, 2, T, K))
        d_products = scratch("M", (36, T, K))
        winograd.outputs_gradient(d_tiles, d_products)
        d_kernel = winograd.kernels_gradient(transformed, d_products)
        d_inputs = None
        if inputs_gradient:
            d_transformed = scratch("V", (36, T, C))
            np.matmul(d_products, np.ascontiguousarray(kernels.transpose(0, 2, 1)), out=d_transformed)
            d_inputs = np.empty((n, *(self.input_shape or ())), gradient.dtype)
            winograd.images_gradient(d_transformed, self.tiling, n, d_inputs)
        self.shelf.give(transformed)
        return d_inputs, self._with_bias(d_kernel, d_bias)

    def _unassembled_gradient(self, gradient: Array, outputs: Array, d_tiles: Array) -> Array:
        """Bring the gradient through the rectification and cut it into tiles; return that of the bias."""
        if self.rectified:
            positive = scratch("positive", gradient.shape, bool)
            np.greater(outputs, 0, out=positive)
            gradient = np.multiply(gradient, positive, out=scratch("d rectified", gradient.shape))
        _cut(gradient, self.tiling, d_tiles)
        return _column_sums(gradient)

    def _unpooled_gradient(self, gradient: Array, kept: Any, d_tiles: Array) -> Array:
        """Bring the gradient through rectification and pooling, as tiles; return that of the bias."""
        winners, positive = kept
        d_best = scratch("P", positive.shape)
        _cut(gradient, self.tiling, d_best)
        d_best *= positive
        for place in range(4):
            np.multiply(d_best, winners[place], out=d_tiles[:, place // 2, :, place % 2])
        self.shelf.give(winners)
        self.shelf.give(positive)
        return _column_sums(d_best)

    def _shape(self, n: int) -> tuple[int, ...]:
        return (n, *(self.output_shape or ()))


class DirectBlock(Block):
    """Convolution at stride 1 of images with few channels, (rectification)."""

    def forward(self, inputs: Array, moment: Moment) -> tuple[Array, Any]:
        """(n, H, W, C) -> (n, H', W', K)."""
        kernels = direct.kernels_with_bias(self.parameters["kernel"], self.parameters.get("bias"))
        height, width, K = self.output_shape or ()
        shape = (len(kernels), len(inputs) * height * width)
        patches = self.shelf.take(shape) if moment.training else scratch("patches", shape)
        direct.patch_rows(inputs, self.layer.kernel_size, self.layer.padding, patches)
        outputs = (self.shelf.take if moment.training else np.empty)((shape[1], K), inputs.dtype)
        np.matmul(patches.T, kernels, out=outputs)  # (n·H'·W', R·S·C + 1) @ (R·S·C + 1, K)
        if self.rectified:
            np.maximum(outputs, 0, out=outputs)
        return outputs.reshape(len(inputs), height, width, K), (inputs, patches, outputs)

    def backward(
        self, gradient: Array, saved: Any, *, inputs_gradient: bool = True
    ) -> tuple[Array | None, tuple[Array, ...]]:
        """(n, H', W', K) -> (n, H, W, C), and (R, S, C, K), (K,)."""
        inputs, patches, outputs = saved
        rows = gradient.reshape(outputs.shape)  # (n, H', W', K) -> (n·H'·W', K)
        if self.rectified:
            positive = scratch("positive", rows.shape, bool)
            np.greater(outputs, 0, out=positive)
            rows = np.multiply(rows, positive, out=scratch("d rectified", rows.shape))
        both = (
            patches @ rows
        )  # (R·S·C + 1, n·H'·W') @ (n·H'·W', K): kernels' gradient, and the bias's below it
        d_inputs = None
        if inputs_gradient:
            d_inputs, _ = self.layer.backward(rows.reshape(gradient.shape), inputs)
        self.shelf.give(patches)
        self.shelf.give(outputs)
        return d_inputs, self._with_bias(both[:-1].reshape(self.parameters["kernel"].shape), both[-1])


def _first_winners(tiles: Array, best: Array, winners: Array) -> None:
    """Mark in ``winners`` (4, …) which pixel of each window is the first to equal the best."""
    undecided = scratch("undecided", best.shape, bool)
    np.equal(tiles[:, 0, :, 0], best, out=winners[0])
    np.logical_not(winners[0], out=undecided)
    for place in range(1, 4):
        np.equal(tiles[:, place // 2, :, place % 2], best, out=winners[place])
        winners[place] &= undecided
        undecided ^= winners[place]


def _assembled(tiles: Array, tiling: winograd.Tiling, shape: tuple[int, ...]) -> Array:
    """Put tiles (i, j, T, K) side by side: maps (n, H', W', K) of their own, without what hangs over."""
    n, height, width, K = shape
    size = tiles.shape[0]
    by_place = tiles.reshape(size, size, n, tiling.rows, tiling.columns, K)
    whole = by_place.transpose(2, 3, 0, 4, 1, 5)  # (n, rows, i, columns, j, K)
    # a copy in any case: of a single tile NumPy would make a view, of space that is soon used again
    if (tiling.rows * size, tiling.columns * size) == (height, width):
        return np.array(whole, order="C").reshape(shape)
    return np.array(whole.reshape(n, tiling.rows * size, -1, K)[:, :height, :width], order="C")


def _cut(maps: Array, tiling: winograd.Tiling, tiles: Array) -> None:
    """Undo ``_assembled``: maps (n, H', W', K) into tiles (i, j, T, K), zeros where these hang over."""
    n, height, width, K = maps.shape
    size = tiles.shape[0]
    whole_height, whole_width = tiling.rows * size, tiling.columns * size
    if (whole_height, whole_width) != (height, width):
        padded = scratch("whole", (n, whole_height, whole_width, K))
        padded[:, height:] = 0
        padded[:, :height, width:] = 0
        padded[:, :height, :width] = maps
        maps = padded
    by_tile = maps.reshape(n, tiling.rows, size, tiling.columns, size, K)
    np.copyto(
        tiles.reshape(size, size, n, tiling.rows, tiling.columns, K), by_tile.transpose(2, 4, 0, 1, 3, 5)
    )


def _column_sums(values: Array) -> Array:
    """Sum over all axes but the last, as a product, which is fastest."""
    rows = values.reshape(-1, values.shape[-1])
    return np.ones(len(rows), rows.dtype) @ rows
