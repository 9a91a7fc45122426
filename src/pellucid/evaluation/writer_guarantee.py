"""The guarantee of the reject option for new writers, from all fields that each calibration writer makes.

The fields of one writer are not independent, so writers count, not fields. At a threshold a writer has a
share of fields that are accepted, and a share of these that is wrong; both lie from 0 to 1, and writers are
independent of each other. "Of the fields accepted from new writers more than ``target`` are wrong" then is a
claim about a ratio of means, and bets on one writer after the other refute it
(:mod:`pellucid.evaluation.betting`). Thresholds are tested from strict to loose, as in
:mod:`pellucid.evaluation.reject`. One field of each writer would be valid too, but leaves much of the data
unused.

Source: I. Waudby-Smith and A. Ramdas (2024), "Estimating means of bounded random variables by betting",
Journal of the Royal Statistical Society B 86.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pellucid.errors import ShapeError
from pellucid.evaluation.betting import betting_interval, betting_p_values
from pellucid.evaluation.checked_arrays import BoolArray, FloatArray, IntArray, checked_share
from pellucid.evaluation.reject import (
    ACCEPT_ALL,
    LEAST_READ,
    TOO_MANY,
    Guarantee,
    ThresholdOutcome,
    passed_in_order,
    useful_thresholds,
)

MARGIN = 2.5  # of writers at the first threshold, so that a few unlucky writers do not end it all
FINER = 60  # bounds that are tried below the target
STAKES = np.geomspace(0.01, 0.98, 24)


def guarantee_for_writers(
    confidences: npt.ArrayLike,
    wrong: npt.ArrayLike,
    writers: npt.ArrayLike,
    *,
    target: float,
    confidence: float = 0.95,
    layout: npt.ArrayLike,
) -> Guarantee:
    """Find the loosest threshold at which at most ``target`` of what is accepted from new writers is wrong.

    Parameters
    ----------
    confidences, wrong, writers
        Of each calibration field (F,): how sure the network is, whether it was misread, who wrote it.
    layout
        Confidences of other fields, to lay the thresholds out on.

    Returns
    -------
    Guarantee
        ``tested`` counts writers; ``accepted`` and ``errors`` count fields.

    Raises
    ------
    ArgumentError
        A target or confidence outside (0, 1).
    ShapeError
        Arrays of different lengths.

    Examples
    --------
    >>> writers = np.repeat(np.arange(400), 8)
    >>> generator = np.random.default_rng(0)
    >>> confidences = generator.random(3200)
    >>> wrong = generator.random(3200) < np.where(confidences < 0.1, 0.3, 0.001)
    >>> found = guarantee_for_writers(confidences, wrong, writers, target=0.02, layout=confidences)
    >>> found.tested, found.threshold < 0.1, found.bound <= 0.02
    (400, True, True)
    """
    target, confidence = checked_share(target, "target"), checked_share(confidence, "confidence")
    sure, errors, place = _checked(confidences, wrong, writers)
    others, people = np.asarray(layout, np.float64), int(place.max()) + 1
    sequence = _sequence(others, people, target, confidence)
    losses, weights = _by_writer(sure, errors, place, sequence)
    p_values = betting_p_values(losses, weights, target, confidence=confidence)
    passed = passed_in_order(p_values, confidence)
    floor = least_target(people, confidence)
    if not passed:
        needed = _writers_needed(
            *_by_writer(sure, errors, place, useful_thresholds(others)), target, confidence
        )
        exceeded = _exceeded_everywhere(sure, errors, place, target, confidence, others)
        return Guarantee(
            target, confidence, None, people, 0, 0, 1.0, needed, floor, exceeded, fields=len(sure)
        )
    last = float(sequence[passed - 1])
    inside = sure >= last
    bound = _bound(losses[:, passed - 1], weights[:, passed - 1], target, confidence)
    counts = int(inside.sum()), int(errors[inside].sum())
    return Guarantee(target, confidence, last, people, *counts, bound, None, floor, fields=len(sure))


def outcome_for_writers(
    confidences: npt.ArrayLike,
    wrong: npt.ArrayLike,
    writers: npt.ArrayLike,
    threshold: float,
    *,
    target: float,
) -> ThresholdOutcome:
    """Return what the threshold does to the fields of test writers; the intervals are for new writers.

    Examples
    --------
    >>> sure, wrong, writers = [0.9, 0.9, 0.9, 0.2], [False, False, False, True], [3, 3, 5, 5]
    >>> result = outcome_for_writers(sure, wrong, writers, 0.5, target=0.01)
    >>> result.read.value, result.read.n, result.error.value
    (0.75, 2, 0.0)
    """
    sure, errors, place = _checked(confidences, wrong, writers)
    losses, weights = (one[:, 0] for one in _by_writer(sure, errors, place, np.array([threshold])))
    read = betting_interval(weights)
    if not weights.any():
        return ThresholdOutcome(float(threshold), read, betting_interval(losses), True)
    error = betting_interval(losses, weights)
    return ThresholdOutcome(float(threshold), read, error, bool(error.low <= checked_share(target, "target")))


def least_target(writers: int, confidence: float = 0.95) -> float:
    """Return the least target that so many writers can guarantee, for a machine that misreads nothing.

    Examples
    --------
    >>> round(least_target(198), 4), round(least_target(10_000), 6)
    (0.0153, 0.000306)
    """
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        enough = _passes_unharmed(writers, middle, confidence)
        low, high = (low, middle) if enough else (middle, high)
    return high


def writers_to_pass(target: float, confidence: float = 0.95) -> int:
    """Return how many writers it takes to guarantee ``target`` for a machine that misreads nothing.

    Examples
    --------
    >>> writers_to_pass(0.02), writers_to_pass(0.001)
    (152, 3056)
    """
    checked_share(target, "target")
    low, high = 0, 1
    while not _passes_unharmed(high, target, confidence):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _passes_unharmed(middle, target, confidence) else (middle, high)
    return high


def _sequence(others: FloatArray, people: int, target: float, confidence: float) -> FloatArray:
    """Return the thresholds to test, strict to loose; the first accepts more than a perfect machine needs."""
    useful = useful_thresholds(others)
    if not len(useful):
        return np.array([ACCEPT_ALL])
    least = writers_to_pass(target, confidence)
    enough = min(MARGIN * least, (least + people) / 2)
    share = (others[:, np.newaxis] >= useful).mean(axis=0)
    begin = np.flatnonzero(people * share >= enough)
    return np.asarray(useful[begin[0] :] if len(begin) else useful[-1:])


def _passes_unharmed(writers: int, target: float, confidence: float) -> bool:
    """Return whether so many writers without an error refute that more than ``target`` is wrong."""
    if not 0 < target < 1:
        return target >= 1
    nothing, all_read = np.zeros((writers, 1)), np.ones((writers, 1))
    return bool(betting_p_values(nothing, all_read, target, confidence=confidence)[0] <= 1 - confidence)


def _bound(losses: FloatArray, weights: FloatArray, target: float, confidence: float) -> float:
    """Return the lowest bound, from the target down, that is refuted without a gap."""
    found = target
    for lower in target * np.arange(FINER - 1, 0, -1) / FINER:
        p_value = betting_p_values(losses[:, None], weights[:, None], float(lower), confidence=confidence)[0]
        if p_value > 1 - confidence:
            break
        found = float(lower)
    return found


def _writers_needed(losses: FloatArray, weights: FloatArray, target: float, confidence: float) -> int | None:
    """Return how many writers it takes at least, if new ones are like these; None where no threshold helps.

    The least over the thresholds at which the error seen is below the target, for the stake that would have
    won most: as with :func:`~pellucid.evaluation.reject.fields_needed` that is a hopeful number.
    """
    gains = weights * (target - losses)  # (W, T)
    useful = (weights.mean(axis=0) >= LEAST_READ) & (gains.mean(axis=0) > 0)
    if not useful.any():
        return None
    stakes = STAKES[:, np.newaxis, np.newaxis] / (1 - target)
    growth = float(np.log1p(stakes * gains[:, useful]).mean(axis=1).max())
    needed = math.log(1 / (1 - confidence)) / growth if growth > 0 else TOO_MANY
    return math.ceil(needed) if needed < TOO_MANY else None


def _exceeded_everywhere(
    sure: FloatArray,
    errors: BoolArray,
    place: IntArray,
    target: float,
    confidence: float,
    others: FloatArray,
) -> bool:
    """Return whether more than ``target`` is wrong at each threshold that reads enough, for new writers."""
    useful = useful_thresholds(others)
    if not len(useful):
        return False
    losses, weights = _by_writer(sure, errors, place, useful)
    level = 1 - (1 - confidence) / len(useful)
    p_values = betting_p_values(losses, weights, target, confidence=level, below=True)
    return bool((p_values <= 1 - level).all())


def _by_writer(
    sure: FloatArray, errors: BoolArray, place: IntArray, thresholds: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the share of accepted fields that is wrong, and the share accepted, of each writer: (W, T) each.

    A negative confidence rejects its field at any threshold.
    """
    accepted = (sure[:, np.newaxis] >= thresholds) & (sure[:, np.newaxis] >= ACCEPT_ALL)  # (F, T)
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(place.max() + 1))
    count = np.add.reduceat(accepted[order].astype(np.float64), starts)
    misread = np.add.reduceat((accepted & errors[:, np.newaxis])[order].astype(np.float64), starts)
    fields = np.bincount(place)[:, np.newaxis]
    return misread / np.maximum(count, 1), count / fields


def _checked(
    confidences: npt.ArrayLike, wrong: npt.ArrayLike, writers: npt.ArrayLike
) -> tuple[FloatArray, BoolArray, IntArray]:
    sure, errors = np.asarray(confidences, np.float64), np.asarray(wrong, np.bool_)
    given = np.asarray(writers)
    if sure.ndim != 1 or not len(sure) or not sure.shape == errors.shape == given.shape:
        raise ShapeError(
            "confidences, wrong and writers must have one value a field, and at least one. Received: "
            f"confidences.shape={sure.shape}, wrong.shape={errors.shape}, writers.shape={given.shape}"
        )
    return sure, errors, np.unique(given, return_inverse=True)[1]
