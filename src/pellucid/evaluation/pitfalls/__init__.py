"""What to watch: findings about the experiment itself, from its configuration, data and history.

Each has the evidence and the fix. :func:`find_pitfalls` looks for all that the given data can show; every
single check can be called by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.evaluation.pitfalls.collapse import SingleLayer, multiply, probe
from pellucid.evaluation.pitfalls.conclusions import one_seed, reopened_test_set, within_noise
from pellucid.evaluation.pitfalls.data import absent_classes, shared_images, unsound_validation
from pellucid.evaluation.pitfalls.finding import Finding
from pellucid.evaluation.pitfalls.network import dead_units, only_linear, softmax_and_loss
from pellucid.evaluation.pitfalls.setup import TrainingSetup
from pellucid.evaluation.pitfalls.training import (
    batch_exceeds_data,
    inputs_not_scaled,
    loss_diverged,
    loss_stuck,
    low_adadelta,
    running_mean_read_as_gap,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from pellucid.evaluation.comparison import Comparison

__all__ = [
    "Finding",
    "SingleLayer",
    "TrainingSetup",
    "absent_classes",
    "batch_exceeds_data",
    "dead_units",
    "find_pitfalls",
    "inputs_not_scaled",
    "loss_diverged",
    "loss_stuck",
    "low_adadelta",
    "multiply",
    "one_seed",
    "only_linear",
    "probe",
    "reopened_test_set",
    "running_mean_read_as_gap",
    "shared_images",
    "softmax_and_loss",
    "unsound_validation",
    "within_noise",
]


def find_pitfalls(
    setup: TrainingSetup | None = None,
    history: Mapping[str, Sequence[float]] | None = None,
    *,
    test_set_opened: int = 0,
    images: Mapping[str, npt.NDArray[Any]] | None = None,
    labels: Mapping[str, npt.ArrayLike] | None = None,
    activations: Mapping[str, npt.ArrayLike] | None = None,
    first_loss: float | None = None,
    largest_input: float | None = None,
    seeds: int | None = None,
    comparisons: Sequence[Comparison] = (),
) -> list[Finding]:
    """Return everything wrong that the given data show; what is not given is not checked.

    Parameters
    ----------
    setup
        What is trained on what.
    history
        A list for each quantity, one value an epoch.
    test_set_opened
        How often the test set was evaluated.
    images, labels
        A subset's name ("training", "validation", "test") to its images (N, …) or labels (N,).
    activations
        A rectified layer's name to its outputs (N, …, U).
    first_loss, largest_input
        The loss before training (else that of the first epoch counts), the largest input to the network.
    seeds, comparisons
        With how many seeds the experiment was run; comparisons with other runs.

    Examples
    --------
    >>> setup = TrainingSetup(
    ...     layers=[{"class_name": "Dense", "config": {"activation": "softmax"}}],
    ...     loss="categorical_crossentropy",
    ...     optimizer="Adadelta",
    ...     learning_rate=0.001,
    ...     batch_size=128,
    ...     training_images=100,
    ...     classes=list("0123456789"),
    ... )
    >>> [finding.code for finding in find_pitfalls(setup, {"loss": [2.4, 2.38]}, seeds=1)]
    ['low-adadelta', 'batch-exceeds-data', 'loss-stuck', 'one-seed']
    """
    setup = setup or TrainingSetup()
    names = setup.classes
    findings = [
        *shared_images(images or {}),
        *unsound_validation(setup.validation, setup.validation_share),
    ]
    if labels:
        classes = len(names) if names else 1 + max(int(np.max(of_part)) for of_part in labels.values())
        findings += absent_classes(labels, classes, names)
    findings += _of_setup(setup)
    if history:
        findings += _of_history(history, len(names) if names else None, first_loss, largest_input)
    findings += dead_units(activations or {})
    findings += reopened_test_set(test_set_opened)
    findings += [] if seeds is None else one_seed(seeds)
    for comparison in comparisons:
        findings += within_noise(comparison)
    return _first_of_each(findings)


def _of_setup(setup: TrainingSetup) -> list[Finding]:
    findings = only_linear(setup.layers)
    if setup.layers and setup.loss:
        findings += softmax_and_loss(setup.layers, setup.loss)
    if setup.optimizer:
        findings += low_adadelta(setup.optimizer, setup.learning_rate)
    if setup.training_images is not None and setup.batch_size is not None:
        findings += batch_exceeds_data(setup.batch_size, setup.training_images)
    return findings


def _of_history(
    history: Mapping[str, Sequence[float]],
    classes: int | None,
    first_loss: float | None,
    largest_input: float | None,
) -> list[Finding]:
    losses = [float("nan") if loss is None else loss for loss in history.get("loss", ())]
    findings = running_mean_read_as_gap(history)
    if classes is None or not losses:
        return findings
    start = losses[0] if first_loss is None else first_loss
    return [
        *inputs_not_scaled(start, classes, largest_input=largest_input),
        *loss_stuck(losses, classes),
        *loss_diverged(losses, classes, first_loss=first_loss),
        *findings,
    ]


def _first_of_each(findings: list[Finding]) -> list[Finding]:
    """Return the findings without those that two ways of looking found alike (the test set as validation)."""
    seen: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.code, finding.message), finding)
    return list(seen.values())
