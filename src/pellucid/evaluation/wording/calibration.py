"""Whether the probabilities of a network can be taken literally, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pellucid.evaluation.calibration import Calibration


def calibration_sentence(calibration: Calibration) -> str:
    """Say how far confidence and accuracy are apart, and whether that is more than chance.

    Examples
    --------
    >>> import numpy as np
    >>> from pellucid.evaluation import measure_calibration
    >>> labels = np.arange(1000) % 4 > 0                       # three of four images are of class 1
    >>> calibration_sentence(measure_calibration(labels.astype(int), np.tile([0.25, 0.75], (1000, 1))))
    'Confidence and accuracy are 0.0 points apart on average (chance alone gives up to 2.6 with 1,000 images):
    no miscalibration is visible in this data.'
    """
    distance = calibration_distance(calibration)
    if calibration.error.value <= calibration.by_chance:
        return f"{distance}."
    return f"{distance}; temperature scaling may help."


def calibration_distance(calibration: Calibration) -> str:
    """Say how far confidence and accuracy are apart, without a full stop."""
    error = calibration.error
    distance = (
        f"Confidence and accuracy are {100 * error.value:.1f} points apart on average (chance alone gives up "
        f"to {100 * calibration.by_chance:.1f} with {error.n:,} images)"
    )
    if error.value <= calibration.by_chance:
        return f"{distance}: no miscalibration is visible in this data"
    return f"{distance}: {_direction(calibration)}"


def _direction(calibration: Calibration) -> str:
    if calibration.confidence > calibration.accuracy.high:
        return "the network is surer than it is right"
    if calibration.confidence < calibration.accuracy.low:
        return "the network is right more often than it is sure"
    return "surer than right in some bins, less sure in others"
