"""The blocks on compiled kernels: most are for channels in multiples of sixteen.

Each is one call there and one back, in which Python's lock is free. Kernels look at memory as it lies, so
what comes from other layers, which may be the user's own, is made contiguous and float32 if it is not.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pellucid.core.pass_context import PassContext
from pellucid.core.randomness import stream_key
from pellucid.engine.blocks.block import Block
from pellucid.engine.blocks.dense_block import DenseBlock
from pellucid.fast.batch_normalization import compiled_batch_normalization as compiled_normalization
from pellucid.fast.buffers import Shelf, scratch, scratch_planes
from pellucid.fast.convolution import compiled_direct, compiled_few_kernels, compiled_winograd
from pellucid.fast.convolution import winograd_transforms as winograd
from pellucid.fast.dense import compiled_dense, compiled_few_units
from pellucid.fast.dropout import compiled_dropout
from pellucid.fast.lazy_product import DeferredProduct
from pellucid.fast.pooling import compiled_max_pooling as compiled_pooling
from pellucid.fast.processors import LANES
from pellucid.functions.dropout_masks import dropped_levels
from pellucid.functions.padding import window_grid
from pellucid.layers.conv2d import Conv2D
from pellucid.layers.dropout import Dropout
from pellucid.layers.layer import Array, Layer
from pellucid.layers.normalization import BatchNormalization
from pellucid.layers.pooling import MaxPooling2D

NOTHING = np.empty(0, np.uint16)  # where nobody wants to know which outputs are positive


def in_sixteens(number: int) -> int:
    """Return a number rounded up to a multiple of sixteen.

    >>> in_sixteens(10), in_sixteens(32)
    (16, 32)
    """
    return -(-number // LANES) * LANES


class Compiled(Layer):
    """A block on compiled kernels."""

    def get_ready(self) -> None:
        """Compile the kernels, or read them from disk, so that no training step waits for them."""
        with np.errstate(all="ignore"):  # what comes out does not matter
            inputs = np.zeros((1, *(self.input_shape or ())), np.float32)
            outputs, saved = self.forward(inputs, PassContext(training=True))
            _, own = self.backward(np.zeros_like(outputs), saved)
            for gradient in own:
                if isinstance(gradient, DeferredProduct):
                    gradient.whole()


class CompiledBlock(Compiled, Block):
    """What the two have in common: outputs, and their bits, from the shelf."""

    def _space(self, n: int, context: PassContext, bits_per_output: int) -> tuple[Array, Array]:
        """Return space for the outputs, and for what the way back wants to know of each; both lent."""
        shape = (n, *(self.output_shape or ()))
        if not context.training:
            return np.empty(shape, np.float32), NOTHING
        outputs = self.shelf.take(shape)
        words = outputs.size * bits_per_output // LANES
        return outputs, self.shelf.take((words,), np.uint16) if words else NOTHING

    def _give_back(self, outputs: Array, words: Array) -> None:
        """Put both back on the shelf: on the way back, what follows is done with the outputs."""
        self.shelf.give(outputs)
        if words.size:
            self.shelf.give(words)


class CompiledWinogradBlock(CompiledBlock):
    """3×3 convolution at stride 1, (rectification, (2×2 max pooling)), by tiles of 4×4 outputs."""

    def __init__(self, conv: Conv2D, *, rectified: bool, pool: Layer | None = None) -> None:
        super().__init__(conv, rectified=rectified, pool=pool)
        height, width, _ = conv.input_shape or ()
        self.tiling = winograd.Tiling.of(height, width, conv.padding)
        self.tiles = self.tiling.rows * self.tiling.columns

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, H, W, C) -> (n, H', W', K), halved if pooled."""
        inputs = np.ascontiguousarray(inputs, np.float32)
        pooled = self.pool is not None
        outputs, words = self._space(len(inputs), context, 4 if pooled else 1 if self.rectified else 0)
        kernels, bias = self.parameters["kernel"], self._bias()
        U = scratch("U", (36, *kernels.shape[2:]))
        compiled_winograd.convolve(
            inputs, kernels, bias, self.tiling, self.rectified, pooled, outputs, words, U, *self._planes()
        )
        return outputs, (inputs, outputs, words)

    def backward(
        self, gradient: Array, saved: Any, *, inputs_gradient: bool = True
    ) -> tuple[Array | None, tuple[Array, ...]]:
        """(n, H', W', K) -> (n, H, W, C), and (3, 3, C, K), (K,)."""
        inputs, outputs, words = saved
        kernels = self.parameters["kernel"]
        d_kernels, d_bias = np.empty_like(kernels), np.empty(self.layer.filters, np.float32)
        d_inputs = np.empty(inputs.shape if inputs_gradient else (0, 0, 0, 0), np.float32)
        compiled_winograd.convolve_backward(
            np.ascontiguousarray(gradient, np.float32),
            words,
            inputs,
            np.ascontiguousarray(kernels.transpose(0, 1, 3, 2)),  # (3, 3, C, K) -> (3, 3, K, C)
            self.tiling,
            self.pool is not None,
            inputs_gradient,
            d_kernels,
            d_bias,
            d_inputs,
            scratch("U", (2, 36, *kernels.shape[2:])),
            *self._planes(),
        )
        self._give_back(outputs, words)
        return d_inputs if inputs_gradient else None, self._with_bias(d_kernels, d_bias)

    def _planes(self) -> tuple[Array, Array, int]:
        """Return space for V (36, T, C) and M (36, T, K) of a few images, and for how many."""
        C, K = self.layer.parameters["kernel"].shape[2:]
        step = compiled_winograd.images_at_a_time(self.tiles, C, K)
        T = step * self.tiles
        return scratch_planes("V", 36, T, C), scratch_planes("M", 36, T, K), step


class CompiledDirect(CompiledBlock):
    """Convolution at stride 1 of images with few channels, (rectification): what its two forms share."""

    def __init__(self, conv: Conv2D, *, rectified: bool, pool: Layer | None = None) -> None:
        super().__init__(conv, rectified=rectified, pool=pool)
        height, width, _ = conv.input_shape or ()
        self.border = window_grid((height, width), conv.kernel_size, padding=conv.padding).widths

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, H, W, C) -> (n, H', W', K)."""
        bordered = self._bordered(inputs)
        outputs, positive = self._space(len(inputs), context, self._bits_per_output)
        self._convolve(bordered, outputs, positive)
        return outputs, (inputs, bordered, outputs, positive)

    def backward(
        self, gradient: Array, saved: Any, *, inputs_gradient: bool = True
    ) -> tuple[Array | None, tuple[Array, ...]]:
        """(n, H', W', K) -> (n, H, W, C), and (R, S, C, K), (K,)."""
        inputs, bordered, outputs, positive = saved
        kernel = self.parameters["kernel"]
        d_kernel, d_bias = np.empty_like(kernel), np.empty(self.layer.filters, np.float32)
        gradient = np.ascontiguousarray(gradient, np.float32)
        self._kernels_gradient(gradient, bordered, outputs, positive, d_kernel, d_bias)
        d_inputs = None
        if inputs_gradient:  # rare: layers with parameters below images of few channels
            reached = gradient * (outputs > 0) if self.rectified else gradient
            d_inputs, _ = self.layer.backward(reached, inputs)
        self._give_back(outputs, positive)
        return d_inputs, self._with_bias(d_kernel, d_bias)

    def _bordered(self, inputs: Array) -> Array:
        """Return images (n, H, W, C) with their border of zeros; ``np.pad`` takes longer over it."""
        (top, bottom), (left, right) = self.border
        if top + bottom + left + right == 0:
            return np.ascontiguousarray(inputs, np.float32)
        n, H, W, C = inputs.shape
        bordered = np.zeros((n, top + H + bottom, left + W + right, C), np.float32)
        bordered[:, top : top + H, left : left + W] = inputs
        return bordered

    @property
    def _bits_per_output(self) -> int:
        """How much is kept of an output besides itself."""
        raise NotImplementedError

    def _convolve(self, bordered: Array, outputs: Array, positive: Array) -> None:
        raise NotImplementedError

    def _kernels_gradient(
        self,
        gradient: Array,
        bordered: Array,
        outputs: Array,
        positive: Array,
        d_kernel: Array,
        d_bias: Array,
    ) -> None:
        raise NotImplementedError


class CompiledDirectBlock(CompiledDirect):
    """By 3×3 kernels whose number is a multiple of sixteen."""

    @property
    def _bits_per_output(self) -> int:
        return int(self.rectified)

    def _convolve(self, bordered: Array, outputs: Array, positive: Array) -> None:
        compiled_direct.convolve(
            bordered, self.parameters["kernel"], self._bias(), self.rectified, outputs, positive
        )

    def _kernels_gradient(
        self,
        gradient: Array,
        bordered: Array,
        outputs: Array,
        positive: Array,
        d_kernel: Array,
        d_bias: Array,
    ) -> None:
        compiled_direct.kernels_gradient(gradient, positive, bordered, d_kernel, d_bias)


class CompiledFewKernelsBlock(CompiledDirect):
    """By kernels of any size and number."""

    @property
    def _bits_per_output(self) -> int:
        return 0

    def _convolve(self, bordered: Array, outputs: Array, positive: Array) -> None:
        compiled_few_kernels.convolve(
            bordered, self.parameters["kernel"], self._bias(), self.rectified, outputs, *self._working_space()
        )

    def _kernels_gradient(
        self,
        gradient: Array,
        bordered: Array,
        outputs: Array,
        positive: Array,
        d_kernel: Array,
        d_bias: Array,
    ) -> None:
        compiled_few_kernels.kernels_gradient(
            gradient, outputs, bordered, self.rectified, d_kernel, d_bias, *self._working_space()
        )

    def _working_space(self) -> tuple[Array, Array]:
        """Return space for the weights in rows of sixteens, and for sixteen maps of some lines."""
        R, S, C, K = self.parameters["kernel"].shape
        _, width, _ = self.output_shape or ()
        places = compiled_few_kernels.places(width + (S - 1), width)
        return scratch("wide", (R * S * C + 1, in_sixteens(K))), scratch("places", (places, LANES))


class CompiledDenseBlock(Compiled, DenseBlock):
    """Weighted sums, (rectification), of units that come in sixteens."""

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, D) @ (D, U) + (U,) -> (n, U)."""
        inputs = np.ascontiguousarray(inputs, np.float32)
        kernel = self.parameters["kernel"]
        outputs = np.empty((len(inputs), kernel.shape[1]), np.float32)
        compiled_dense.weighted_sums(inputs, kernel, self._bias(), self.rectified, outputs)
        return outputs, (inputs, outputs)

    def backward(
        self, gradient: Array, saved: Any, *, inputs_gradient: bool = True
    ) -> tuple[Array | None, tuple[Any, ...]]:
        """(n, U) -> (n, D), and (D, U), (U,)."""
        inputs, outputs = saved
        kernel = self.parameters["kernel"]
        n, U = outputs.shape
        reached, d_bias = np.empty_like(outputs), np.empty(U, np.float32)
        d_inputs = np.empty(inputs.shape if inputs_gradient else (0, 0), np.float32)
        m = in_sixteens(n)
        compiled_dense.weighted_sums_backward(
            np.ascontiguousarray(gradient, np.float32),
            outputs,
            kernel,
            self.rectified,
            inputs_gradient,
            reached,
            d_bias,
            d_inputs,
            scratch("turned", (U, m)),
            scratch("block", (compiled_dense.BLOCK, m)),
        )
        product = self._put_off(DeferredProduct(inputs, reached, compiled_dense.weights_gradient))
        return d_inputs if inputs_gradient else None, self._with_bias(product, d_bias)


class CompiledFewUnitsBlock(Compiled, DenseBlock):
    """Weighted sums, (rectification), of few units, as many as there may be."""

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, D) @ (D, U) + (U,) -> (n, U)."""
        inputs = np.ascontiguousarray(inputs, np.float32)
        kernel = self.parameters["kernel"]
        (n, D), U, m = inputs.shape, kernel.shape[1], self._wide
        outputs = np.empty((n, U), np.float32)
        space = scratch("wide weights", (D, m)), scratch("wide rows", (n, m))
        compiled_few_units.weighted_sums(inputs, kernel, self._bias(), self.rectified, outputs, *space)
        return outputs, (inputs, outputs)

    def backward(
        self, gradient: Array, saved: Any, *, inputs_gradient: bool = True
    ) -> tuple[Array | None, tuple[Any, ...]]:
        """(n, U) -> (n, D), and (D, U), (U,)."""
        inputs, outputs = saved
        kernel = self.parameters["kernel"]
        (n, D), U, m = inputs.shape, kernel.shape[1], self._wide
        d_kernel, d_bias = np.empty_like(kernel), np.empty(U, np.float32)
        d_inputs = np.empty(inputs.shape if inputs_gradient else (0, 0), np.float32)
        compiled_few_units.weighted_sums_backward(
            np.ascontiguousarray(gradient, np.float32),
            outputs,
            inputs,
            kernel,
            self.rectified,
            inputs_gradient,
            d_kernel,
            d_bias,
            d_inputs,
            scratch("wide rows", (n, m)),
            scratch("wide weights", (D, m)),
            scratch("turned", (U, D)),
        )
        return d_inputs if inputs_gradient else None, self._with_bias(d_kernel, d_bias)

    @property
    def _wide(self) -> int:
        """The units, rounded up to sixteens."""
        return in_sixteens(self.layer.units)


class CompiledPoolingBlock(Compiled):
    """2×2 max pooling of windows side by side."""

    def __init__(self, layer: MaxPooling2D) -> None:
        super().__init__(name=layer.name, dtype=layer.dtype)
        self.input_shape, self.output_shape = layer.input_shape, layer.output_shape
        self.in_sixteens = (layer.input_shape or (1,))[-1] % LANES == 0
        self.shelf = Shelf()

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, H, W, C) -> (n, H/2, W/2, C)."""
        inputs = np.ascontiguousarray(inputs, np.float32)
        outputs = np.empty((len(inputs), *(self.output_shape or ())), np.float32)
        if self.in_sixteens:
            kept = self.shelf.take((3 * outputs.size // LANES,), np.uint16) if context.training else NOTHING
            compiled_pooling.max_pool(inputs, outputs, kept)
        else:
            kept = self.shelf.take(outputs.shape if context.training else (0, 0, 0, 0), np.uint8)
            compiled_pooling.max_pool_one_by_one(inputs, outputs, kept)
        return outputs, kept

    def backward(
        self, gradient: Array, saved: Any, *, inputs_gradient: bool = True
    ) -> tuple[Array | None, tuple[Array, ...]]:
        """(n, H/2, W/2, C) -> (n, H, W, C)."""
        d_inputs = None
        if inputs_gradient:
            d_inputs = np.empty((len(gradient), *(self.input_shape or ())), np.float32)
            back = (
                compiled_pooling.max_pool_backward
                if self.in_sixteens
                else compiled_pooling.max_pool_one_by_one_backward
            )
            back(np.ascontiguousarray(gradient, np.float32), saved, d_inputs)
        self.shelf.give(saved)
        return d_inputs, ()


class CompiledNormalizationBlock(Compiled):
    """Batch normalisation while training; otherwise the layer itself."""

    def __init__(self, layer: BatchNormalization) -> None:
        super().__init__(name=layer.name, dtype=layer.dtype)
        self.layer = layer
        self.input_shape, self.output_shape = layer.input_shape, layer.output_shape
        self.parameters, self.state = layer.parameters, layer.state
        self.needs_whole_batch, self.images_together = layer.needs_whole_batch, layer.images_together

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """(n, …, C) -> (n, …, C)."""
        if not context.training:
            return self.layer.forward(inputs, context)
        inputs = np.ascontiguousarray(inputs, np.float32)
        gamma, beta = self.parameters["gamma"], self.parameters["beta"]
        group = self.layer.virtual_batch_size or len(inputs)
        means, variances = np.empty((2, -(-len(inputs) // group), gamma.size), np.float32)
        outputs = np.empty_like(inputs)
        compiled_normalization.normalize(inputs, group, gamma, beta, self._epsilon, outputs, means, variances)
        return outputs, (inputs, group, means, variances)

    def backward(
        self,
        gradient: Array,
        saved: Any,
        *,
        inputs_gradient: bool = True,
    ) -> tuple[Array | None, tuple[Array, ...]]:
        """Through the mean and the variance too."""
        inputs, group, means, variances = saved
        gamma = self.parameters["gamma"]
        d_inputs, d_gamma, d_beta = np.empty_like(inputs), np.empty_like(gamma), np.empty_like(gamma)
        compiled_normalization.normalize_backward(
            np.ascontiguousarray(gradient, np.float32),
            inputs,
            group,
            gamma,
            self._epsilon,
            means,
            variances,
            d_inputs,
            d_gamma,
            d_beta,
        )
        return d_inputs, (d_gamma, d_beta)

    def update_state(self, saved: Any) -> None:
        """Move the running statistics towards those of each group, one after another."""
        inputs, _, means, variances = saved
        self.layer.update_state((inputs, list(zip(means, variances, strict=True))))

    @property
    def _epsilon(self) -> np.float32:
        return np.float32(self.layer.epsilon)


class CompiledDropoutBlock(Compiled):
    """Dropout of values that come in sixteens: the very same values that the layer drops."""

    def __init__(self, layer: Dropout) -> None:
        super().__init__(name=layer.name, dtype=layer.dtype)
        self.layer = layer
        self.index, self.input_shape, self.output_shape = layer.index, layer.input_shape, layer.output_shape

    def forward(self, inputs: Array, context: PassContext) -> tuple[Array, Any]:
        """Values times mask / (1 - rate) while training, unchanged otherwise."""
        if not context.training or self.layer.rate == 0:
            return inputs, None
        inputs = np.ascontiguousarray(inputs, np.float32)
        blocks = math.prod(inputs.shape[1:]) // LANES
        outputs, kept = np.empty_like(inputs), np.empty(len(inputs) * blocks, np.uint16)
        compiled_dropout.drop(
            inputs,
            *stream_key(context.seed, "dropout", context.iteration, self.index),
            context.first_image * blocks,
            np.uint16(dropped_levels(self.layer.rate)),
            self._share,
            outputs,
            kept,
        )
        return outputs, kept

    def backward(
        self, gradient: Array, saved: Any, *, inputs_gradient: bool = True
    ) -> tuple[Array | None, tuple[Array, ...]]:
        """The gradient passes where the value was kept."""
        if not inputs_gradient or saved is None:
            return gradient if inputs_gradient else None, ()
        d_inputs = np.empty(gradient.shape, np.float32)
        gradient = np.ascontiguousarray(gradient, np.float32)
        compiled_dropout.drop_backward(gradient, saved, self._share, d_inputs)
        return d_inputs, ()

    @property
    def _share(self) -> np.float32:
        return np.float32(1 - self.layer.rate)
