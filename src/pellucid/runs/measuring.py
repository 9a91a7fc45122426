"""Compute the estimates in a run folder from its predictions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pellucid.errors import DataError
from pellucid.evaluation import Calibration, apply_temperature, fit_temperature, measure_calibration
from pellucid.functions import softmax
from pellucid.runs.record.results import CalibrationRecord

Array = npt.NDArray[Any]

ROUNDING = 1e-3  # tolerance for sums of float32 probabilities


def as_probabilities(outputs: Array) -> Array:
    """Return a network's outputs (N, U) as probabilities: unchanged, or through softmax if they are logits.

    Networks without a final softmax, trained with ``from_logits=True``, return logits.

    Examples
    --------
    >>> as_probabilities(np.array([[0.25, 0.75]])), as_probabilities(np.array([[2.0, 2.0]]))
    (array([[0.25, 0.75]]), array([[0.5, 0.5]]))
    """
    if (outputs >= 0).all() and np.abs(outputs.sum(axis=1) - 1).max(initial=0) <= ROUNDING:
        return outputs
    return np.asarray(softmax(outputs))


def measured_calibration(
    labels: Array,
    probabilities: Array,
    validation_labels: Array,
    validation_probabilities: Array,
    *,
    validated_on_test: bool = False,
) -> CalibrationRecord:
    """Return the calibration of the test predictions, before and after temperature scaling.

    The temperature is fitted on validation data; if that is impossible it is None, and ``reason`` says why.
    """
    before = _without_empty_bins(measure_calibration(labels, probabilities))
    try:
        if not len(validation_labels):
            raise DataError("It is fitted on validation images, and none were held out.")
        if validated_on_test:
            raise DataError(
                "A temperature is fitted on validation images; these are the test images, on which it is "
                "evaluated. Hold out separate validation images."
            )
        temperature = fit_temperature(validation_labels, validation_probabilities)
    except DataError as error:
        return CalibrationRecord(before=before, temperature=None, reason=str(error))
    after = measure_calibration(labels, apply_temperature(probabilities, temperature))
    return CalibrationRecord(before=before, after=_without_empty_bins(after), temperature=temperature)


def _without_empty_bins(calibration: Calibration) -> Calibration:
    return replace(calibration, curve=tuple(one for one in calibration.curve if one.count))
