"""From predictions to figures: how good, whether a difference is real, and whether it is good enough.

Works on labels, probabilities, histories and configurations; it does not care which engine made them.
"""

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
    "ClassFigures",
    "Confusion",
    "Evaluation",
    "Figure",
    "accuracy",
    "bootstrap",
    "confusion_matrix",
    "correct",
    "cross_entropy_loss",
    "cross_entropy_losses",
    "evaluate",
    "f1_scores",
    "most_confident_mistakes",
    "most_confused",
    "normalize_rows",
    "per_class",
    "proportion",
    "top_k_accuracy",
    "upper_bound",
]
