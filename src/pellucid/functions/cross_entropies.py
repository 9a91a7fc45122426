"""Cross-entropy: how surprised the network is by the right answer.

    loss = - Σ_u t_u log p_u       t: what is true (1 for the right class, else 0)
                                   p: the network's probabilities

One loss per sample: 0 for a certain and right answer, ln 10 = 2.303 for a guess among ten classes. Two forms:

    cross_entropy(labels, probabilities)    after a softmax; as in Keras, no probability counts below 1e-7
    softmax_cross_entropy(labels, logits)   softmax and logarithm in one: exact for any finite score, and its
                                            gradient is simply p - t

Labels are whole numbers (N,), the class of each sample, or rows (N, U): one-hot, or any distribution.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pellucid.core.labels import checked_classes, one_hot
from pellucid.errors import ArgumentError, DataError, ShapeError
from pellucid.functions.arrays import ArrayLike, Floats, as_floats, as_gradient
from pellucid.functions.softmax_probabilities import softmax

Labels: TypeAlias = NDArray[Any]

EPSILON = 1e-7  # Keras's backend.epsilon()


def cross_entropy(labels: ArrayLike, probabilities: ArrayLike) -> Floats:
    """Return the loss of each sample, from probabilities.

    As in Keras 3, each row is first divided by its sum, then clipped to [1e-7, 1 - 1e-7], so that the loss
    is never infinite: 16.12 at the most.

    Parameters
    ----------
    labels
        Whole numbers (N,), from 0 to U - 1, or rows (N, U) of one-hot labels or distributions.
    probabilities
        (N, U), not negative. One sample alone, (U,), is fine, with a label () or (U,); so are more axes.

    Returns
    -------
    Floats
        Losses (N,), in the dtype of the probabilities.

    Raises
    ------
    ShapeError
        When labels and probabilities do not belong together.
    DataError
        When a label is outside the classes, a probability is negative, or a row of them sums to 0.

    Examples
    --------
    >>> cross_entropy([0, 1], [[0.5, 0.5], [0.9, 0.1]]).round(3)
    array([0.693, 2.303])
    >>> cross_entropy([[1, 0], [0, 1]], [[0.5, 0.5], [0.9, 0.1]]).round(3)
    array([0.693, 2.303])
    """
    probabilities = as_floats("probabilities", probabilities)
    targets = _targets(labels, probabilities, "probabilities")
    shares = probabilities / _totals(probabilities)
    surprise = -np.log(np.clip(shares, EPSILON, 1 - EPSILON))
    losses: Floats = (targets * surprise).sum(axis=-1)
    return losses


def cross_entropy_backward(gradient: ArrayLike, labels: ArrayLike, probabilities: ArrayLike) -> Floats:
    """Return dLoss/dProbabilities of :func:`cross_entropy`.

    A clipped probability passes no gradient: where the network is certain and wrong (below 1e-7), it learns
    nothing. :func:`softmax_cross_entropy_backward` has no such blind spot.

    Parameters
    ----------
    gradient
        The weight of each sample's loss in the whole, (N,): 1/N each for the mean.
    labels, probabilities
        What :func:`cross_entropy` was given.

    Raises
    ------
    ShapeError, DataError
        As :func:`cross_entropy`, or when ``gradient`` does not have the shape of the losses.

    Examples
    --------
    >>> cross_entropy_backward([1.0], [1], [[0.5, 0.5]])
    array([[ 1., -1.]])
    """
    probabilities = as_floats("probabilities", probabilities)
    targets = _targets(labels, probabilities, "probabilities")
    gradient = as_gradient(gradient, probabilities.shape[:-1], probabilities.dtype)
    # With S = Σ_u p_u the loss is  -Σ_u t_u log(p_u / S) = -Σ_u t_u log p_u + (Σ_u t_u) log S,  so
    # dL/dp_u = -t_u / p_u + (Σ_u t_u) / S.  A clipped term is a constant: its t_u counts as 0.
    totals = _totals(probabilities)
    shares = probabilities / totals
    active = targets * ((shares > EPSILON) & (shares < 1 - EPSILON))
    pull = np.divide(active, probabilities, out=np.zeros_like(active), where=active != 0)  # t_u / p_u
    d_probabilities: Floats = active.sum(axis=-1, keepdims=True) / totals - pull
    d_probabilities *= gradient[..., np.newaxis]
    return d_probabilities


def softmax_cross_entropy(labels: ArrayLike, logits: ArrayLike) -> Floats:
    """Return the loss of each sample, from scores: ``cross_entropy(labels, softmax(logits))``, but exact.

    Keras calls this ``from_logits=True``. Nothing is clipped: a network that is very certain and wrong has
    a very large loss.

    Parameters
    ----------
    labels
        Whole numbers (N,), from 0 to U - 1, or rows (N, U) of one-hot labels or distributions.
    logits
        Scores (N, U), before the softmax; any finite values. A score of -inf means that the class is
        impossible. A row without a softmax (see there) has the loss NaN.

    Returns
    -------
    Floats
        Losses (N,), in the dtype of the logits.

    Raises
    ------
    ShapeError
        When labels and logits do not belong together.
    DataError
        When a label is outside the classes.

    Examples
    --------
    >>> softmax_cross_entropy([0, 1], [[0.0, 0.0], [1000.0, 0.0]]).round(3)
    array([6.93e-01, 1.00e+03])
    """
    logits = as_floats("logits", logits)
    targets = _targets(labels, logits, "logits")
    # -log p_u = -log(exp(z_u) / Σ_j exp(z_j)) = log Σ_j exp(z_j) - z_u, after the largest z was subtracted
    with np.errstate(over="ignore", invalid="ignore"):
        shifted = logits - logits.max(axis=-1, keepdims=True)
        surprise = np.log(np.exp(shifted).sum(axis=-1, keepdims=True)) - shifted
    # only where t_u is not 0: an impossible class (0 · inf) must not make the loss NaN
    terms = np.multiply(targets, surprise, out=np.zeros_like(surprise), where=targets != 0)
    losses: Floats = terms.sum(axis=-1)
    return losses


def softmax_cross_entropy_backward(gradient: ArrayLike, labels: ArrayLike, logits: ArrayLike) -> Floats:
    """Return dLoss/dLogits of :func:`softmax_cross_entropy`: probabilities minus labels.

    Parameters
    ----------
    gradient
        The weight of each sample's loss in the whole, (N,): 1/N each for the mean.
    labels, logits
        What :func:`softmax_cross_entropy` was given.

    Raises
    ------
    ShapeError, DataError
        As :func:`softmax_cross_entropy`, or when ``gradient`` does not have the shape of the losses.

    Examples
    --------
    >>> softmax_cross_entropy_backward([1.0], [1], [[0.0, 0.0]])
    array([[ 0.5, -0.5]])
    """
    logits = as_floats("logits", logits)
    targets = _targets(labels, logits, "logits")
    gradient = as_gradient(gradient, logits.shape[:-1], logits.dtype)
    # loss = (Σ_u t_u) log Σ_j exp(z_j) - Σ_u t_u z_u,  and  d(log Σ_j exp(z_j))/dz_u = p_u,  so
    # dL/dz_u = (Σ_u t_u) p_u - t_u,  which is p - t since the t of one sample sum to 1
    d_logits = softmax(logits)
    d_logits *= targets.sum(axis=-1, keepdims=True)
    d_logits -= targets
    d_logits *= gradient[..., np.newaxis]
    return d_logits


def _targets(labels: ArrayLike, scores: Floats, name: str) -> Floats:
    """Return what is true of each sample as rows (N, U), from either kind of labels."""
    labels = np.asarray(labels)
    if scores.ndim == 0 or scores.shape[-1] == 0:
        raise ShapeError(f"{name} must have one column per class. Received: {name}.shape={scores.shape}")
    if labels.shape == scores.shape:
        return as_floats("labels", labels).astype(scores.dtype, copy=False)
    if labels.shape == scores.shape[:-1]:
        return _one_hot(labels, scores)
    raise ShapeError(_mismatch(labels, scores, name))


def _one_hot(labels: Labels, scores: Floats) -> Floats:
    classes = scores.shape[-1]
    if labels.dtype.kind not in "iu":
        raise ArgumentError(
            "one label per sample must be a whole number, its class; if these are, write labels.astype(int). "
            f"Received: labels.dtype={labels.dtype}, labels.shape={labels.shape}"
        )
    numbers = checked_classes("labels", labels, classes).ravel()
    return one_hot(numbers, classes, scores.dtype).reshape(scores.shape)


def _mismatch(labels: Labels, scores: Floats, name: str) -> str:
    """Say in what way labels and scores do not belong together."""
    if labels.ndim == scores.ndim and labels.shape[:-1] == scores.shape[:-1]:
        if labels.shape[-1] == 1:
            rule = "labels of whole numbers are one flat array: write labels[..., 0]"
        else:
            rule = f"one-hot labels have a column for each of the {scores.shape[-1]} classes"
    elif labels.ndim in (scores.ndim, scores.ndim - 1) and scores.ndim > 1:
        rule = f"there must be as many labels as rows of {name}, {scores.shape[0]}"
    else:
        rule = f"labels are whole numbers {scores.shape[:-1]} or one-hot rows {scores.shape}"
    return f"{rule}. Received: labels.shape={labels.shape}, {name}.shape={scores.shape}"


def _totals(probabilities: Floats) -> Floats:
    """Return the sum of each row (N, 1), or say why these cannot be probabilities."""
    totals: Floats = probabilities.sum(axis=-1, keepdims=True)
    if probabilities.min(initial=0) < 0:
        raise DataError(
            "probabilities must not be negative; for scores before the softmax use softmax_cross_entropy. "
            f"Received: probabilities.min()={probabilities.min():g}"
        )
    if totals.min(initial=1) <= 0:
        row = int(np.flatnonzero(totals.ravel() <= 0)[0])
        raise DataError(
            f"the probabilities of a sample must not all be 0. Received: probabilities[{row}] all 0"
        )
    return totals
