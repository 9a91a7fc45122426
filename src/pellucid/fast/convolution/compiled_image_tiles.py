"""Compiled transforms of images and their gradients for Winograd's F(4×4, 3×3), tile by tile.

In :mod:`pellucid.fast.convolution.winograd_transforms` a transform is a product with a 36×36 matrix whose
entries are mostly zeros or small whole numbers. Here those products are written out, first along one axis and
then along the other: a dozen additions for each row of six.

Each function processes the images from ``first`` to before ``last``; T is the number of their tiles. Channel
counts are multiples of the lanes. Arrays are contiguous, except that the 36 planes of V and M may be any
distance apart; see :func:`pellucid.fast.buffers.plane_stride`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.fast.annotations import Count, Vectors
from pellucid.fast.buffers import Array
from pellucid.fast.compiling import inlined, subroutine
from pellucid.fast.convolution.compiled_tile_rows import (
    add_six,
    add_six_within,
    of_six,
    six_within,
    store_six,
)
from pellucid.fast.convolution.winograd_transforms import Tiling
from pellucid.fast.processors import LANES
from pellucid.fast.vectors import six, spread, start_of


@inlined
def _image_transform(d: Vectors) -> Vectors:
    """Bᵀ d: transforms six pixels to six values."""
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


@inlined
def _image_transform_back(v: Vectors) -> Vectors:
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


@subroutine
def transform_images(images: Array, first: Count, last: Count, tiling: Tiling, transformed: Array) -> None:
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
                            _image_transform(six_within(pixels, at, C, left, _if_in(y, H, right))),
                            _image_transform(six_within(pixels, at + down, C, left, _if_in(y + 1, H, right))),
                            _image_transform(
                                six_within(pixels, at + 2 * down, C, left, _if_in(y + 2, H, right))
                            ),
                            _image_transform(
                                six_within(pixels, at + 3 * down, C, left, _if_in(y + 3, H, right))
                            ),
                            _image_transform(
                                six_within(pixels, at + 4 * down, C, left, _if_in(y + 4, H, right))
                            ),
                            _image_transform(
                                six_within(pixels, at + 5 * down, C, left, _if_in(y + 5, H, right))
                            ),
                        )
                    store_six(values, to, 6 * plane, _image_transform(of_six(across, 0)))
                    store_six(values, to + plane, 6 * plane, _image_transform(of_six(across, 1)))
                    store_six(values, to + 2 * plane, 6 * plane, _image_transform(of_six(across, 2)))
                    store_six(values, to + 3 * plane, 6 * plane, _image_transform(of_six(across, 3)))
                    store_six(values, to + 4 * plane, 6 * plane, _image_transform(of_six(across, 4)))
                    store_six(values, to + 5 * plane, 6 * plane, _image_transform(of_six(across, 5)))
                    to += LANES


@inlined
def _if_in(place: Count, size: Count, last: Count) -> Any:
    """Return ``last`` for a row inside the image, and -1 for a row outside."""
    return last if 0 <= place < size else -1


@subroutine
def images_gradient(d_transformed: Array, first: Count, last: Count, tiling: Tiling, d_images: Array) -> None:
    """Compute the images' gradient (n, H, W, C) from dV (36, T, C); overlapping tiles are added."""
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
                    d_0 = _image_transform_back(of_six(down, 0))
                    d_1 = _image_transform_back(of_six(down, 1))
                    d_2 = _image_transform_back(of_six(down, 2))
                    d_3 = _image_transform_back(of_six(down, 3))
                    d_4 = _image_transform_back(of_six(down, 4))
                    d_5 = _image_transform_back(of_six(down, 5))
                    if whole:
                        add_six(pixels, to, C, d_0)
                        add_six(pixels, to + line, C, d_1)
                        add_six(pixels, to + 2 * line, C, d_2)
                        add_six(pixels, to + 3 * line, C, d_3)
                        add_six(pixels, to + 4 * line, C, d_4)
                        add_six(pixels, to + 5 * line, C, d_5)
                    else:
                        left, right = -x, W - x
                        add_six_within(pixels, to, C, d_0, left, _if_in(y, H, right))
                        add_six_within(pixels, to + line, C, d_1, left, _if_in(y + 1, H, right))
                        add_six_within(pixels, to + 2 * line, C, d_2, left, _if_in(y + 2, H, right))
                        add_six_within(pixels, to + 3 * line, C, d_3, left, _if_in(y + 3, H, right))
                        add_six_within(pixels, to + 4 * line, C, d_4, left, _if_in(y + 4, H, right))
                        add_six_within(pixels, to + 5 * line, C, d_5, left, _if_in(y + 5, H, right))
