"""Normalisation within each feature map: mean 0 and standard deviation 1, over the pixels of that map alone.

    y = (x - μ) / σ     μ, σ: mean and population standard deviation of the H·W pixels of one map of one image

A constant map has σ = 0: it becomes zeros. There is no epsilon, so the result does not
depend on the unit of the values.
"""

from __future__ import annotations

import numpy as np

from pellucid.functions.arrays import ArrayLike, Floats, as_batch, as_floats, as_gradient, mean_over

PIXELS = (1, 2)  # the axes H and W of (N, H, W, C)
ROUNDING = 4  # a map whose pixels differ by at most this many units of rounding counts as constant


def normalize_maps(maps: ArrayLike) -> Floats:
    """Bring each feature map of each image to mean 0 and (population) standard deviation 1.

    A constant map becomes zeros, and so does one that is constant up to rounding (no pixel further from the
    mean than 4 units of relative rounding, 4.8e-7 in float32): what is left of such a map is noise. Very
    large and very small values are safe (1e-35 to 1e35 in float32).

    Parameters
    ----------
    maps
        One map (H, W), a stack of maps (H, W, C), or a batch of stacks (N, H, W, C). It is not changed.

    Returns
    -------
    Floats
        An array of the same shape and dtype (whole numbers come back as float32). A map that holds NaN is all
        NaN.

    Raises
    ------
    ShapeError
        When ``maps`` has another rank, or no pixels.

    Examples
    --------
    >>> normalize_maps([[6.0, 11.0], [11.0, 6.0]])
    array([[-1.,  1.],
           [ 1., -1.]])
    >>> normalize_maps([[0.1, 0.1], [0.1, 0.1]])
    array([[0., 0.],
           [0., 0.]])
    """
    maps = as_floats("maps", maps)
    normalized, _ = _normalize(as_batch("maps", maps))
    return normalized.reshape(maps.shape)


def normalize_maps_backward(gradient: ArrayLike, maps: ArrayLike) -> Floats:
    """Bring the gradient back through the normalisation, its mean and its deviation.

    Parameters
    ----------
    gradient
        dLoss/dOutput, of the shape of ``maps``.
    maps
        What :func:`normalize_maps` was given.

    Returns
    -------
    Floats
        dLoss/dMaps. Zeros for a constant map. It sums to 0 over each map, because adding a constant to a map
        changes nothing.

    Raises
    ------
    ShapeError
        When the two shapes differ, or as :func:`normalize_maps`.

    Examples
    --------
    >>> normalize_maps_backward([[1.0, 0.0, 0.0]], [[0.0, 1.0, 2.0]]).round(3)
    array([[ 0.204, -0.408,  0.204]])
    """
    maps = as_floats("maps", maps)
    gradient = as_batch("gradient", as_gradient(gradient, maps.shape, maps.dtype))
    y, deviation = _normalize(as_batch("maps", maps))
    # Each of P pixels moves the mean, dμ/dx_j = 1/P, and the deviation, dσ/dx_j = (x_j - μ) / Pσ = y_j / P:
    #     dy_i/dx_j = (δ_ij - 1/P) / σ - (x_i - μ) / σ² · y_j / P = (δ_ij - 1/P - y_i y_j / P) / σ
    # and with g = dL/dy,
    #     dL/dx_j = Σ_i g_i dy_i/dx_j = (g_j - mean(g) - y_j mean(g y)) / σ
    d_maps = gradient - mean_over(gradient, PIXELS)
    d_maps -= y * mean_over(gradient * y, PIXELS)
    d_maps /= deviation
    return d_maps.reshape(maps.shape)


def _normalize(maps: Floats) -> tuple[Floats, Floats]:
    """Return the normalised maps (N, H, W, C) and their deviations (N, 1, 1, C), infinite for a constant map.

    A number divided by infinity is 0, so a constant map and its gradient need no special case.
    """
    mean = mean_over(maps, PIXELS)
    y = maps - mean
    y -= mean_over(y, PIXELS)  # again: the mean was rounded, and a constant map must come next to 0
    reach = np.abs(y).max(axis=1, keepdims=True).max(axis=2, keepdims=True)
    constant = reach <= ROUNDING * np.finfo(maps.dtype).eps * np.abs(mean)
    y /= np.where(constant, np.inf, reach)  # within -1 … 1: its square cannot overflow
    deviation = np.sqrt(mean_over(np.square(y), PIXELS))
    y /= np.where(constant, 1, deviation)
    return y, np.where(constant, np.inf, reach * deviation)
