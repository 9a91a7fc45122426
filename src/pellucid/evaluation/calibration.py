"""Whether "99 % sure" means right in 99 of 100: calibration error, reliability curve, temperature scaling.

Sources: C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger (2017), "On calibration of modern neural networks",
ICML (expected calibration error, temperature scaling); M. P. Naeini, G. F. Cooper and M. Hauskrecht (2015),
"Obtaining well calibrated probabilities using Bayesian binning", AAAI; J. Bröcker and L. A. Smith (2007),
"Increasing the reliability of reliability diagrams", Weather and Forecasting 22 (what chance alone does).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize

from pellucid.core.randomness import stream
from pellucid.errors import ArgumentError, DataError
from pellucid.evaluation.checked_arrays import (
    FloatArray,
    IntArray,
    checked_count,
    checked_pair,
    checked_probabilities,
)
from pellucid.evaluation.intervals import Estimate, bootstrap_samples, percentile_interval, proportion
from pellucid.evaluation.metrics import cross_entropy_losses

BINS = 15  # as in Guo et al.
LEAST_TEMPERATURE, MOST_TEMPERATURE = 0.01, 1000.0

# A probability of 0 has no logarithm; this is below any that float32 softmax gives apart from 0.
SMALLEST = 1e-45


@dataclass(frozen=True)
class ReliabilityBin:
    """The images whose top probability lies above ``low`` and at most at ``high``.

    ``confidence`` is their mean top probability (NaN where there is no image), ``accuracy`` the share that
    was read right.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: Estimate


@dataclass(frozen=True)
class Calibration:
    """How far confidence and accuracy are apart.

    ``error`` is the expected calibration error; ``by_chance`` is what 95 % of perfectly calibrated models
    with the same probabilities stay below on as many images; up to there the interval of the error holds 0.
    ``confidence`` is the mean top probability.
    """

    error: Estimate
    by_chance: float
    confidence: float
    accuracy: Estimate
    curve: tuple[ReliabilityBin, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON; bins without an image are left out."""
        return {
            "error": self.error.as_dict(),
            "by_chance": self.by_chance,
            "confidence": self.confidence,
            "accuracy": self.accuracy.as_dict(),
            "bins": [{**vars(one), "accuracy": one.accuracy.as_dict()} for one in self.curve if one.count],
        }


def measure_calibration(
    labels: npt.ArrayLike, probabilities: npt.ArrayLike, *, bins: int = BINS
) -> Calibration:
    """Return calibration error, what chance alone would give, and the reliability curve.

    Examples
    --------
    >>> labels = np.arange(1000) % 4 > 0                       # three of four images are of class 1
    >>> honest = measure_calibration(labels.astype(int), np.tile([0.25, 0.75], (1000, 1)))
    >>> honest.error.value, round(honest.by_chance, 3)
    (0.0, 0.026)
    """
    true, table = checked_pair(labels, probabilities)
    right = table.argmax(axis=1) == true
    error, by_chance = expected_calibration_error(true, table, bins=bins), error_by_chance(table, bins=bins)
    if error.value <= by_chance:  # the test does not rule 0 out, so the interval must not
        error = replace(error, low=0.0)
    return Calibration(
        error=error,
        by_chance=by_chance,
        confidence=float(table.max(axis=1).mean()),
        accuracy=proportion(int(right.sum()), len(right)),
        curve=tuple(reliability_curve(true, table, bins=bins)),
    )


def reliability_curve(
    labels: npt.ArrayLike, probabilities: npt.ArrayLike, *, bins: int = BINS
) -> list[ReliabilityBin]:
    """Return confidence and accuracy in ``bins`` bins of equal width over the top probability.

    Examples
    --------
    >>> low, high = reliability_curve([1, 0, 0], [[0.6, 0.4], [0.9, 0.1], [0.9, 0.1]], bins=2)
    >>> low.count, high.count, round(high.confidence, 2), round(high.accuracy.value, 2)
    (0, 3, 0.8, 0.67)
    """
    true, table = checked_pair(labels, probabilities)
    bins = checked_count(bins, "bins")
    confidence = table.max(axis=1)
    right = table.argmax(axis=1) == true
    place = _bin_of(confidence, bins)
    curve = []
    for i in range(bins):
        inside = place == i
        count = int(inside.sum())
        mean = float(confidence[inside].mean()) if count else float("nan")
        estimate = proportion(int(right[inside].sum()), count)
        curve.append(ReliabilityBin(i / bins, (i + 1) / bins, count, mean, estimate))
    return curve


def expected_calibration_error(
    labels: npt.ArrayLike, probabilities: npt.ArrayLike, *, bins: int = BINS, resamples: int = 500
) -> Estimate:
    """Return the mean distance between confidence and accuracy over the bins, each weighted by its images.

    The estimate is never negative, so noise pushes it up; the interval is the basic bootstrap's (the
    percentile interval mirrored at the estimate), which pulls it back down. It is cut at 0 and made to hold
    the estimate. Where a network is calibrated, no bootstrap of this estimate holds 0 often enough;
    :func:`measure_calibration` lets the interval begin at 0 wherever chance alone can give the estimate.
    Where it is off, the interval of some hundred images covers 85 to 93 %: read it as rough.

    Examples
    --------
    >>> estimate = expected_calibration_error([0, 0, 1, 0], [[0.9, 0.1]] * 4)
    >>> round(estimate.value, 4)                                  # 90 % sure, right in three of four
    0.15
    """
    true, table = checked_pair(labels, probabilities)
    bins = checked_count(bins, "bins")
    confidence = table.max(axis=1)
    place = _bin_of(confidence, bins)
    excess = (table.argmax(axis=1) == true) - confidence

    def error(rows: IntArray) -> FloatArray:
        return _binned_error(place[rows], excess[rows], bins)

    value = float(error(np.arange(len(true))[np.newaxis])[0])
    low, high = percentile_interval(bootstrap_samples(error, len(true), resamples=resamples))
    low, high = max(0.0, 2 * value - high), 2 * value - low
    method = f"basic bootstrap, {resamples} resamples"
    return Estimate(value, min(low, value), max(high, value), len(true), method)


def error_by_chance(probabilities: npt.ArrayLike, *, bins: int = BINS, repeats: int = 500) -> float:
    """Return the calibration error below which 95 % of perfectly calibrated models stay, by simulation.

    Whether each image is right is drawn with its own top probability, so any error that results is chance.

    Examples
    --------
    >>> 0.02 < error_by_chance([[0.3, 0.7]] * 1000) < 0.04
    True
    """
    confidence = checked_probabilities(probabilities).max(axis=1)
    bins = checked_count(bins, "bins")
    place = _bin_of(confidence, bins)
    generator = stream(0, "calibration")
    errors = np.empty(repeats)
    for i in range(repeats):
        right = generator.random(len(place)) < confidence
        errors[i] = _binned_error(place[np.newaxis], (right - confidence)[np.newaxis], bins)[0]
    return float(np.quantile(errors, 0.95))


def fit_temperature(labels: npt.ArrayLike, probabilities: npt.ArrayLike) -> float:
    """Return the temperature T that makes the validation loss of softmax(logits / T) lowest.

    Fit it on validation data, never on the test set. It changes how sure the network is, never what it
    answers. Above 1 the network was too sure. Softmax forgets only a constant of the logits, so
    probabilities suffice.

    Raises
    ------
    DataError
        A class that has no image in the data, or no mistake in it: then the best temperature is 0. A best
        temperature beyond 0.01 or 1000.

    Examples
    --------
    >>> fit_temperature([0, 0, 0, 1, 1, 1, 1, 0], [[0.99, 0.01]] * 4 + [[0.01, 0.99]] * 4).__round__(2)
    4.18
    """
    true, table = checked_pair(labels, probabilities)
    check_classes_present(true, table.shape[1])
    if (table.argmax(axis=1) == true).all():
        raise DataError(
            f"A temperature cannot be fitted to {len(true):,} images that were all read right: the surer, "
            "the lower the loss, without end. Use more validation images, or leave the temperature at 1."
        )

    def loss(log_temperature: float) -> float:
        return float(cross_entropy_losses(true, apply_temperature(table, np.exp(log_temperature))).mean())

    best = optimize.minimize_scalar(
        loss, bounds=(np.log(LEAST_TEMPERATURE), np.log(MOST_TEMPERATURE)), method="bounded"
    )
    found = float(np.exp(best.x))
    if not LEAST_TEMPERATURE * 1.02 < found < MOST_TEMPERATURE / 1.02:
        raise DataError(
            f"A temperature that fits these images lies outside {LEAST_TEMPERATURE:g} to "
            f"{MOST_TEMPERATURE:g}: their confidence has next to nothing to do with whether they are right. "
            "Leave the temperature at 1, and look at the probabilities."
        )
    return found


def apply_temperature(probabilities: npt.ArrayLike, temperature: float) -> FloatArray:
    """Return softmax(logits / temperature), worked out from the probabilities.

    Examples
    --------
    >>> apply_temperature([[0.9, 0.1]], 2.0).round(4)
    array([[0.75, 0.25]])
    """
    table = checked_probabilities(probabilities)
    if not 0 < temperature < np.inf:
        raise ArgumentError(f"temperature must be above 0 and finite. Received: temperature={temperature}")
    logits = np.log(np.maximum(table, SMALLEST)) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def check_classes_present(labels: IntArray, classes: int) -> None:
    """Raise DataError where a class has no image in data that probabilities are to be adjusted on.

    Examples
    --------
    >>> check_classes_present(np.array([0, 1, 1]), classes=2)
    """
    missing = np.setdiff1d(np.arange(classes), labels)
    if missing.size:
        names = ", ".join(map(str, missing))
        raise DataError(
            f"The calibration data has no image of class {names}: what holds for the other classes need not "
            f"hold for it. Use data with all {classes} classes (a stratified split has them)."
        )


def _bin_of(confidence: FloatArray, bins: int) -> IntArray:
    """Return the bin (i / bins, (i + 1) / bins] of each confidence, as Guo et al. cut them."""
    return np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)


def _binned_error(place: IntArray, excess: FloatArray, bins: int) -> FloatArray:
    """Return the sum over bins of |sum of excess in the bin| / N for each of B rows: (B, N) -> (B,)."""
    rows = len(place)
    cells = (place + bins * np.arange(rows)[:, np.newaxis]).ravel()  # a cell for each (row, bin)
    sums = np.bincount(cells, weights=excess.ravel(), minlength=rows * bins).reshape(rows, bins)
    return np.asarray(np.abs(sums).sum(axis=1) / place.shape[1])
