"""Transforms of outputs and their gradient, with bias and ReLU; see ``compiled_image_tiles``.

One bit is stored per output: whether it is positive.
"""

from __future__ import annotations

import numpy as np

from pellucid.fast.annotations import Address, Count, Vector, Vectors
from pellucid.fast.buffers import Array
from pellucid.fast.compiling import inlined, subroutine
from pellucid.fast.convolution.compiled_tile_rows import of_four, of_six, store_six
from pellucid.fast.convolution.winograd_transforms import Tiling
from pellucid.fast.processors import LANES
from pellucid.fast.rectification.compiled_rectification import masked, put_rectified
from pellucid.fast.vectors import add, load, six, spread, start_of


@inlined
def output_transform(m: Vectors) -> Vectors:
    """Aᵀ m: transforms six products to four outputs."""
    two, four, eight = spread(np.float32(2)), spread(np.float32(4)), spread(np.float32(8))
    sum_1, difference_1 = m[1] + m[2], m[1] - m[2]
    sum_2, difference_2 = m[3] + m[4], m[3] - m[4]
    return (
        m[0] + sum_1 + sum_2,
        difference_1 + two * difference_2,
        sum_1 + four * sum_2,
        difference_1 + eight * difference_2 + m[5],
    )


@inlined
def output_transform_back(y: Vectors) -> Vectors:
    """A y: the gradient of six products from that of their four outputs."""
    two, four, eight = spread(np.float32(2)), spread(np.float32(4)), spread(np.float32(8))
    even, odd = y[0] + y[2], y[1] + y[3]
    even_2, odd_2 = y[0] + four * y[2], two * y[1] + eight * y[3]
    return y[0], even + odd, even - odd, even_2 + odd_2, even_2 - odd_2, y[3]


@inlined
def output_tile(products: Address, at: Count, plane: Count) -> Vectors:
    """Return four columns of four outputs each."""
    across = (
        output_transform(six(products, at, plane)),
        output_transform(six(products, at + 6 * plane, plane)),
        output_transform(six(products, at + 12 * plane, plane)),
        output_transform(six(products, at + 18 * plane, plane)),
        output_transform(six(products, at + 24 * plane, plane)),
        output_transform(six(products, at + 30 * plane, plane)),
    )
    return (
        output_transform(of_six(across, 0)),
        output_transform(of_six(across, 1)),
        output_transform(of_six(across, 2)),
        output_transform(of_six(across, 3)),
    )


@inlined
def store_gradient_tile(d_products: Address, to: Count, plane: Count, rows: Vectors) -> None:
    """Transform four rows of four outputs' gradients to those of the 36 products."""
    across = (
        output_transform_back(rows[0]),
        output_transform_back(rows[1]),
        output_transform_back(rows[2]),
        output_transform_back(rows[3]),
    )
    store_six(d_products, to, 6 * plane, output_transform_back(of_four(across, 0)))
    store_six(d_products, to + plane, 6 * plane, output_transform_back(of_four(across, 1)))
    store_six(d_products, to + 2 * plane, 6 * plane, output_transform_back(of_four(across, 2)))
    store_six(d_products, to + 3 * plane, 6 * plane, output_transform_back(of_four(across, 3)))
    store_six(d_products, to + 4 * plane, 6 * plane, output_transform_back(of_four(across, 4)))
    store_six(d_products, to + 5 * plane, 6 * plane, output_transform_back(of_four(across, 5)))


@inlined
def sum_of_four(four: Vectors) -> Vector:
    """Add four vectors."""
    return (four[0] + four[1]) + (four[2] + four[3])


@inlined
def _put_column(
    outputs: Address,
    to: Count,
    line: Count,
    column: Vectors,
    count: Count,
    offset: Vector,
    rectified: bool,
    positive: Address,
) -> None:
    """Store the first ``count`` of a column of four outputs."""
    put_rectified(outputs, to, column[0] + offset, rectified, positive)
    if count > 1:
        put_rectified(outputs, to + line, column[1] + offset, rectified, positive)
    if count > 2:
        put_rectified(outputs, to + 2 * line, column[2] + offset, rectified, positive)
    if count > 3:
        put_rectified(outputs, to + 3 * line, column[3] + offset, rectified, positive)


@subroutine
def transform_outputs(
    products: Array,
    bias: Array,
    first: Count,
    last: Count,
    tiling: Tiling,
    rectified: bool,
    outputs: Array,
    positive: Array,
) -> None:
    """M (36, T, K) and bias (K,) -> outputs (n, H', W', K).

    ``positive`` (n·H'·W'·K/16,) gets a bit for each output: whether it is positive; size 0 to skip that.
    """
    _, H, W, K = outputs.shape
    plane = products.strides[0] // 4
    values, biases, results, signs = start_of(products), start_of(bias), start_of(outputs), start_of(positive)
    rows, columns = (tiling.out_height + 3) // 4, (tiling.out_width + 3) // 4
    at = 0
    for image in range(first, last):
        for row in range(rows):
            count = H - 4 * row
            for column in range(columns):
                for k in range(0, K, LANES):
                    tile = output_tile(values, at, plane)
                    at += LANES
                    offset = load(biases, k)
                    to, line = ((image * H + 4 * row) * W + 4 * column) * K + k, W * K
                    _put_column(results, to, line, tile[0], count, offset, rectified, signs)
                    if W - 4 * column > 1:
                        _put_column(results, to + K, line, tile[1], count, offset, rectified, signs)
                    if W - 4 * column > 2:
                        _put_column(results, to + 2 * K, line, tile[2], count, offset, rectified, signs)
                    if W - 4 * column > 3:
                        _put_column(results, to + 3 * K, line, tile[3], count, offset, rectified, signs)


@inlined
def gradient_at(gradient: Address, at: Count, positive: Address, inside: bool) -> Vector:
    """Load sixteen gradients; zeros outside the map, and where ReLU gave zero."""
    return masked(gradient, at, positive) if inside else spread(np.float32(0))


@inlined
def _gradient_row(gradient: Address, at: Count, step: Count, positive: Address, count: Count) -> Vectors:
    """Load a row of four outputs' gradients, of which the first ``count`` are inside the map."""
    return (
        gradient_at(gradient, at, positive, count > 0),
        gradient_at(gradient, at + step, positive, count > 1),
        gradient_at(gradient, at + 2 * step, positive, count > 2),
        gradient_at(gradient, at + 3 * step, positive, count > 3),
    )


@subroutine
def outputs_gradient(
    gradient: Array,
    positive: Array,
    first: Count,
    last: Count,
    tiling: Tiling,
    d_products: Array,
    d_bias: Array,
) -> None:
    """Compute dM (36, T, K) and the bias's gradient (K,) from the outputs' gradient (n, H', W', K)."""
    _, H, W, K = gradient.shape
    plane = d_products.strides[0] // 4
    d_outputs, signs = start_of(gradient), start_of(positive)
    values, biases = start_of(d_products), start_of(d_bias)
    rows, columns = (tiling.out_height + 3) // 4, (tiling.out_width + 3) // 4
    to = 0
    for image in range(first, last):
        for row in range(rows):
            for column in range(columns):
                for k in range(0, K, LANES):
                    at, line = ((image * H + 4 * row) * W + 4 * column) * K + k, W * K
                    count, left = W - 4 * column, H - 4 * row
                    tile = (
                        _gradient_row(d_outputs, at, K, signs, count),
                        _gradient_row(d_outputs, at + line, K, signs, count if left > 1 else 0),
                        _gradient_row(d_outputs, at + 2 * line, K, signs, count if left > 2 else 0),
                        _gradient_row(d_outputs, at + 3 * line, K, signs, count if left > 3 else 0),
                    )
                    sums = sum_of_four(tile[0]) + sum_of_four(tile[1])
                    add(biases, k, sums + (sum_of_four(tile[2]) + sum_of_four(tile[3])))
                    store_gradient_tile(values, to, plane, tile)
                    to += LANES
