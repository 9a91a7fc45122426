"""How a training accuracy was measured: while the weights moved, or after the epoch.

The training accuracy that Keras reports is a running mean over the epoch, with dropout on and the weights
still moving; it is not comparable with one measured after the epoch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TrainingMeasure = Literal["running mean", "after the epoch"]


def training_measure(history: Mapping[str, Sequence[float]]) -> TrainingMeasure | None:
    """Return how the training accuracy of a history was measured; None where it was not.

    Examples
    --------
    >>> training_measure({"accuracy": [0.9], "val_accuracy": [0.95]})
    'running mean'
    >>> training_measure({"accuracy": [0.9], "train_accuracy": [0.94]})
    'after the epoch'
    """
    if history.get("train_accuracy"):
        return "after the epoch"
    return "running mean" if history.get("accuracy") else None
