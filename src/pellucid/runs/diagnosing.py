"""Collects the findings of a run: measurements of the network for ``evaluation.find_pitfalls``."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pellucid.errors import ArgumentError, UnknownOperationError
from pellucid.evaluation import Finding, find_pitfalls
from pellucid.evaluation.pitfalls import TrainingSetup, probe
from pellucid.evaluation.pitfalls.data import few_test_images
from pellucid.experiments.catalogue import names
from pellucid.experiments.experiment import Experiment
from pellucid.graph.facts.rectified import is_rectified
from pellucid.graph.graph import Operation
from pellucid.graph.running import values_of
from pellucid.models.sequential import Sequential
from pellucid.runs.advice import with_seeds
from pellucid.runs.network import new_network
from pellucid.runs.preparation import Prepared
from pellucid.runs.record.configuration import Configuration, ExperimentDescription
from pellucid.runs.record.history import History

Array = npt.NDArray[Any]

SAMPLE = 256  # images to measure activations on: enough to call a unit dead
REPEAT = "pellucid run NAME --seeds 5"  # as a finding has it, without knowing the run
FIRST = 1000  # images to measure the initial loss and the largest input on


@dataclass(frozen=True)
class NetworkDiagnostics:
    """Measurements of the network itself.

    Attributes
    ----------
    activations
        Outputs of its ReLU layers on some images, by layer name.
    first_loss
        Loss before training.
    largest_input
        Largest absolute input value.
    single_layer
        If all layers are linear, how well the equivalent single layer predicts; else empty.
    """

    activations: dict[str, Array] = field(default_factory=dict)
    first_loss: float | None = None
    largest_input: float | None = None
    single_layer: str = ""


def refuse_what_cannot_learn(experiment: Experiment) -> None:
    """Raise ArgumentError if training could only fail: a loss of probabilities without softmax."""
    declared = ExperimentDescription.of(experiment)
    for finding in find_pitfalls(TrainingSetup(layers=declared.layers or (), loss=declared.loss)):
        if finding.code == "softmax-missing":
            raise ArgumentError(str(finding))


def diagnose(
    model: Sequential, experiment: Experiment, data: Prepared, probabilities: Array
) -> NetworkDiagnostics:
    """Measure a trained network, and its initial state; ``probabilities`` are those of the test images."""
    inputs = data.inputs(data.training.images[:FIRST])[:]
    untrained = new_network(experiment, data, model.seed)
    first = untrained.evaluate(
        inputs, data.targets(data.training.labels[:FIRST]), verbose=0, return_dict=True
    )["loss"]
    setup = TrainingSetup(layers=model.get_config()["layers"])
    linear = any(finding.code == "only-linear" for finding in find_pitfalls(setup))
    return NetworkDiagnostics(
        activations=rectified_outputs(model, inputs[:SAMPLE]),
        first_loss=float(first),
        largest_input=float(np.abs(inputs).max()),
        single_layer=_single_layer(model, data, probabilities) if linear else "",
    )


def rectified_outputs(model: Sequential, inputs: Array) -> dict[str, Array]:
    """Return the outputs (N, …, U) of each layer that ends in ReLU, by name."""
    return {step.name: values for step, values in values_of(model.graph, inputs) if _can_die(step)}


def _can_die(operation: Operation) -> bool:
    """Return whether the operation's units can be dead; False for user-defined layers."""
    try:
        return is_rectified(operation)
    except UnknownOperationError:
        return False


def _single_layer(model: Sequential, data: Prepared, probabilities: Array) -> str:
    """Compute the equivalent single layer of a linear network, and compare the predictions."""
    inputs = data.inputs(data.test.images)
    if np.abs(probabilities.sum(axis=1) - 1).max() > 1e-3:
        return ""  # without softmax there are no probabilities to compute it from
    single = probe(lambda images: model.predict(images, verbose=0), inputs.shape[1:])
    return single.agreement(inputs, probabilities)


def findings(
    configuration: Configuration,
    history: History,
    data: Prepared,
    *,
    opened: int,
    seeds: int,
    diagnostics: NetworkDiagnostics,
    command: str = "",
) -> list[Finding]:
    """Return all findings about a run: its configuration, history, data and network.

    ``command`` started the run: what is advised repeats its options.
    """
    subsets = {"training": data.training, "validation": data.validation, "test": data.test}
    found = find_pitfalls(
        _setup(configuration),
        history.whole_columns(),
        test_set_opened=opened,
        images={name: one.images for name, one in subsets.items() if len(one)},
        labels={name: one.labels for name, one in subsets.items() if len(one)},
        activations=diagnostics.activations,
        first_loss=diagnostics.first_loss,
        largest_input=diagnostics.largest_input,
        seeds=seeds,
    )
    found += few_test_images(len(data.test))
    name = configuration.experiment.name
    if name not in names():
        command = "" if command == f"pellucid run {name}" else command  # run from Python, not by that
        name = "FILE.py"  # a user-defined experiment
    repeated = with_seeds(command, 5) or f"pellucid run {name} --seeds 5"
    return [_completed(one, repeated, diagnostics.single_layer) for one in found]


def _completed(finding: Finding, repeated: str, single_layer: str) -> Finding:
    """Return a finding with the command that repeats the run, and the equivalent single layer as evidence."""
    linear = finding.code == "only-linear"
    evidence = f"{finding.evidence} {single_layer}".rstrip() if linear else finding.evidence
    return replace(finding, evidence=evidence, fix=finding.fix.replace(REPEAT, repeated))


def _setup(configuration: Configuration) -> TrainingSetup:
    training, dataset = configuration.training, configuration.dataset
    optimizer = training.optimizer
    return TrainingSetup(
        layers=configuration.layers,
        # The experiment's loss is described with its from_logits; the training's is only a name.
        loss=configuration.experiment.loss or training.loss,
        optimizer=None if optimizer is None else optimizer.name,
        learning_rate=None if optimizer is None else optimizer.config.get("learning_rate"),
        batch_size=training.batch_size,
        training_images=dataset.counts.train,
        classes=dataset.classes,
        validation=dataset.split.validation,
        validation_share=dataset.split.validation_share,
    )
