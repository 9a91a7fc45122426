"""Trend, noise and rise of a per-epoch curve.

The losses of one training run are not independent draws, so a trend's interval describes this run's curve;
it is not a claim about other runs. Too short a curve has no trend (None).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from pellucid.errors import DataError, ShapeError
from pellucid.evaluation.intervals import Estimate, proportion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pellucid.evaluation.checked_arrays import FloatArray

# With fewer epochs a trend cannot be told from noise.
LEAST_EPOCHS = 5


def series(history: Mapping[str, Sequence[float]], *names: str) -> list[FloatArray]:
    """Return the named columns of a history as arrays of equal length, one value an epoch.

    Raises
    ------
    DataError
        A column that is missing or empty, or holds something that is no number.
    ShapeError
        Columns of different lengths.

    Examples
    --------
    >>> series({"val_loss": [0.5, 0.4]}, "val_loss")
    [array([0.5, 0.4])]
    """
    missing = [name for name in names if name not in history or len(history[name]) == 0]
    if missing:
        raise DataError(
            f"The history has no {', '.join(missing)}; it has {', '.join(sorted(history)) or 'nothing'}."
        )
    try:
        columns = [np.asarray(history[name], np.float64) for name in names]
    except (TypeError, ValueError) as error:
        raise DataError(f"The history must hold one number an epoch: {error}.") from None
    lengths = {name: len(column) for name, column in zip(names, columns, strict=True)}
    if len(set(lengths.values())) > 1:
        named = ", ".join(f"len({name})={length}" for name, length in lengths.items())
        raise ShapeError(f"The history must have one value an epoch in every column. Received: {named}")
    return columns


def window(epochs: int) -> int:
    """Return how many of the last epochs make the end of a curve: a quarter of them, at least four.

    Examples
    --------
    >>> window(6), window(100)
    (4, 25)
    """
    return max(4, math.ceil(epochs / 4))


def trend(values: FloatArray, level: float = 0.95) -> Estimate | None:
    """Return the change per epoch over the end of the curve, by least squares; None where it is too short.

    Examples
    --------
    >>> print(trend(np.array([9.0, 4.0, 2.0, 1.0, 0.8, 0.8, 0.6])))
    -0.12 (95 % interval -0.24 to 0.00, n = 4)
    >>> trend(np.array([3.0, 2.0, 1.0])) is None
    True
    """
    if len(values) < LEAST_EPOCHS or not np.isfinite(values).all():
        return None
    end = values[-window(len(values)) :]
    fit = stats.linregress(np.arange(len(end)), end)
    error = float(np.nan_to_num(fit.stderr))  # not a number where all values are equal
    half = float(stats.t.ppf((1 + level) / 2, len(end) - 2)) * error
    slope = float(fit.slope)
    return Estimate(slope, slope - half, slope + half, len(end), "least squares", level)


def noise(values: FloatArray) -> float | None:
    """Return the deviation of noise on a smooth curve over its last two thirds; None where it is too short.

    From second differences, which a straight stretch leaves at zero: their variance is 6 times the noise's.

    Examples
    --------
    >>> noise(np.array([5.0, 4.0, 3.0, 2.0, 1.0, 0.0]))
    0.0
    """
    if len(values) < LEAST_EPOCHS:
        return None
    later = values[-max(LEAST_EPOCHS, 2 * len(values) // 3) :]
    return float(np.sqrt((np.diff(later, 2) ** 2).mean() / 6))


def rose(losses: FloatArray) -> bool | None:
    """Return whether the curve ends above its lowest point by more than noise; None where it is too short.

    Every one of the last values (a tenth of all, at least three) must lie more than three deviations of the
    noise above the lowest: a late outlier is no rise.

    Examples
    --------
    >>> rose(np.array([0.9, 0.5, 0.3, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45]))
    True
    >>> rose(np.array([0.9, 0.5, 0.31, 0.30, 0.31, 0.29, 0.31, 0.30]))
    False
    """
    spread = noise(losses)
    if spread is None:
        return None
    last = losses[-max(3, len(losses) // 10) :]
    return bool((last - losses.min() > 3 * spread).all())


def gap(train_accuracy: float, n_train: int, val_accuracy: float, n_validation: int) -> Estimate:
    """Return training minus validation accuracy with Newcombe's hybrid score interval.

    R. G. Newcombe (1998), "Interval estimation for the difference between independent proportions: comparison
    of eleven methods", Statistics in Medicine 17, method 10.

    Examples
    --------
    >>> print(gap(0.9978, 12000, 0.9874, 12000))
    0.0104 (95 % interval 0.0083 to 0.0127, n = 12,000)
    """
    train = proportion(round(train_accuracy * n_train), n_train)
    validation = proportion(round(val_accuracy * n_validation), n_validation)
    return difference(train, validation)


def difference(a: Estimate, b: Estimate) -> Estimate:
    """Return a - b of two independent estimates, their intervals joined as Newcombe joins Wilson's.

    For any two estimates: G. Y. Zou and A. Donner (2008), "Construction of confidence limits about effect
    measures: a general approach", Statistics in Medicine 27. ``n`` is the smaller one.

    Examples
    --------
    >>> print(difference(proportion(56, 70), proportion(48, 80)))
    0.20 (95 % interval 0.05 to 0.33, n = 70)
    """
    value = a.value - b.value
    low = value - math.hypot(a.value - a.low, b.high - b.value)
    high = value + math.hypot(a.high - a.value, b.value - b.low)
    return Estimate(value, low, high, min(a.n, b.n), "Newcombe", a.level)
