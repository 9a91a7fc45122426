"""What to watch: findings about the experiment itself, from its configuration, data and history.

Each has the evidence and the fix. :func:`find_pitfalls` looks for all that the given facts can show; every
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
    configuration: Mapping[str, Any] | None = None,
    history: Mapping[str, Sequence[float]] | None = None,
    *,
    results: Mapping[str, Any] | None = None,
    images: Mapping[str, npt.NDArray[Any]] | None = None,
    labels: Mapping[str, npt.ArrayLike] | None = None,
    activations: Mapping[str, npt.ArrayLike] | None = None,
    first_loss: float | None = None,
    largest_input: float | None = None,
    seeds: int | None = None,
    comparisons: Sequence[Comparison] = (),
) -> list[Finding]:
    """Return everything wrong that the given facts show; whatever is not given is not looked at.

    Parameters
    ----------
    configuration, history, results
        As a run folder holds them (``configuration.json``; the history as a dict of lists; ``results.json``).
    images, labels
        A part's name ("training", "validation", "test") to its images (N, …) or labels (N,).
    activations
        A rectified layer's name to its outputs (N, …, U).
    first_loss, largest_input
        The loss before training (else that of the first epoch counts), the largest input to the network.
    seeds, comparisons
        With how many seeds the experiment was run; comparisons with other runs.

    >>> configuration = {
    ...     "dataset": {"classes": list("0123456789"), "counts": {"train": 100}, "split": {}},
    ...     "network": {"layers": [{"class_name": "Dense", "config": {"activation": "softmax"}}]},
    ...     "training": {
    ...         "loss": "categorical_crossentropy",
    ...         "optimizer": {"name": "Adadelta", "config": {"learning_rate": 0.001}},
    ...         "batch_size": 128,
    ...     },
    ... }
    >>> [finding.code for finding in find_pitfalls(configuration, {"loss": [2.4, 2.38]}, seeds=1)]
    ['low-adadelta', 'batch-exceeds-data', 'loss-stuck', 'one-seed']
    """
    configuration = configuration or {}
    dataset = configuration.get("dataset", {})
    names = dataset.get("classes")
    findings = [*shared_images(images or {}), *unsound_validation(dataset.get("split", {}))]
    if labels:
        classes = len(names) if names else 1 + max(int(np.max(of_part)) for of_part in labels.values())
        findings += absent_classes(labels, classes, names)
    findings += _of_recipe(configuration)
    if history:
        findings += _of_history(history, len(names) if names else None, first_loss, largest_input)
    findings += dead_units(activations or {})
    findings += reopened_test_set(int((results or {}).get("test_set_opened", 0)))
    findings += [] if seeds is None else one_seed(seeds)
    for comparison in comparisons:
        findings += within_noise(comparison)
    return _first_of_each(findings)


def _of_recipe(configuration: Mapping[str, Any]) -> list[Finding]:
    training = configuration.get("training", {})
    layers = configuration.get("network", {}).get("layers", [])
    # The experiment's own description of the loss has its from_logits; the training's may be a bare name.
    loss = configuration.get("experiment", {}).get("loss") or training.get("loss", "")
    optimizer = training.get("optimizer", {})
    findings = only_linear(layers)
    if layers and loss:
        findings += softmax_and_loss(layers, loss)
    if optimizer:
        findings += low_adadelta(optimizer.get("name", ""), optimizer.get("config", {}).get("learning_rate"))
    images = configuration.get("dataset", {}).get("counts", {}).get("train")
    if images is not None and "batch_size" in training:
        findings += batch_exceeds_data(training["batch_size"], images)
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
