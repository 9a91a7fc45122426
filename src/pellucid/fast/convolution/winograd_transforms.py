r"""Convolution with 3×3 kernels at stride 1 with fewer multiplications: Winograd's F(4×4, 3×3), F(2×2, 3×3).

Along one axis, four outputs of a kernel of three weights need twelve multiplications if computed directly.
Winograd's algorithm needs six: transform the six inputs d and the three weights g, multiply elementwise,
transform back,

    y = Aᵀ [(G g) ⊙ (Bᵀ d)]          d (6,), g (3,), y (4,)

which is polynomial multiplication by evaluation at the points 0, 1, -1, 2, -2 and infinity: Bᵀ and G evaluate
there, Aᵀ interpolates (Lavin & Gray 2016, arXiv:1509.09308, section 4; Winograd 1980). Two outputs at a time
need the points 0, 1, -1 and infinity: four multiplications instead of six. In two dimensions the matrices are
Kronecker products: a tile of 6×6 pixels gives 4×4 outputs with 36 multiplications instead of 144, one of 4×4
pixels gives 2×2 outputs with 16 instead of 36.

Summed over channels, each of the P = 36 or 16 positions is a separate matrix product:

    V = (Bᵀ⊗Bᵀ) tiles       (P, P) @ (P, T·C) -> (P, T, C)      T tiles in all
    U = (G⊗G) kernels       (P, 9) @ (9, C·K) -> (P, C, K)
    M = V @ U               P products (T, C) @ (C, K) -> (T, K)
    Y = (Aᵀ⊗Aᵀ) M           (16 or 4, P) @ (P, T·K) -> (16 or 4, T, K)

The backward pass follows from the products: each transform is replaced by its transpose, in reverse order.
The position of the points (1, 1) is special: there Aᵀ⊗Aᵀ has a column of ones. What is added to M at this
``centre``, such as the bias, is added to all outputs of a tile; and in the backward pass it holds the sum
over a tile.

**Choice of transforms.** If the output size is not a multiple of the tile, the excess is computed in vain.
``transforms_for`` chooses the transforms with fewer multiplications, including the excess; if equal, those
with smaller rounding errors.

**Rounding.** The points 2 and -2 bring factors up to 8 into Aᵀ, which cancel in the result but magnify
rounding errors. In float32 the outputs of F(4×4, 3×3) are off by 2e-6 (one channel) to 8e-6 (256 channels)
relative to the largest, ten to twenty times as much as in direct summation; those of F(2×2, 3×3) by 2e-7 to
6e-7, about as much as in direct summation. In float64 the plain form is used.

**Overflow.** Intermediate values of F(4×4, 3×3) are larger than its results: by up to 100 in V (magnitudes in
a row of Bᵀ sum to 10, along each axis), and by up to 361 in sums over M (19 in a row of Aᵀ). With max|x| ≤
3e36 and C · max|x| · max|w| ≤ 9e33 nothing overflows float32. Above that it may overflow where direct
summation would not; the engine computes such a batch again in the plain form.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from pellucid.fast.buffers import Array, workspace, workspace_planes

COLUMNS = (
    768  # columns at a time: 36 rows of them fit in the cache, and OpenBLAS uses its small-matrix kernel
)


class Transforms:
    """Tiles of one size, and the matrices that transform them."""

    def __init__(self, b_t: list[list[int]], g: list[list[float]], a_t: list[list[int]]) -> None:
        self.tile, self.reach = len(a_t), len(b_t)  # outputs of a tile along an axis; the pixels they need
        self.places = self.reach**2  # P
        self.centre = self.reach + 1  # the position of the points (1, 1)
        self.along_one_axis = b_t, g, a_t
        self.images, self.kernels, self.outputs = (  # (P, P), (P, 9), (16 or 4, P)
            np.kron(matrix, matrix).astype(np.float32) for matrix in (b_t, g, a_t)
        )
        self.images_back, self.kernels_back, self.outputs_back = (
            np.ascontiguousarray(matrix.T) for matrix in (self.images, self.kernels, self.outputs)
        )

    def multiplications(self, height: int, width: int) -> int:
        """Return the multiplications per pair of channels for H'×W' outputs, including the excess.

        Examples
        --------
        >>> [F4.multiplications(size, size) for size in (4, 5, 6, 13)]
        [36, 144, 144, 576]
        >>> [F2.multiplications(size, size) for size in (4, 5, 6, 13)]
        [64, 144, 144, 784]
        """
        return self.places * -(-height // self.tile) * -(-width // self.tile)


F4 = Transforms(  # F(4×4, 3×3)
    b_t=[
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ],
    g=[
        [1 / 4, 0, 0],
        [-1 / 6, -1 / 6, -1 / 6],
        [-1 / 6, 1 / 6, -1 / 6],
        [1 / 24, 1 / 12, 1 / 6],
        [1 / 24, -1 / 12, 1 / 6],
        [0, 0, 1],
    ],
    a_t=[
        [1, 1, 1, 1, 1, 0],
        [0, 1, -1, 2, -2, 0],
        [0, 1, 1, 4, 4, 0],
        [0, 1, -1, 8, -8, 1],
    ],
)
F2 = Transforms(  # F(2×2, 3×3)
    b_t=[
        [1, 0, -1, 0],
        [0, 1, 1, 0],
        [0, -1, 1, 0],
        [0, -1, 0, 1],
    ],
    g=[
        [1, 0, 0],
        [1 / 2, 1 / 2, 1 / 2],
        [1 / 2, -1 / 2, 1 / 2],
        [0, 0, 1],
    ],
    a_t=[
        [1, 1, 1, 0],
        [0, 1, -1, 1],
    ],
)


def transforms_for(height: int, width: int) -> Transforms:
    """Return the transforms for H'×W' outputs: fewest multiplications, then smallest rounding errors."""
    return min(F2, F4, key=lambda transforms: transforms.multiplications(height, width))


class Tiling(NamedTuple):
    """How tiles cover the outputs (H', W') of a convolution."""

    height: int  # of the image
    width: int
    top: int  # zero padding above and to the left of the image
    left: int
    out_height: int
    out_width: int
    tile: int  # outputs of a tile along an axis

    @classmethod
    def of(cls, height: int, width: int, padding: str, tile: int = F4.tile) -> Tiling:
        """Return the tiling for images of H×W and padding 'valid' or 'same'."""
        border = 1 if padding == "same" else 0
        return cls(height, width, border, border, height - 2 + 2 * border, width - 2 + 2 * border, tile)

    @property
    def rows(self) -> int:
        """Number of tiles from top to bottom."""
        return -(-self.out_height // self.tile)

    @property
    def columns(self) -> int:
        """Number of tiles from left to right."""
        return -(-self.out_width // self.tile)

    @property
    def whole_height(self) -> int:
        """Number of image rows that the tiles cover exactly."""
        return self.rows * self.tile + 2

    @property
    def whole_width(self) -> int:
        """Number of image columns that the tiles cover exactly."""
        return self.columns * self.tile + 2

    @property
    def fits(self) -> bool:
        """Whether the tiles cover the image exactly, without padding."""
        return (self.whole_height, self.whole_width) == (self.height, self.width)


def transform_kernels(transforms: Transforms, kernels: Array, out: Array) -> None:
    """(3, 3, C, K) -> U (P, C, K) in ``out``."""
    np.matmul(
        transforms.kernels, kernels.reshape(9, -1), out=out.reshape(transforms.places, -1)
    )  # (P, 9) @ (9, C·K)


def transform_kernels_back(transforms: Transforms, d_transformed: Array) -> Array:
    """Compute the kernels' gradient (3, 3, C, K) from dU (P, C, K)."""
    _, C, K = d_transformed.shape
    return (transforms.kernels_back @ d_transformed.reshape(transforms.places, -1)).reshape(
        3, 3, C, K
    )  # (9, P) @ (P, C·K)


def transform_images(transforms: Transforms, images: Array, tiling: Tiling, out: Array) -> None:
    """(n, H, W, C) -> V (P, T, C) in ``out``; tiles overlap by two pixels."""
    padded = images if tiling.fits else _padded(images, tiling)
    gathered = _tiles_space(transforms, tiling, images)
    n, rows, columns, C = gathered.shape[2:]
    by_image, by_row, by_column, by_channel = padded.strides
    tiles = as_strided(  # a view
        padded,
        (transforms.reach, transforms.reach, n, rows, columns, C),
        (by_row, by_column, by_image, transforms.tile * by_row, transforms.tile * by_column, by_channel),
        writeable=False,
    )
    np.copyto(gathered, tiles)
    _transform(transforms.images, gathered, out)


def images_gradient(transforms: Transforms, d_transformed: Array, tiling: Tiling, out: Array) -> None:
    """Compute the images' gradient (n, H, W, C) in ``out`` from dV (P, T, C); overlapping tiles are added."""
    tile = transforms.tile
    tiles = _tiles_space(transforms, tiling, out)  # (6, 6, n, rows, columns, C), or (4, 4, …)
    n, rows, columns, C = tiles.shape[2:]
    _transform(transforms.images_back, d_transformed, tiles)
    # Where a tile overlaps the next by two rows or columns, its values are added to those of the next. The
    # sums are then in the first 4×4 or 2×2 pixels of each tile, and in the last pixels of the last tiles.
    tiles[:2, :, :, 1:] += tiles[tile:, :, :, :-1]
    tiles[:, :2, :, :, 1:] += tiles[:, tile:, :, :, :-1]
    padded = out
    if not tiling.fits:
        padded = workspace("d padded", (n, tiling.whole_height, tiling.whole_width, C))
    by_place = tiles.transpose(2, 3, 0, 4, 1, 5)  # (n, rows, i, columns, j, C)
    below, beside = padded[:, rows * tile :], padded[:, :, columns * tile :]
    _in_tiles(padded, rows, tile, columns, tile)[...] = by_place[:, :, :tile, :, :tile]
    _in_tiles(below, 1, 2, columns, tile)[...] = by_place[:, -1:, tile:, :, :tile]
    _in_tiles(beside, rows, tile, 1, 2)[...] = by_place[:, :, :tile, -1:, tile:]
    below[:, :, columns * tile :] = by_place[:, -1, tile:, -1, tile:]
    if padded is not out:
        top, left = tiling.top, tiling.left
        out[...] = padded[:, top : top + tiling.height, left : left + tiling.width]


def transform_outputs(transforms: Transforms, products: Array, out: Array) -> None:
    """M (P, T, K) -> Y (16, T, K), tiles of 4×4 outputs, or (4, T, K), tiles of 2×2."""
    _transform(transforms.outputs, products, out)


def outputs_gradient(transforms: Transforms, d_tiles: Array, out: Array) -> None:
    """Compute dM (P, T, K) from dY (16 or 4, T, K)."""
    _transform(transforms.outputs_back, d_tiles, out)


def _transform(matrix: Array, planes: Array, out: Array) -> None:
    """Multiply the planes by a matrix, in blocks of columns that each fit in the cache.

    All blocks are one NumPy call, which releases the GIL.
    """
    rows_out, rows_in = matrix.shape
    values, results = planes.reshape(rows_in, -1), out.reshape(rows_out, -1)  # views
    whole = values.shape[1] // COLUMNS * COLUMNS
    if whole:
        by_stretch = values[:, :whole].reshape(rows_in, -1, COLUMNS).transpose(1, 0, 2)
        into = results[:, :whole].reshape(rows_out, -1, COLUMNS).transpose(1, 0, 2)
        np.matmul(matrix, by_stretch, out=into)  # (stretches, rows, COLUMNS)
    if whole < values.shape[1]:
        np.matmul(matrix, values[:, whole:], out=results[:, whole:])


def _tiles_space(transforms: Transforms, tiling: Tiling, images: Array) -> Array:
    """Return workspace for the tiles of images (n, H, W, C): (6, 6, n, rows, columns, C), or (4, 4, …)."""
    n, rows, columns, C = len(images), tiling.rows, tiling.columns, images.shape[3]
    planes = workspace_planes("tiles", transforms.places, n * rows * columns, C)
    return planes.reshape(transforms.reach, transforms.reach, n, rows, columns, C)


def _in_tiles(plane: Array, rows: int, height: int, columns: int, width: int) -> Array:
    """View the covered part of (n, H, W, C) as tiles (n, rows, height, columns, width, C)."""
    n, _, _, C = plane.shape
    by_image, by_row, by_column, by_channel = plane.strides
    strides = (by_image, height * by_row, by_row, width * by_column, by_column, by_channel)
    return as_strided(plane, (n, rows, height, columns, width, C), strides)


def _padded(images: Array, tiling: Tiling) -> Array:
    """Return the images padded with zeros to a size that the tiles cover exactly."""
    n, H, W, C = images.shape
    padded = workspace("padded", (n, tiling.whole_height, tiling.whole_width, C))
    top, left = tiling.top, tiling.left
    padded[:, :top] = 0
    padded[:, top + H :] = 0
    padded[:, top : top + H, :left] = 0
    padded[:, top : top + H, left + W :] = 0
    padded[:, top : top + H, left : left + W] = images
    return padded
