"""From predictions to figures: how good, whether a difference is real, and whether it is good enough.

Works on labels, probabilities, histories and configurations; it does not care which engine made them.
"""

from pellucid.evaluation.calibration import (
    Calibration,
    ReliabilityBin,
    apply_temperature,
    expected_calibration_error,
    fit_temperature,
    measure_calibration,
    reliability_curve,
)
from pellucid.evaluation.confusion import (
    Confusion,
    confusion_matrix,
    most_confident_mistakes,
    most_confused,
    normalize_rows,
)
from pellucid.evaluation.intervals import Figure, bootstrap, proportion, upper_bound
from pellucid.evaluation.metrics import (
    ClassFigures,
    Evaluation,
    accuracy,
    correct,
    cross_entropy_loss,
    cross_entropy_losses,
    evaluate,
    f1_scores,
    per_class,
    top_k_accuracy,
)

__all__ = [
    "Calibration",
    "ClassFigures",
    "Confusion",
    "Evaluation",
    "Figure",
    "ReliabilityBin",
    "accuracy",
    "apply_temperature",
    "bootstrap",
    "confusion_matrix",
    "correct",
    "cross_entropy_loss",
    "cross_entropy_losses",
    "evaluate",
    "expected_calibration_error",
    "f1_scores",
    "fit_temperature",
    "measure_calibration",
    "most_confident_mistakes",
    "most_confused",
    "normalize_rows",
    "per_class",
    "proportion",
    "reliability_curve",
    "top_k_accuracy",
    "upper_bound",
]
