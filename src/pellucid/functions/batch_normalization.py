"""Batch normalisation: each channel to mean 0 and deviation 1 over the whole batch, then scaled and shifted.

    x̂ = (x - μ) / √(σ² + ε)        y = γ x̂ + β        (Ioffe & Szegedy 2015, algorithm 1)

μ and σ² are the mean and the population variance of a channel over all axes but the last: over M = N values
of (N, D), over M = N·H·W values of (N, H, W, C). While training they come from the batch itself, and a
running average of them is kept; after training this average takes their place. As Keras 3 does it, with its
defaults: ε = 0.001, momentum 0.99, and the running variance is the population one too.
"""

from __future__ import annotations

import math

import numpy as np

from pellucid.errors import ArgumentError, ShapeError
from pellucid.functions.arrays import ArrayLike, Floats, as_floats, as_gradient


def batch_normalize(
    inputs: ArrayLike,
    gamma: ArrayLike,
    beta: ArrayLike,
    *,
    epsilon: float = 1e-3,
    out: Floats | None = None,
) -> tuple[Floats, Floats, Floats]:
    """Normalise each channel over the batch, as while training.

    Parameters
    ----------
    inputs
        (N, D) or (N, H, W, C), or any rank of 2 or more; the last axis is the channel. It is not changed.
    gamma, beta
        Scale and shift of each channel, (C,).
    epsilon
        Added to the variance, above 0: it keeps a constant channel from dividing by zero.
    out
        Where to put the outputs; a new array when missing.

    Returns
    -------
    tuple
        The outputs, of the shape of the inputs, and the batch's mean (C,) and variance (C,): the backward and
        :func:`update_running_statistics` take them.

    Raises
    ------
    ShapeError
        When the inputs are not a batch or hold nothing, or gamma and beta do not have one number a channel.
    ArgumentError
        When epsilon is not above 0.

    Examples
    --------
    >>> outputs, mean, variance = batch_normalize([[1.0], [3.0]], gamma=[10.0], beta=[5.0])
    >>> outputs.round(2), mean, variance
    (array([[-5.],
           [15.]]), array([2.]), array([1.]))
    """
    inputs = _checked_inputs(inputs, epsilon)
    gamma, beta = _per_channel("gamma", gamma, inputs), _per_channel("beta", beta, inputs)
    outputs = _space_like(inputs, out)
    x, y = _rows(inputs), _rows(outputs)
    mean = _mean_per_channel(inputs)
    np.subtract(x, _along(mean, x), out=y)
    variance = _mean_of_products(y, y, inputs)
    y *= _along(gamma / np.sqrt(variance + epsilon), y)
    y += _along(beta, y)
    return outputs, mean, variance


def batch_normalize_backward(
    gradient: ArrayLike,
    inputs: ArrayLike,
    gamma: ArrayLike,
    mean: ArrayLike,
    variance: ArrayLike,
    *,
    epsilon: float = 1e-3,
    out: Floats | None = None,
) -> tuple[Floats, Floats, Floats]:
    """Bring the gradient back through scale and shift, and through the batch's mean and variance.

    Parameters
    ----------
    gradient
        dLoss/dOutputs, of the shape of the inputs.
    inputs, gamma, epsilon
        What :func:`batch_normalize` was given.
    mean, variance
        What it returned.
    out
        Where to put dLoss/dInputs; a new array when missing.

    Returns
    -------
    tuple
        dLoss/dInputs, of the shape of the inputs, and dLoss/dGamma (C,), dLoss/dBeta (C,).

    Raises
    ------
    ShapeError, ArgumentError
        As :func:`batch_normalize`, or when ``gradient`` does not have the shape of the inputs.

    Examples
    --------
    >>> d_inputs, d_gamma, d_beta = batch_normalize_backward(
    ...     [[1.0], [0.0]], [[1.0], [3.0]], gamma=[10.0], mean=[2.0], variance=[1.0]
    ... )
    >>> d_inputs.round(4), d_gamma.round(4), d_beta
    (array([[ 0.005],
           [-0.005]]), array([-0.9995]), array([1.]))
    """
    inputs = _checked_inputs(inputs, epsilon)
    gradient = as_gradient(gradient, inputs.shape, inputs.dtype)
    gamma, mean = _per_channel("gamma", gamma, inputs), _per_channel("mean", mean, inputs)
    slope = 1 / np.sqrt(_per_channel("variance", variance, inputs) + epsilon)
    # y = γ x̂ + β, so with g = dL/dy and sums over the M values of a channel:  dL/dβ = Σ g,  dL/dγ = Σ g x̂.
    # Each value moves the mean by dμ/dx_j = 1/M and s = √(σ² + ε) by ds/dx_j = (x_j - μ) / (M s) = x̂_j / M:
    #     dx̂_i/dx_j = (δ_ij - 1/M) / s - (x_i - μ) / s² · x̂_j / M = (δ_ij - 1/M - x̂_i x̂_j / M) / s
    #     dL/dx_j = Σ_i γ g_i dx̂_i/dx_j = γ/s (g_j - mean(g) - x̂_j mean(g x̂))
    d_inputs = _space_like(inputs, out)
    x, g, d = _rows(inputs), _rows(gradient), _rows(d_inputs)
    np.subtract(x, _along(mean, x), out=d)  # x̂ s
    mean_g, mean_gx = _mean_per_channel(gradient), _mean_of_products(g, d, inputs) * slope
    d *= _along(-mean_gx * slope, d)
    d += g
    d -= _along(mean_g, d)
    d *= _along(gamma * slope, d)
    count = inputs.size // inputs.shape[-1]
    return d_inputs, mean_gx * count, mean_g * count


def batch_normalize_inference(
    inputs: ArrayLike,
    gamma: ArrayLike,
    beta: ArrayLike,
    mean: ArrayLike,
    variance: ArrayLike,
    *,
    epsilon: float = 1e-3,
) -> Floats:
    """Normalise each channel with given statistics, as after training: each image by itself.

    Parameters
    ----------
    inputs, gamma, beta, epsilon
        As for :func:`batch_normalize`.
    mean, variance
        The running statistics, (C,).

    Returns
    -------
    Floats
        The outputs, of the shape of the inputs.

    Raises
    ------
    ShapeError, ArgumentError
        As :func:`batch_normalize`.

    Examples
    --------
    >>> batch_normalize_inference([[4.0]], gamma=[1.0], beta=[0.5], mean=[2.0], variance=[3.999])
    array([[1.5]])
    """
    inputs = _checked_inputs(inputs, epsilon)
    gamma, variance = _per_channel("gamma", gamma, inputs), _per_channel("variance", variance, inputs)
    outputs = inputs - _per_channel("mean", mean, inputs)
    outputs *= gamma / np.sqrt(variance + epsilon)
    outputs += _per_channel("beta", beta, inputs)
    return outputs


def update_running_statistics(
    running_mean: ArrayLike,
    running_variance: ArrayLike,
    mean: ArrayLike,
    variance: ArrayLike,
    *,
    momentum: float = 0.99,
) -> tuple[Floats, Floats]:
    """Move the running statistics a little towards those of a batch: ``running · m + batch · (1 - m)``.

    Parameters
    ----------
    running_mean, running_variance
        The averages so far, (C,). They are not changed.
    mean, variance
        Those of the batch, (C,).
    momentum
        The share that stays, from 0 (only the batch counts) to 1 (nothing changes).

    Returns
    -------
    tuple
        The new running mean and running variance, (C,).

    Raises
    ------
    ShapeError
        When the four do not have one shape.
    ArgumentError
        When the momentum is outside 0 to 1.

    Examples
    --------
    >>> update_running_statistics([0.0], [1.0], mean=[10.0], variance=[3.0], momentum=0.5)
    (array([5.]), array([2.]))
    """
    if not 0 <= momentum <= 1:
        raise ArgumentError(f"momentum must be from 0 to 1. Received: momentum={momentum!r}")
    running_mean = as_floats("running_mean", running_mean)
    running_variance = _per_channel("running_variance", running_variance, running_mean)
    mean, variance = (
        _per_channel("mean", mean, running_mean),
        _per_channel("variance", variance, running_mean),
    )
    return (
        running_mean * momentum + mean * (1 - momentum),
        running_variance * momentum + variance * (1 - momentum),
    )


def _mean_per_channel(values: Floats) -> Floats:
    """(N, …, C) -> (C,). The sum is a product with ones, which is fastest."""
    rows = _rows(values)
    return _folded(np.ones(len(rows), rows.dtype) @ rows, values)


def _mean_of_products(one: Floats, other: Floats, values: Floats) -> Floats:
    """Return each channel's mean of the products of two arrays, both as the ``_rows`` of ``values``."""
    return _folded(np.einsum("ij,ij->j", one, other), values)


def _folded(sums: Floats, values: Floats) -> Floats:
    """From the sums over the ``_rows`` of ``values`` to the mean of each channel."""
    channels = values.shape[-1]
    mean: Floats = sums.reshape(-1, channels).sum(axis=0) / (values.size // channels)
    return mean


def _rows(values: Floats) -> Floats:
    """(N, H, W, C) -> (N·H, W·C): long rows, because NumPy's loops run along them."""
    return values.reshape(-1, math.prod(values.shape[-2:]) if values.ndim > 2 else values.shape[-1])


def _along(numbers: Floats, rows: Floats) -> Floats:
    """Repeat a number for each channel along the row: (C,) -> (W·C,)."""
    return np.tile(numbers, rows.shape[1] // len(numbers))


def _space_like(values: Floats, out: Floats | None) -> Floats:
    """Return where to put a result of the shape and dtype of ``values``."""
    if out is None:
        return np.empty(values.shape, values.dtype)
    if out.shape != values.shape or out.dtype != values.dtype or not out.flags.c_contiguous:
        raise ShapeError(
            f"out must be an unbroken array of shape {values.shape} and dtype {values.dtype}. "
            f"Received: out.shape={out.shape}, out.dtype={out.dtype}"
        )
    return out


def _checked_inputs(inputs: ArrayLike, epsilon: float) -> Floats:
    inputs = as_floats("inputs", inputs)
    if inputs.ndim < 2 or inputs.size == 0:
        raise ShapeError(
            "inputs must be a batch with at least one value in each channel, (N, D) or (N, H, W, C). "
            f"Received: inputs.shape={inputs.shape}"
        )
    if not epsilon > 0:
        raise ArgumentError(f"epsilon must be above 0. Received: epsilon={epsilon!r}")
    return inputs


def _per_channel(name: str, values: ArrayLike, inputs: Floats) -> Floats:
    """Return ``values`` (C,) in the dtype of the inputs."""
    values = as_floats(name, values).astype(inputs.dtype, copy=False)
    if values.shape != inputs.shape[-1:]:
        raise ShapeError(
            f"{name} must have one number for each channel, {inputs.shape[-1:]}. "
            f"Received: {name}.shape={values.shape}"
        )
    return values
