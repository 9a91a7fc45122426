"""Softmax: scores become probabilities.

    p_i = exp(z_i) / Σ_j exp(z_j)

Adding the same number to all scores changes nothing, since exp(z + c) = exp(z) · exp(c) cancels. So the
largest score of each row is subtracted first: no exponent is then above 0, and nothing overflows.
"""

from __future__ import annotations

import numpy as np

from pellucid.errors import ShapeError
from pellucid.functions.arrays import ArrayLike, Floats, as_floats, as_gradient


def softmax(logits: ArrayLike) -> Floats:
    """Turn each row of scores into probabilities that sum to 1.

    Parameters
    ----------
    logits
        Scores (U,), or (N, U), or of any rank: the last axis holds the scores of one sample. Any finite
        values will do, however large. A score of -inf gets probability 0. A row that holds NaN or +inf, or
        nothing but -inf, has no softmax: its probabilities are NaN, so that a training that has diverged
        ends in a NaN loss and is noticed there.

    Returns
    -------
    Floats
        Probabilities, of the same shape and dtype (whole numbers come back as float32).

    Raises
    ------
    ShapeError
        When there is no last axis, or nothing on it.
    ArgumentError
        When ``logits`` does not hold real numbers.

    Examples
    --------
    >>> softmax([2.48737338, 0.62093306, 2.10904643])
    array([0.54357286, 0.08407619, 0.37235094])
    >>> softmax([[1000.0, 1000.0], [0.0, -np.inf]])
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    logits = as_floats("logits", logits)
    if logits.ndim == 0 or logits.shape[-1] == 0:
        raise ShapeError(
            f"softmax needs a last axis with at least one score. Received: logits.shape={logits.shape}"
        )
    with np.errstate(over="ignore", invalid="ignore"):  # max - min may overflow to -inf: exp makes 0 of it
        probabilities: Floats = logits - logits.max(axis=-1, keepdims=True)
        np.exp(probabilities, out=probabilities)
        probabilities /= probabilities.sum(axis=-1, keepdims=True)
    return probabilities


def softmax_backward(gradient: ArrayLike, probabilities: ArrayLike) -> Floats:
    """Bring the gradient from the probabilities back to the scores.

    Parameters
    ----------
    gradient
        dLoss/dProbabilities, of the shape of ``probabilities``.
    probabilities
        What :func:`softmax` returned: its derivative depends only on its output.

    Returns
    -------
    Floats
        dLoss/dLogits. Each row sums to 0, because adding a constant to a row of scores changes nothing.

    Raises
    ------
    ShapeError
        When the two shapes differ.

    Examples
    --------
    >>> softmax_backward([1.0, 0.0], probabilities=[0.75, 0.25])
    array([ 0.1875, -0.1875])
    """
    probabilities = as_floats("probabilities", probabilities)
    gradient = as_gradient(gradient, probabilities.shape, probabilities.dtype)
    # dp_i/dz_j = p_i (δ_ij - p_j), so with g = dL/dp
    # dL/dz_j = Σ_i g_i p_i (δ_ij - p_j) = p_j (g_j - Σ_i g_i p_i)
    d_logits: Floats = gradient - (gradient * probabilities).sum(axis=-1, keepdims=True)
    d_logits *= probabilities
    return d_logits
