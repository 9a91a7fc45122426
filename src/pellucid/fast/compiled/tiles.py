"""The transforms of Winograd's F(4×4, 3×3) compiled: tile by tile, in registers.

In :mod:`pellucid.fast.winograd` a transform is a product with a 36×36 matrix, of which most entries are zeros
or small whole numbers. Here it is what that says, along one axis and then along the other: a dozen additions
for each row of six. What belongs to a tile of outputs is done along with it: bias, rectification, pooling.
Which outputs were positive, and which pixel of a pooling window was the largest, is kept as one bit each.

Each routine does the images from ``first`` to before ``last``; T counts their tiles. Channels are multiples
of sixteen. Arrays are contiguous, but for the 36 planes of V and M, which may lie at any distance; see
:func:`pellucid.fast.space.plane_stride`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.fast.compiled.compiling import part, routine
from pellucid.fast.compiled.rectification import masked, put_rectified
from pellucid.fast.compiled.vectors import (
    LANES,
    add,
    both,
    but_not,
    exceeds,
    load,
    load_truths,
    six,
    spread,
    start_of,
    store,
    store_truths,
    where,
)

# --- The transforms along one axis ------------------------------------------------------------------------


@part
def _image_transform(d: Any) -> Any:
    """Bᵀ d: six pixels to six values."""
    two, four, five = spread(np.float32(2)), spread(np.float32(4)), spread(np.float32(5))
    even, odd = d[4] - four * d[2], d[3] - four * d[1]
    even_2, odd_2 = d[4] - d[2], two * (d[3] - d[1])
    return (
        four * d[0] - five * d[2] + d[4],
        even + odd,
        even - odd,
        even_2 + odd_2,
        even_2 - odd_2,
        four * d[1] - five * d[3] + d[5],
    )


@part
def _image_transform_back(v: Any) -> Any:
    """B v: the gradient of six pixels from that of their six values."""
    two, four, minus_five = spread(np.float32(2)), spread(np.float32(4)), spread(np.float32(-5))
    sum_1, difference_1 = v[1] + v[2], v[2] - v[1]
    sum_2, difference_2 = v[3] + v[4], two * (v[4] - v[3])
    return (
        four * v[0],
        four * (difference_1 + v[5]) + difference_2,
        minus_five * v[0] - four * sum_1 - sum_2,
        minus_five * v[5] - difference_1 - difference_2,
        v[0] + sum_1 + sum_2,
        v[5],
    )


@part
def _output_transform(m: Any) -> Any:
    """Aᵀ m: six products to four outputs."""
    two, four, eight = spread(np.float32(2)), spread(np.float32(4)), spread(np.float32(8))
    sum_1, difference_1 = m[1] + m[2], m[1] - m[2]
    sum_2, difference_2 = m[3] + m[4], m[3] - m[4]
    return (
        m[0] + sum_1 + sum_2,
        difference_1 + two * difference_2,
        sum_1 + four * sum_2,
        difference_1 + eight * difference_2 + m[5],
    )


@part
def _output_transform_back(y: Any) -> Any:
    """A y: the gradient of six products from that of their four outputs."""
    two, four, eight = spread(np.float32(2)), spread(np.float32(4)), spread(np.float32(8))
    even, odd = y[0] + y[2], y[1] + y[3]
    even_2, odd_2 = y[0] + four * y[2], two * y[1] + eight * y[3]
    return y[0], even + odd, even - odd, even_2 + odd_2, even_2 - odd_2, y[3]


# --- Rows of tiles ----------------------------------------------------------------------------------------


@part
def _six_within(array: Any, at: Any, step: Any, first: Any, last: Any) -> Any:
    """Load six vectors, of which those before the first and from the last on lie outside and are zeros."""
    zero = spread(np.float32(0))
    return (
        load(array, at) if first <= 0 < last else zero,
        load(array, at + step) if first <= 1 < last else zero,
        load(array, at + 2 * step) if first <= 2 < last else zero,
        load(array, at + 3 * step) if first <= 3 < last else zero,
        load(array, at + 4 * step) if first <= 4 < last else zero,
        load(array, at + 5 * step) if first <= 5 < last else zero,
    )


@part
def _store_six(array: Any, at: Any, step: Any, vectors: Any) -> None:
    store(array, at, vectors[0])
    store(array, at + step, vectors[1])
    store(array, at + 2 * step, vectors[2])
    store(array, at + 3 * step, vectors[3])
    store(array, at + 4 * step, vectors[4])
    store(array, at + 5 * step, vectors[5])


@part
def _add_six(array: Any, at: Any, step: Any, vectors: Any) -> None:
    add(array, at, vectors[0])
    add(array, at + step, vectors[1])
    add(array, at + 2 * step, vectors[2])
    add(array, at + 3 * step, vectors[3])
    add(array, at + 4 * step, vectors[4])
    add(array, at + 5 * step, vectors[5])


@part
def _add_six_within(array: Any, at: Any, step: Any, vectors: Any, first: Any, last: Any) -> None:
    if first <= 0 < last:
        add(array, at, vectors[0])
    if first <= 1 < last:
        add(array, at + step, vectors[1])
    if first <= 2 < last:
        add(array, at + 2 * step, vectors[2])
    if first <= 3 < last:
        add(array, at + 3 * step, vectors[3])
    if first <= 4 < last:
        add(array, at + 4 * step, vectors[4])
    if first <= 5 < last:
        add(array, at + 5 * step, vectors[5])


@part
def _of_six(rows: Any, place: Any) -> Any:
    """Take one column of six rows."""
    return rows[0][place], rows[1][place], rows[2][place], rows[3][place], rows[4][place], rows[5][place]


@part
def _of_four(rows: Any, place: Any) -> Any:
    return rows[0][place], rows[1][place], rows[2][place], rows[3][place]


# --- Images and their gradient ----------------------------------------------------------------------------


@routine
def transform_images(images: Any, first: Any, last: Any, tiling: Any, transformed: Any) -> None:
    """Images (n, H, W, C) -> V (36, T, C)."""
    _, H, W, C = images.shape
    plane = transformed.strides[0] // 4
    pixels, values = start_of(images), start_of(transformed)
    rows, columns = (tiling.out_height + 3) // 4, (tiling.out_width + 3) // 4
    to = 0
    for image in range(first, last):
        for row in range(rows):
            y = 4 * row - tiling.top
            for column in range(columns):
                x = 4 * column - tiling.left
                whole = y >= 0 and x >= 0 and y + 6 <= H and x + 6 <= W
                for c in range(0, C, LANES):
                    at, down = ((image * H + y) * W + x) * C + c, W * C
                    if whole:
                        across = (
                            _image_transform(six(pixels, at, C)),
                            _image_transform(six(pixels, at + down, C)),
                            _image_transform(six(pixels, at + 2 * down, C)),
                            _image_transform(six(pixels, at + 3 * down, C)),
                            _image_transform(six(pixels, at + 4 * down, C)),
                            _image_transform(six(pixels, at + 5 * down, C)),
                        )
                    else:
                        left, right = -x, W - x
                        across = (
                            _image_transform(_six_within(pixels, at, C, left, _if_in(y, H, right))),
                            _image_transform(
                                _six_within(pixels, at + down, C, left, _if_in(y + 1, H, right))
                            ),
                            _image_transform(
                                _six_within(pixels, at + 2 * down, C, left, _if_in(y + 2, H, right))
                            ),
                            _image_transform(
                                _six_within(pixels, at + 3 * down, C, left, _if_in(y + 3, H, right))
                            ),
                            _image_transform(
                                _six_within(pixels, at + 4 * down, C, left, _if_in(y + 4, H, right))
                            ),
                            _image_transform(
                                _six_within(pixels, at + 5 * down, C, left, _if_in(y + 5, H, right))
                            ),
                        )
                    _store_six(values, to, 6 * plane, _image_transform(_of_six(across, 0)))
                    _store_six(values, to + plane, 6 * plane, _image_transform(_of_six(across, 1)))
                    _store_six(values, to + 2 * plane, 6 * plane, _image_transform(_of_six(across, 2)))
                    _store_six(values, to + 3 * plane, 6 * plane, _image_transform(_of_six(across, 3)))
                    _store_six(values, to + 4 * plane, 6 * plane, _image_transform(_of_six(across, 4)))
                    _store_six(values, to + 5 * plane, 6 * plane, _image_transform(_of_six(across, 5)))
                    to += LANES


@part
def _if_in(place: Any, size: Any, last: Any) -> Any:
    """Return ``last`` for a row that lies in the image, and for one that does not -1: nothing of it does."""
    return last if 0 <= place < size else -1


@routine
def images_gradient(d_transformed: Any, first: Any, last: Any, tiling: Any, d_images: Any) -> None:
    """From dV (36, T, C) to the gradient of the images (n, H, W, C): overlapping tiles add up."""
    _, H, W, C = d_images.shape
    plane = d_transformed.strides[0] // 4
    values, pixels = start_of(d_transformed), start_of(d_images)
    rows, columns = (tiling.out_height + 3) // 4, (tiling.out_width + 3) // 4
    at = 0
    for image in range(first, last):
        d_images[image] = 0
        for row in range(rows):
            y = 4 * row - tiling.top
            for column in range(columns):
                x = 4 * column - tiling.left
                whole = y >= 0 and x >= 0 and y + 6 <= H and x + 6 <= W
                for c in range(0, C, LANES):
                    down = (
                        _image_transform_back(six(values, at, 6 * plane)),
                        _image_transform_back(six(values, at + plane, 6 * plane)),
                        _image_transform_back(six(values, at + 2 * plane, 6 * plane)),
                        _image_transform_back(six(values, at + 3 * plane, 6 * plane)),
                        _image_transform_back(six(values, at + 4 * plane, 6 * plane)),
                        _image_transform_back(six(values, at + 5 * plane, 6 * plane)),
                    )
                    at += LANES
                    to, line = ((image * H + y) * W + x) * C + c, W * C
                    d_0 = _image_transform_back(_of_six(down, 0))
                    d_1 = _image_transform_back(_of_six(down, 1))
                    d_2 = _image_transform_back(_of_six(down, 2))
                    d_3 = _image_transform_back(_of_six(down, 3))
                    d_4 = _image_transform_back(_of_six(down, 4))
                    d_5 = _image_transform_back(_of_six(down, 5))
                    if whole:
                        _add_six(pixels, to, C, d_0)
                        _add_six(pixels, to + line, C, d_1)
                        _add_six(pixels, to + 2 * line, C, d_2)
                        _add_six(pixels, to + 3 * line, C, d_3)
                        _add_six(pixels, to + 4 * line, C, d_4)
                        _add_six(pixels, to + 5 * line, C, d_5)
                    else:
                        left, right = -x, W - x
                        _add_six_within(pixels, to, C, d_0, left, _if_in(y, H, right))
                        _add_six_within(pixels, to + line, C, d_1, left, _if_in(y + 1, H, right))
                        _add_six_within(pixels, to + 2 * line, C, d_2, left, _if_in(y + 2, H, right))
                        _add_six_within(pixels, to + 3 * line, C, d_3, left, _if_in(y + 3, H, right))
                        _add_six_within(pixels, to + 4 * line, C, d_4, left, _if_in(y + 4, H, right))
                        _add_six_within(pixels, to + 5 * line, C, d_5, left, _if_in(y + 5, H, right))


# --- Outputs and their gradient ---------------------------------------------------------------------------


@part
def _output_tile(products: Any, at: Any, plane: Any) -> Any:
    """Return four columns of four outputs."""
    across = (
        _output_transform(six(products, at, plane)),
        _output_transform(six(products, at + 6 * plane, plane)),
        _output_transform(six(products, at + 12 * plane, plane)),
        _output_transform(six(products, at + 18 * plane, plane)),
        _output_transform(six(products, at + 24 * plane, plane)),
        _output_transform(six(products, at + 30 * plane, plane)),
    )
    return (
        _output_transform(_of_six(across, 0)),
        _output_transform(_of_six(across, 1)),
        _output_transform(_of_six(across, 2)),
        _output_transform(_of_six(across, 3)),
    )


@part
def _store_gradient_tile(d_products: Any, to: Any, plane: Any, rows: Any) -> None:
    """Bring four rows of four outputs' gradients back to the 36 products'."""
    across = (
        _output_transform_back(rows[0]),
        _output_transform_back(rows[1]),
        _output_transform_back(rows[2]),
        _output_transform_back(rows[3]),
    )
    _store_six(d_products, to, 6 * plane, _output_transform_back(_of_four(across, 0)))
    _store_six(d_products, to + plane, 6 * plane, _output_transform_back(_of_four(across, 1)))
    _store_six(d_products, to + 2 * plane, 6 * plane, _output_transform_back(_of_four(across, 2)))
    _store_six(d_products, to + 3 * plane, 6 * plane, _output_transform_back(_of_four(across, 3)))
    _store_six(d_products, to + 4 * plane, 6 * plane, _output_transform_back(_of_four(across, 4)))
    _store_six(d_products, to + 5 * plane, 6 * plane, _output_transform_back(_of_four(across, 5)))


@part
def _sum_of_four(four: Any) -> Any:
    return (four[0] + four[1]) + (four[2] + four[3])


@part
def _put_column(
    outputs: Any, to: Any, line: Any, column: Any, count: Any, offset: Any, rectified: Any, positive: Any
) -> None:
    """Store the first ``count`` of a column of four outputs."""
    put_rectified(outputs, to, column[0] + offset, rectified, positive)
    if count > 1:
        put_rectified(outputs, to + line, column[1] + offset, rectified, positive)
    if count > 2:
        put_rectified(outputs, to + 2 * line, column[2] + offset, rectified, positive)
    if count > 3:
        put_rectified(outputs, to + 3 * line, column[3] + offset, rectified, positive)


@routine
def transform_outputs(
    products: Any, bias: Any, first: Any, last: Any, tiling: Any, rectified: Any, outputs: Any, positive: Any
) -> None:
    """M (36, T, K) and bias (K,) -> outputs (n, H', W', K).

    ``positive`` (n·H'·W'·K/16,) gets a bit for each output that is; of size 0 if nobody wants to know.
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
                    tile = _output_tile(values, at, plane)
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


@part
def _gradient_at(gradient: Any, at: Any, positive: Any, inside: Any) -> Any:
    """Load sixteen gradients; zeros where the tile hangs over, and where the output was rectified."""
    return masked(gradient, at, positive) if inside else spread(np.float32(0))


@part
def _gradient_row(gradient: Any, at: Any, step: Any, positive: Any, count: Any) -> Any:
    """Load a row of four outputs' gradients, of which ``count`` lie inside."""
    return (
        _gradient_at(gradient, at, positive, count > 0),
        _gradient_at(gradient, at + step, positive, count > 1),
        _gradient_at(gradient, at + 2 * step, positive, count > 2),
        _gradient_at(gradient, at + 3 * step, positive, count > 3),
    )


@routine
def outputs_gradient(
    gradient: Any, positive: Any, first: Any, last: Any, tiling: Any, d_products: Any, d_bias: Any
) -> None:
    """From the gradient of outputs (n, H', W', K) to dM (36, T, K) and that of the bias (K,)."""
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
                    sums = _sum_of_four(tile[0]) + _sum_of_four(tile[1])
                    add(biases, k, sums + (_sum_of_four(tile[2]) + _sum_of_four(tile[3])))
                    _store_gradient_tile(values, to, plane, tile)
                    to += LANES


# --- Outputs pooled 2×2, and their gradient ---------------------------------------------------------------


@part
def _put_largest(
    outputs: Any, to: Any, pixels: Any, offset: Any, inside: Any, winners: Any, plane: Any
) -> None:
    """Store the largest of four pixels, rectified; mark which it was, the first of equals, if positive."""
    if not inside:
        return
    zero = spread(np.float32(0))
    best = pixels[0]
    is_1 = exceeds(pixels[1], best)
    best = where(is_1, pixels[1], best)
    is_2 = exceeds(pixels[2], best)
    best = where(is_2, pixels[2], best)
    is_3 = exceeds(pixels[3], best)
    best = where(is_3, pixels[3], best) + offset
    if winners:
        undecided, place = best > zero, to // LANES  # from the last pixel to the first
        store_truths(winners, place + 3 * plane, both(is_3, undecided))
        undecided = but_not(undecided, is_3)
        store_truths(winners, place + 2 * plane, both(is_2, undecided))
        undecided = but_not(undecided, is_2)
        store_truths(winners, place + plane, both(is_1, undecided))
        store_truths(winners, place, but_not(undecided, is_1))
    store(outputs, to, where(zero > best, zero, best))


@routine
def transform_and_pool_outputs(
    products: Any, bias: Any, first: Any, last: Any, tiling: Any, outputs: Any, winners: Any
) -> None:
    """M (36, T, K) and bias (K,) -> outputs (n, H'/2, W'/2, K), rectified and pooled.

    ``winners`` (4·n·H'/2·W'/2·K/16,) gets for each pixel of a window the bits that tell where it is the first
    of the largest, and positive; of size 0 if nobody wants to know.
    """
    _, H, W, K = outputs.shape
    plane = products.strides[0] // 4
    values, biases, results, won = start_of(products), start_of(bias), start_of(outputs), start_of(winners)
    rows, columns = (tiling.out_height + 3) // 4, (tiling.out_width + 3) // 4
    words = outputs.size // LANES
    at = 0
    for image in range(first, last):
        for row in range(rows):
            below = 2 * row + 1 < H
            for column in range(columns):
                beside = 2 * column + 1 < W
                here = 2 * row < H and 2 * column < W
                for k in range(0, K, LANES):
                    a, b, c, d = _output_tile(values, at, plane)
                    at += LANES
                    offset = load(biases, k)
                    to, line = ((image * H + 2 * row) * W + 2 * column) * K + k, W * K
                    window = a[0], b[0], a[1], b[1]
                    _put_largest(results, to, window, offset, here, won, words)
                    window = c[0], d[0], c[1], d[1]
                    _put_largest(results, to + K, window, offset, here and beside, won, words)
                    window = a[2], b[2], a[3], b[3]
                    _put_largest(results, to + line, window, offset, here and below, won, words)
                    window = c[2], d[2], c[3], d[3]
                    _put_largest(
                        results, to + line + K, window, offset, here and below and beside, won, words
                    )


@part
def _gradients_of_window(gradient: Any, at: Any, inside: Any, winners: Any, plane: Any) -> Any:
    """Give the gradient of a pooled output to the pixel that won; return the four pixels'."""
    zero = spread(np.float32(0))
    if not inside:
        return zero, zero, zero, zero
    values, place = load(gradient, at), at // LANES
    return (
        where(load_truths(winners, place), values, zero),
        where(load_truths(winners, place + plane), values, zero),
        where(load_truths(winners, place + 2 * plane), values, zero),
        where(load_truths(winners, place + 3 * plane), values, zero),
    )


@routine
def pooled_outputs_gradient(
    gradient: Any, winners: Any, first: Any, last: Any, tiling: Any, d_products: Any, d_bias: Any
) -> None:
    """From the gradient of pooled outputs (n, H'/2, W'/2, K) to dM (36, T, K) and that of the bias (K,)."""
    _, H, W, K = gradient.shape
    plane = d_products.strides[0] // 4
    d_outputs, won = start_of(gradient), start_of(winners)
    values, biases = start_of(d_products), start_of(d_bias)
    rows, columns = (tiling.out_height + 3) // 4, (tiling.out_width + 3) // 4
    words = gradient.size // LANES
    to = 0
    for image in range(first, last):
        for row in range(rows):
            below = 2 * row + 1 < H
            for column in range(columns):
                beside = 2 * column + 1 < W
                here = 2 * row < H and 2 * column < W
                for k in range(0, K, LANES):
                    at, line = ((image * H + 2 * row) * W + 2 * column) * K + k, W * K
                    a = _gradients_of_window(d_outputs, at, here, won, words)
                    b = _gradients_of_window(d_outputs, at + K, here and beside, won, words)
                    c = _gradients_of_window(d_outputs, at + line, here and below, won, words)
                    d = _gradients_of_window(d_outputs, at + line + K, here and below and beside, won, words)
                    sums = (_sum_of_four(a) + _sum_of_four(b)) + (_sum_of_four(c) + _sum_of_four(d))
                    add(biases, k, sums)
                    tile = (
                        (a[0], a[1], b[0], b[1]),
                        (a[2], a[3], b[2], b[3]),
                        (c[0], c[1], d[0], d[1]),
                        (c[2], c[3], d[2], d[3]),
                    )
                    _store_gradient_tile(values, to, plane, tile)
                    to += LANES
