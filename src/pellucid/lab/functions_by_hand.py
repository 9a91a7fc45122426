"""The functions of Q20 to Q26 as a student would write them: a few lines of NumPy, for one image.

The document prints these lines and runs them. ``pellucid.functions`` has the same for batches, strides and
padding, with checks and messages; the tests compare the two.
"""

# mypy: disable-error-code="no-any-return"
# NumPy's types lose the array here and there, and a cast would be one more thing to explain to a student.

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def convolve(image: np.ndarray, kernels: np.ndarray) -> np.ndarray:
    """Return one feature map per kernel, (H', W', K).

    An image (H, W) takes kernels (R, S, K); an image (H, W, C) takes kernels (R, S, C, K).
    """
    image = image.reshape(*image.shape[:2], -1)  # (H, W) -> (H, W, C=1)
    kernels = kernels.reshape(*kernels.shape[:2], image.shape[2], -1)  # (R, S, C, K)
    windows = sliding_window_view(image, kernels.shape[:2], axis=(0, 1))  # (H', W', C, R, S)
    return np.tensordot(windows, kernels, axes=([3, 4, 2], [0, 1, 2]))  # summed over R, S and C


def relu(maps: np.ndarray) -> np.ndarray:
    """Return the maps with every value below the threshold of zero set to zero."""
    return np.maximum(maps, 0)  # a new array: the input stays as it is


def max_pool(maps: np.ndarray, extent: int) -> np.ndarray:
    """Return the largest value of each window of extent × extent, for maps (H, W) or (H, W, K)."""
    rows, columns = maps.shape[0] // extent, maps.shape[1] // extent
    whole = maps[: rows * extent, : columns * extent]  # without what does not fill a window
    windows = whole.reshape(rows, extent, columns, extent, *maps.shape[2:])
    return windows.max(axis=(1, 3))  # (rows, columns) or (rows, columns, K)


def normalize_maps(maps: np.ndarray) -> np.ndarray:
    """Return maps (H, W) or (H, W, K), each with mean 0 and standard deviation 1."""
    deviations = maps.std(axis=(0, 1))
    constant = maps.max(axis=(0, 1)) == maps.min(axis=(0, 1))
    deviations = np.where(constant, np.inf, deviations)  # a constant map becomes zeros, not NaN
    return (maps - maps.mean(axis=(0, 1))) / deviations


def fully_connected(
    maps: np.ndarray, nodes: int, weights: np.ndarray | None = None, bias: np.ndarray | float = 0.0
) -> np.ndarray:
    """Return the values of the output nodes, each linked to every value of a stack of maps.

    The weights are (inputs, nodes); without them, small random ones are drawn.
    """
    inputs = maps.reshape(-1)  # (H, W, K) -> (H·W·K,)
    if weights is None:
        generator = np.random.default_rng(0)
        weights = generator.normal(0, 1 / np.sqrt(inputs.size), size=(inputs.size, nodes))
    return inputs @ weights + bias  # (inputs,) @ (inputs, nodes) -> (nodes,)


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return probabilities that add up to 1, from an array of one dimension."""
    powers = np.exp(scores - scores.max())  # the largest power is 1, so none overflows
    return powers / powers.sum()


def convolve_backward(gradient: np.ndarray, image: np.ndarray) -> np.ndarray:
    """Return dLoss/dKernels (R, S, C, K), given dLoss/dMaps (H', W', K) and the image."""
    image = image.reshape(*image.shape[:2], -1)  # (H, W) -> (H, W, C=1)
    windows = sliding_window_view(image, gradient.shape[:2], axis=(0, 1))  # (R, S, C, H', W')
    return np.tensordot(windows, gradient, axes=([3, 4], [0, 1]))  # summed over all places


def convolve_backward_image(gradient: np.ndarray, kernels: np.ndarray) -> np.ndarray:
    """Return dLoss/dImage (H, W, C), for the layer before, given dLoss/dMaps (H', W', K)."""
    R, S = kernels.shape[:2]
    padded = np.pad(gradient, ((R - 1, R - 1), (S - 1, S - 1), (0, 0)))
    return convolve(padded, kernels[::-1, ::-1].swapaxes(2, 3))  # kernels turned: (R, S, K, C)
