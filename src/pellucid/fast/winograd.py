r"""Convolution with 3×3 kernels at stride 1 with fewer multiplications: Winograd's F(4×4, 3×3).

Along one axis, four outputs of a kernel of three need twelve multiplications if computed one by one.
Winograd's way needs six: transform the six inputs d and the three weights g, multiply place by place,
transform back,

    y = Aᵀ [(G g) ⊙ (Bᵀ d)]          d (6,), g (3,), y (4,)

which is polynomial multiplication by values at the points 0, 1, -1, 2, -2 and infinity: Bᵀ and G evaluate
there, Aᵀ interpolates (Lavin & Gray 2016, arXiv:1509.09308, section 4; Winograd 1980). Along both axes the
matrices are Kronecker products, and a tile of 6×6 pixels gives 4×4 outputs with 36 multiplications instead of
144.

Summed over channels, each of the 36 places is a matrix product of its own:

    V = (Bᵀ⊗Bᵀ) tiles       (36, 36) @ (36, T·C) -> (36, T, C)      T tiles in all
    U = (G⊗G) kernels       (36, 9)  @ (9, C·K)  -> (36, C, K)
    M = V @ U               36 products (T, C) @ (C, K) -> (T, K)
    Y = (Aᵀ⊗Aᵀ) M           (16, 36) @ (36, T·K) -> (16, T, K)

The way back is that of products: each transform by its transpose, in the other order.

**Rounding.** The points 2 and -2 bring factors up to 8 into Aᵀ, which cancel at the end; what they magnify is
the rounding error. In float32 the outputs differ from direct summation by about 1e-6 of the largest, some ten
times what direct summation itself is off. In float64 the plain form is used.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from pellucid.fast.space import Array, scratch

TILE, REACH = 4, 6  # outputs of a tile along an axis, and the pixels that they need
COLUMNS = 1024  # transformed at a time: 36 rows of so many float32 stay in the cache

B_T = np.array(
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ]
)
G = np.array(
    [
        [1 / 4, 0, 0],
        [-1 / 6, -1 / 6, -1 / 6],
        [-1 / 6, 1 / 6, -1 / 6],
        [1 / 24, 1 / 12, 1 / 6],
        [1 / 24, -1 / 12, 1 / 6],
        [0, 0, 1],
    ]
)
A_T = np.array(
    [
        [1, 1, 1, 1, 1, 0],
        [0, 1, -1, 2, -2, 0],
        [0, 1, 1, 4, 4, 0],
        [0, 1, -1, 8, -8, 1],
    ]
)
IMAGE_TRANSFORM = np.kron(B_T, B_T).astype(np.float32)  # (36, 36)
KERNEL_TRANSFORM = np.kron(G, G).astype(np.float32)  # (36, 9)
OUTPUT_TRANSFORM = np.kron(A_T, A_T).astype(np.float32)  # (16, 36)
IMAGE_BACK, KERNEL_BACK, OUTPUT_BACK = (
    np.ascontiguousarray(matrix.T) for matrix in (IMAGE_TRANSFORM, KERNEL_TRANSFORM, OUTPUT_TRANSFORM)
)


class Tiling(NamedTuple):
    """How the outputs (H', W') of a convolution are covered with tiles of 4×4."""

    height: int  # of the image
    width: int
    top: int  # zeros above the image, and to the left of it
    left: int
    out_height: int
    out_width: int

    @classmethod
    def of(cls, height: int, width: int, padding: str) -> Tiling:
        """Return the tiling for images of H×W and padding 'valid' or 'same'."""
        border = 1 if padding == "same" else 0
        return cls(height, width, border, border, height - 2 + 2 * border, width - 2 + 2 * border)

    @property
    def rows(self) -> int:
        """Tiles from top to bottom."""
        return -(-self.out_height // TILE)

    @property
    def columns(self) -> int:
        """Tiles from left to right."""
        return -(-self.out_width // TILE)

    @property
    def fits(self) -> bool:
        """Whether the tiles cover the image exactly, with no zeros around it."""
        return (self.rows * TILE + 2, self.columns * TILE + 2) == (self.height, self.width)


def transform_kernels(kernels: Array) -> Array:
    """(3, 3, C, K) -> U (36, C, K)."""
    _, _, C, K = kernels.shape
    transformed = KERNEL_TRANSFORM @ kernels.reshape(9, C * K)  # (36, 9) @ (9, C·K)
    return transformed.reshape(36, C, K)


def kernels_gradient(transformed: Array, outputs: Array) -> Array:
    """From V (36, T, C) and dM (36, T, K) to the gradient of the kernels (3, 3, C, K)."""
    _, _, C = transformed.shape
    K = outputs.shape[2]
    d_kernels = scratch("dU", (36, C, K))
    np.matmul(transformed.transpose(0, 2, 1), outputs, out=d_kernels)  # 36 products (C, T) @ (T, K)
    return transform_kernels_back(d_kernels)


def transform_kernels_back(d_transformed: Array) -> Array:
    """From dU (36, C, K) to the gradient of the kernels (3, 3, C, K)."""
    _, C, K = d_transformed.shape
    return (KERNEL_BACK @ d_transformed.reshape(36, C * K)).reshape(3, 3, C, K)  # (9, 36) @ (36, C·K)


def transform_images(images: Array, tiling: Tiling, out: Array) -> None:
    """(n, H, W, C) -> V (36, T, C) in ``out``; tiles overlap by two pixels."""
    n, _, _, C = images.shape
    padded = images if tiling.fits else _padded(images, tiling)
    rows, columns = tiling.rows, tiling.columns
    by_image, by_row, by_column, by_channel = padded.strides
    tiles = as_strided(  # a view (6, 6, n, rows, columns, C)
        padded,
        (REACH, REACH, n, rows, columns, C),
        (by_row, by_column, by_image, TILE * by_row, TILE * by_column, by_channel),
        writeable=False,
    )
    gathered = scratch("tiles", (REACH, REACH, n, rows, columns, C))
    np.copyto(gathered, tiles)
    _transform(IMAGE_TRANSFORM, gathered.reshape(36, -1), out.reshape(36, -1))


def images_gradient(d_transformed: Array, tiling: Tiling, images: int, out: Array) -> None:
    """From dV (36, T, C) to the gradient of the images (n, H, W, C) in ``out``: overlapping tiles add up."""
    C = d_transformed.shape[2]
    rows, columns = tiling.rows, tiling.columns
    tiles = scratch("tiles", (REACH, REACH, images, rows, columns, C))
    _transform(IMAGE_BACK, d_transformed.reshape(36, -1), tiles.reshape(36, -1))
    height, width = rows * TILE + 2, columns * TILE + 2
    padded = out if tiling.fits else scratch("d padded", (images, height, width, C))
    # The first 4×4 pixels of all tiles cover the plane, but for two rows and columns, each pixel once: these
    # are written, and the two rows and columns by which a tile reaches into the next are added.
    padded[:, rows * TILE :] = 0
    padded[:, : rows * TILE, columns * TILE :] = 0
    by_place = tiles.transpose(2, 3, 0, 4, 1, 5)  # (n, rows, 6, columns, 6, C)
    _in_tiles(padded, rows, TILE, columns, TILE)[...] = by_place[:, :, :TILE, :, :TILE]
    below = _in_tiles(padded[:, TILE:], rows, 2, columns, TILE)
    below += by_place[:, :, TILE:, :, :TILE]
    beside = _in_tiles(padded[:, :, TILE:], rows, TILE, columns, 2)
    beside += by_place[:, :, :TILE, :, TILE:]
    across = _in_tiles(padded[:, TILE:, TILE:], rows, 2, columns, 2)
    across += by_place[:, :, TILE:, :, TILE:]
    if padded is not out:
        top, left = tiling.top, tiling.left
        out[...] = padded[:, top : top + tiling.height, left : left + tiling.width]


def _in_tiles(plane: Array, rows: int, height: int, columns: int, width: int) -> Array:
    """View (n, H, W, C) as (n, rows, height, columns, width, C): the first pixels of tiles four apart."""
    n, _, _, C = plane.shape
    by_image, by_row, by_column, by_channel = plane.strides
    strides = (by_image, TILE * by_row, by_row, TILE * by_column, by_column, by_channel)
    return as_strided(plane, (n, rows, height, columns, width, C), strides)


def transform_outputs(products: Array, out: Array) -> None:
    """M (36, T, K) -> Y (16, T, K): tiles of 4×4 outputs."""
    _transform(OUTPUT_TRANSFORM, products.reshape(36, -1), out.reshape(16, -1))


def outputs_gradient(d_tiles: Array, out: Array) -> None:
    """From dY (16, T, K) to dM (36, T, K)."""
    _transform(OUTPUT_BACK, d_tiles.reshape(16, -1), out.reshape(36, -1))


def _transform(matrix: Array, values: Array, out: Array) -> None:
    """Take the matrix product by stretches of columns, each of which stays in the cache.

    All stretches are one call of NumPy, during which other threads are free to run.
    """
    length = values.shape[1]
    whole = length // COLUMNS * COLUMNS
    if whole:
        stretches = (len(values), -1, COLUMNS), (len(out), -1, COLUMNS)
        by_stretch = values[:, :whole].reshape(stretches[0]).transpose(1, 0, 2)  # (stretches, rows, COLUMNS)
        np.matmul(matrix, by_stretch, out=out[:, :whole].reshape(stretches[1]).transpose(1, 0, 2))
    if whole < length:
        np.matmul(matrix, values[:, whole:], out=out[:, whole:])


def _padded(images: Array, tiling: Tiling) -> Array:
    """Put the images into zeros that the tiles cover exactly."""
    n, H, W, C = images.shape
    height, width = tiling.rows * TILE + 2, tiling.columns * TILE + 2
    padded = scratch("padded", (n, height, width, C))
    top, left = tiling.top, tiling.left
    padded[:, :top] = 0
    padded[:, top + H :] = 0
    padded[:, top : top + H, :left] = 0
    padded[:, top : top + H, left + W :] = 0
    padded[:, top : top + H, left : left + W] = images
    return padded
