"""Pitfalls in training: inputs not scaled, a learning rate too low or too high, a batch too large."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.evaluation.checked_arrays import checked_count
from pellucid.evaluation.pitfalls.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# A network that knows nothing and is not sure of it loses ln(classes). Half as much again is far above it.
FAR_ABOVE = 1.5
# A loss that stays within a twentieth of its start, and near chance, does not move.
MOVED, NEAR_CHANCE = 0.05, 0.9
# Adadelta's paper has rate 1; below a tenth of that it hardly learns in a handful of epochs.
LOW_ADADELTA = 0.1


def inputs_not_scaled(
    first_loss: float, classes: int, *, largest_input: float | None = None
) -> list[Finding]:
    """Find a first loss far above ln(classes), which large inputs cause.

    ``first_loss`` is the loss before training or, where only that is known, of the first epoch;
    ``largest_input`` the largest absolute value that enters the network.

    Examples
    --------
    >>> [finding] = inputs_not_scaled(11.1, classes=10, largest_input=16)
    >>> print(finding.evidence)
    The first loss is 11.10; guessing among 10 classes loses ln 10 = 2.30. Inputs reach 16.
    """
    chance = math.log(checked_count(classes, "classes", least=2))
    if not first_loss > FAR_ABOVE * chance:
        return []
    guessing = f"guessing among {classes} classes loses ln {classes} = {chance:.2f}"
    evidence = f"The first loss is {first_loss:.2f}; {guessing}."
    if largest_input is None:
        return [_not_scaled(evidence)]
    evidence += f" Inputs reach {largest_input:g}."
    if largest_input > 1:
        return [_not_scaled(evidence)]
    return [
        Finding(
            "first-loss-high",
            "Training starts far worse than guessing, although the inputs are small.",
            evidence,
            "Lower the learning rate, or look at the initial weights.",
        )
    ]


def loss_stuck(losses: Sequence[float], classes: int) -> list[Finding]:
    """Find a loss, one value an epoch, that does not move from chance.

    Examples
    --------
    >>> [finding] = loss_stuck([2.31, 2.30, 2.30], classes=10)
    >>> print(finding.message)
    The loss does not move: the network is not learning.
    """
    values = np.asarray(losses, np.float64)
    chance = math.log(checked_count(classes, "classes", least=2))
    if len(values) < 2 or not np.isfinite(values).all():
        return []
    if values[0] - values.min() >= MOVED * values[0] or values.min() < NEAR_CHANCE * chance:
        return []
    return [
        Finding(
            "loss-stuck",
            "The loss does not move: the network is not learning.",
            f"It went from {values[0]:.3f} to {values[-1]:.3f} in {len(values)} epochs; guessing loses "
            f"{chance:.3f}.",
            "Try a learning rate ten times higher; if that changes nothing, ten times lower, and scaled "
            "inputs.",
        )
    ]


def loss_diverged(losses: Sequence[float], classes: int, *, first_loss: float | None = None) -> list[Finding]:
    """Find a loss that became NaN or infinite, or ends well above both its start and chance.

    Its start is ``first_loss``, that before training, or else that of the first epoch.

    Examples
    --------
    >>> [finding] = loss_diverged([2.0, 8.0, float("nan")], classes=10)
    >>> print(finding.evidence)
    The loss is nan after epoch 3.
    """
    values = np.asarray(losses, np.float64)
    chance = math.log(checked_count(classes, "classes", least=2))
    if not len(values):
        return []
    start = values[0] if first_loss is None else first_loss
    broken = np.flatnonzero(~np.isfinite(values))
    if broken.size:
        evidence = f"The loss is {values[broken[0]]} after epoch {broken[0] + 1}."
    elif values[-1] > 1.2 * max(start, chance):
        before = "" if first_loss is None else " before training"
        evidence = f"The loss rose from {start:.3f}{before} to {values[-1]:.3f} in {len(values)} epochs."
    else:
        return []
    return [
        Finding(
            "loss-diverged",
            "Training diverges: the steps are too large.",
            evidence,
            "Try a learning rate ten times lower, and scaled inputs.",
        )
    ]


def low_adadelta(optimizer: str, learning_rate: object) -> list[Finding]:
    """Find Adadelta with the learning rate 0.001 that Keras gives it, where its paper has 1.

    Examples
    --------
    >>> [finding] = low_adadelta("Adadelta", 0.001)
    >>> print(finding.fix)
    Give Adadelta(learning_rate=1.0), as in its paper.
    """
    if optimizer.lower() != "adadelta" or not isinstance(learning_rate, int | float):
        return []  # a schedule is not judged by one number
    if learning_rate >= LOW_ADADELTA:
        return []
    return [
        Finding(
            "low-adadelta",
            "Adadelta hardly learns at this rate: 0.001 is Keras's default since TensorFlow 2, not the "
            "paper's.",
            f"Adadelta was given learning_rate={learning_rate}.",
            "Give Adadelta(learning_rate=1.0), as in its paper.",
        )
    ]


def batch_exceeds_data(batch_size: int, images: int) -> list[Finding]:
    """Find a batch that is larger than the training data.

    Examples
    --------
    >>> [finding] = batch_exceeds_data(128, 100)
    >>> print(finding.evidence)
    batch_size is 128, and there are 100 training images.
    """
    if batch_size <= images:
        return []
    return [
        Finding(
            "batch-exceeds-data",
            "A batch is larger than the training data, so an epoch is a single step.",
            f"batch_size is {batch_size:,}, and there are {images:,} training images.",
            "Make the batch smaller (32 is common), or train for more epochs.",
        )
    ]


def running_mean_read_as_gap(history: Mapping[str, Sequence[Any]]) -> list[Finding]:
    """Find validation above training where training is only known as Keras's running mean.

    Examples
    --------
    >>> [finding] = running_mean_read_as_gap({"accuracy": [0.80, 0.98], "val_accuracy": [0.98, 0.99]})
    >>> print(finding.evidence)
    After epoch 2 val_accuracy is 0.9900 and accuracy 0.9800, and there is no train_accuracy.
    """
    running, validation = history.get("accuracy", ()), history.get("val_accuracy", ())
    if not len(running) or not len(validation) or len(history.get("train_accuracy", ())):
        return []
    if not validation[-1] > running[-1]:
        return []
    return [
        Finding(
            "running-mean",
            "Validation seems better than training, but the two were not measured alike: training accuracy "
            "is a mean over the epoch, with dropout on and the weights still moving.",
            f"After epoch {len(running)} val_accuracy is {validation[-1]:.4f} and accuracy "
            f"{running[-1]:.4f}, and there is no train_accuracy.",
            "Measure training accuracy after the epoch, with dropout off, as experiments do.",
        )
    ]


def _not_scaled(evidence: str) -> Finding:
    return Finding(
        "inputs-not-scaled",
        "Training starts far worse than guessing: the inputs look unscaled.",
        evidence,
        "Divide the pixels by their largest possible value (16 for digits, 255 for 8-bit images).",
    )
