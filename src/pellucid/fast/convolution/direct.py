"""Convolution of images with few channels, such as the first layer of a network sees.

As in the plain form all windows make one matrix, the patches, and one product does the rest. What differs:
the patches lie as rows of pixels, so that neighbours in memory are copied together, and a row of ones below
them makes the bias a row of the kernels. So bias, and the gradient of the bias, come out of the products that
are done anyway.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from pellucid.fast.buffers import Array, scratch

MOST_WEIGHTS = 32  # R·S·C of a kernel; more are better laid out as the plain form does it


def patch_rows(images: Array, kernel: tuple[int, int], padding: str, out: Array) -> None:
    """(n, H, W, C) -> (R·S·C + 1, n·H'·W') in ``out``: a row for each pixel of a window, then ones.

    ``padding`` is 'valid' or 'same', the stride 1.
    """
    n, H, W, C = images.shape
    R, S = kernel
    top, left = ((R - 1) // 2, (S - 1) // 2) if padding == "same" else (0, 0)
    height, width = (H + R - 1, W + S - 1) if padding == "same" else (H, W)
    planes = scratch("planes", (C, n, height, width))
    if padding == "same":
        planes[...] = 0
    planes[:, :, top : top + H, left : left + W] = images.transpose(3, 0, 1, 2)  # channels apart
    out_height, out_width = height - R + 1, width - S + 1
    rows = out.reshape(R * S * C + 1, n, out_height, out_width)
    windows = sliding_window_view(planes, kernel, axis=(2, 3))  # a view (C, n, H', W', R, S)
    rows[:-1].reshape(R, S, C, n, out_height, out_width)[...] = windows.transpose(4, 5, 0, 1, 2, 3)
    rows[-1] = 1


def kernels_with_bias(kernels: Array, bias: Array | None) -> Array:
    """(R, S, C, K) and (K,) -> (R·S·C + 1, K)."""
    R, S, C, K = kernels.shape
    joined = np.zeros((R * S * C + 1, K), kernels.dtype)
    joined[:-1] = kernels.reshape(-1, K)
    if bias is not None:
        joined[-1] = bias
    return joined
