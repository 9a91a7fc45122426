"""Compiled convolution by Winograd's F(4×4, 3×3): a layer's forward and backward pass, one call each.

Images are processed a few at a time, so that V and M stay in the cache between the transform that writes them
and the product that reads them. V is not kept for the backward pass but recomputed, which costs less than
writing it to memory and reading it.
"""

from __future__ import annotations

from pellucid.fast.annotations import Count
from pellucid.fast.buffers import Array
from pellucid.fast.compiling import compiled
from pellucid.fast.convolution.compiled_image_tiles import images_gradient, transform_images
from pellucid.fast.convolution.compiled_output_tiles import outputs_gradient, transform_outputs
from pellucid.fast.convolution.compiled_pooled_tiles import (
    pooled_outputs_gradient,
    transform_and_pool_outputs,
)
from pellucid.fast.convolution.compiled_weights import transform_kernels, transform_kernels_back
from pellucid.fast.convolution.winograd_transforms import Tiling
from pellucid.fast.processors import FLOAT, SHAPE
from pellucid.fast.products import product
from pellucid.fast.vectors import start_of

FEWEST_TILES = 64  # at a time: U is large for small maps, so each read of it should serve many tiles


def images_at_a_time(tiles: int, C: int, K: int) -> int:
    """Return how many images are processed at a time, given their number of tiles."""
    fit = SHAPE.core_cache // (36 * FLOAT * tiles * (C + K))
    enough = -(-FEWEST_TILES // tiles)
    return int(max(1, fit, enough))


@compiled
def convolve(
    images: Array,
    kernels: Array,
    bias: Array,
    tiling: Tiling,
    rectified: bool,
    pooled: bool,
    outputs: Array,
    words: Array,
    transformed_kernels: Array,
    transformed: Array,
    products: Array,
    step: Count,
) -> None:
    """Images (n, H, W, C), kernels (3, 3, C, K), bias (K,) -> outputs (n, H', W', K), pooled if wanted.

    ``words`` gets the bits that the backward pass needs, see ``transform_outputs`` and
    ``transform_and_pool_outputs``; ``transformed_kernels`` (36, C, K), ``transformed`` (36, T, C) and
    ``products`` (36, T, K) are workspace for U, and for V and M of ``step`` images.
    """
    n, _, _, C = images.shape
    K = bias.size
    tiles = ((tiling.out_height + 3) // 4) * ((tiling.out_width + 3) // 4)
    V, U, M = start_of(transformed), start_of(transformed_kernels), start_of(products)
    transform_kernels(kernels, transformed_kernels)
    for first in range(0, n, step):
        last = min(first + step, n)
        T = (last - first) * tiles
        transform_images(images, first, last, tiling, transformed)
        for place in range(36):  # (T, C) @ (C, K)
            v, u, m = place * transformed.strides[0], place * C * K * FLOAT, place * products.strides[0]
            product(V + v, C, 1, U + u, M + m, T, C, K, False)
        if pooled:
            transform_and_pool_outputs(products, bias, first, last, tiling, outputs, words)
        else:
            transform_outputs(products, bias, first, last, tiling, rectified, outputs, words)


@compiled
def convolve_backward(
    gradient: Array,
    words: Array,
    images: Array,
    turned_kernels: Array,
    tiling: Tiling,
    pooled: bool,
    wants_images: bool,
    d_kernels: Array,
    d_bias: Array,
    d_images: Array,
    transformed_kernels: Array,
    transformed: Array,
    products: Array,
    step: Count,
) -> None:
    """Compute the gradients of kernels (3, 3, C, K), bias (K,) and, if wanted, images from (n, H', W', K).

    ``turned_kernels`` are the kernels transposed to (3, 3, K, C). ``transformed_kernels`` (2, 36, C, K) is
    workspace: the first half for U, transposed, the second for dU.
    """
    n, _, _, C = images.shape
    K = d_bias.size
    tiles = ((tiling.out_height + 3) // 4) * ((tiling.out_width + 3) // 4)
    V, M = start_of(transformed), start_of(products)
    U, dU = start_of(transformed_kernels[0]), start_of(transformed_kernels[1])
    if wants_images:
        transform_kernels(turned_kernels, transformed_kernels[0])
    d_bias[:] = 0
    if n == 0:
        transformed_kernels[1][:] = 0
    for first in range(0, n, step):
        last = min(first + step, n)
        T = (last - first) * tiles
        if pooled:
            pooled_outputs_gradient(gradient, words, first, last, tiling, products, d_bias)
        else:
            outputs_gradient(gradient, words, first, last, tiling, products, d_bias)
        transform_images(images, first, last, tiling, transformed)
        for place in range(36):
            v, u, m = place * transformed.strides[0], place * C * K * FLOAT, place * products.strides[0]
            product(V + v, 1, C, M + m, dU + u, C, T, K, first > 0)  # Vᵀ (C, T) @ dM (T, K)
            if wants_images:  # dM (T, K) @ Uᵀ (K, C) -> dV, in the place of V
                product(M + m, K, 1, U + u, V + v, T, K, C, False)
        if wants_images:
            images_gradient(transformed, first, last, tiling, d_images)
    transform_kernels_back(transformed_kernels[1], d_kernels)
