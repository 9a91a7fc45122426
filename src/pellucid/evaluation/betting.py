"""Intervals by betting: they hold at any sample size, for any distribution on a known range.

For a candidate mean r, a gambler bets on each value in turn, before it is seen, that the mean is above r (or
below it), and can lose what is staked but never more. If r is the mean, the bets are fair, and the gambler's
capital rises to 1/alpha with probability alpha at most (Ville's inequality). The interval holds every r at
which it did not. The stakes follow the spread of the values so far.

With weights the same holds for a ratio of means: for E[w·v] / E[w] = r the bets are on w·(v - r).

Source: I. Waudby-Smith and A. Ramdas (2024), "Estimating means of bounded random variables by betting",
Journal of the Royal Statistical Society B 86.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from pellucid.core.randomness import stream
from pellucid.errors import ArgumentError, ShapeError
from pellucid.evaluation.checked_arrays import BoolArray, FloatArray, checked_share
from pellucid.evaluation.intervals import Estimate

MOST_STAKED = 0.95  # of the capital that can be lost in one bet
MOST_STAKED_IN_TEST = 0.98  # the same where a single hypothesis is tested
COARSE = np.concatenate([[0.0], np.geomspace(1e-6, 0.5, 48), 1 - np.geomspace(0.5, 1e-6, 48)[1:], [1.0]])
FINE = 32


def betting_interval(
    values: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    low: float = 0.0,
    high: float = 1.0,
    level: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Return the mean of independent values (n,), which lie from ``low`` to ``high``, with its interval.

    Parameters
    ----------
    weights
        Of each value (n,), 0 or more: the estimate is then E[weight·value] / E[weight].
    seed
        Of the order in which the bets are made.

    Raises
    ------
    ArgumentError
        Values outside the range.
    ShapeError
        No value, or not one weight a value.

    Examples
    --------
    >>> print(betting_interval(np.zeros(300)))                 # 300 without an error: at most 1.3 %
    0.000 (95 % interval 0.000 to 0.013, n = 300)
    """
    given, weight = _checked(values, weights, low, high)
    level = checked_share(level, "level")
    order = stream(seed, "betting").permutation(len(given))
    scaled, staked = ((given - low) / (high - low))[order], (weight / weight.max())[order]
    limit = math.log(2 / (1 - level))  # half of the risk for each side

    def excluded(candidates: FloatArray, side: int) -> BoolArray:
        return np.asarray(_log_capital(scaled, staked, candidates, side, limit) >= limit)

    bounds = [low + (high - low) * _edge(excluded, side) for side in (1, -1)]
    mean = float((weight * given).sum() / weight.sum())
    return Estimate(mean, min(bounds[0], mean), max(bounds[1], mean), len(given), "betting", level)


def betting_p_values(
    losses: npt.ArrayLike,
    weights: npt.ArrayLike,
    target: float,
    *,
    confidence: float = 0.95,
    below: bool = False,
    seed: int = 0,
) -> FloatArray:
    """Return p-values of "E[weight·loss] / E[weight] is ``target`` or more" for T columns (n, T), (T,).

    Rows are independent: writers, for instance, each with the share of fields that a threshold accepts as
    weight and the share of these that is wrong as loss. Both lie from 0 to 1.

    Parameters
    ----------
    confidence
        The stakes are such that capital grows fastest to what this level asks for.
    below
        Whether the hypothesis is "``target`` or less".
    seed
        Of the order in which the bets are made.

    Examples
    --------
    >>> nothing, all_read = np.zeros((300, 1)), np.ones((300, 1))
    >>> betting_p_values(nothing, all_read, 0.02).round(3)
    array([0.003])
    >>> betting_p_values(nothing, all_read, 0.02, below=True)
    array([1.])
    """
    target, limit = checked_share(target, "target"), -math.log(1 - checked_share(confidence, "confidence"))
    loss, weight = np.asarray(losses, np.float64), np.asarray(weights, np.float64)
    order = stream(seed, "betting").permutation(len(loss))
    side, most = (-1, target) if below else (1, 1 - target)  # the most that a unit staked can lose
    gains = (side * weight * (target - loss))[order]  # (n, T)
    wealth = _wealth(gains, MOST_STAKED_IN_TEST / most, target * (1 - target), limit)
    return np.asarray(np.exp(-wealth.clip(0.0)))


def _log_capital(
    values: FloatArray, weights: FloatArray, candidates: FloatArray, side: int, limit: float
) -> FloatArray:
    """Return the log of the most that each candidate mean (G,) lets a gambler win on one side, (G,)."""
    gains = side * weights[:, np.newaxis] * (values[:, np.newaxis] - candidates)  # (n, G)
    loss = candidates if side > 0 else 1 - candidates  # the most that a unit staked can lose
    most = MOST_STAKED / np.maximum(loss, 1e-12)
    return _wealth(gains, most, candidates * (1 - candidates), limit)


def _wealth(
    gains: FloatArray, most: FloatArray | float, variance: FloatArray | float, limit: float
) -> FloatArray:
    """Return the log of the highest capital along the bets, for gains (n, G) of a unit staked."""
    n = len(gains)
    before = np.cumsum(gains**2, axis=0) - gains**2  # only what was seen before each bet
    spread = (before + variance) / np.arange(1, n + 1)[:, np.newaxis]
    stakes = np.minimum(np.sqrt(2 * limit / (n * np.maximum(spread, 1e-12))), most)
    return np.asarray(np.cumsum(np.log1p(stakes * gains), axis=0).max(axis=0))


def _edge(excluded: Callable[[FloatArray, int], BoolArray], side: int) -> float:
    """Return the outermost candidate that is not excluded: the lower bound for side 1, the upper for -1."""
    candidates = COARSE[::side]
    for _ in range(2):
        out = excluded(candidates, side)
        first = int(np.argmin(out)) if not out.all() else len(out) - 1
        if first == 0:
            return float(candidates[0])
        candidates = np.linspace(candidates[first - 1], candidates[first], FINE)
    return float(candidates[0])


def _checked(
    values: npt.ArrayLike, weights: npt.ArrayLike | None, low: float, high: float
) -> tuple[FloatArray, FloatArray]:
    given = np.asarray(values, np.float64)
    weight = np.ones_like(given) if weights is None else np.asarray(weights, np.float64)
    if given.ndim != 1 or not len(given) or weight.shape != given.shape:
        raise ShapeError(
            "values and weights must have one number each a row, and at least one. "
            f"Received: values.shape={given.shape}, weights.shape={weight.shape}"
        )
    if not low < high or given.min() < low or given.max() > high:
        raise ArgumentError(
            f"values must lie from low to high. Received: low={low}, high={high}, "
            f"min(values)={given.min()}, max(values)={given.max()}"
        )
    if weight.min() < 0 or not weight.max() > 0:
        raise ArgumentError(
            f"weights must be 0 or more, and one above 0. Received: min(weights)={weight.min()}"
        )
    return given, weight
