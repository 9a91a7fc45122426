"""What to watch in a run: the facts that only the run knows, gathered for ``evaluation.find_pitfalls``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pellucid.errors import ArgumentError, UnknownOperationError
from pellucid.evaluation import Finding, find_pitfalls
from pellucid.evaluation.pitfalls import probe
from pellucid.experiments.catalogue import names
from pellucid.experiments.experiment import Experiment
from pellucid.graph.facts.rectified import is_rectified
from pellucid.graph.graph import Operation
from pellucid.graph.running import values_of
from pellucid.models.sequential import Sequential
from pellucid.runs.network import new_network
from pellucid.runs.preparation import Prepared

Array = npt.NDArray[Any]

SAMPLE = 256  # images that activations are looked at on: enough to call a unit dead
FIRST = 1000  # images for the loss before training, and for the largest input


@dataclass(frozen=True)
class Watched:
    """What was seen of the network itself.

    ``activations`` of its rectified layers on some images, ``first_loss`` before training, ``largest_input``,
    and, where all layers are linear, what the equivalent ``single_layer`` answers.
    """

    activations: dict[str, Array] = field(default_factory=dict)
    first_loss: float | None = None
    largest_input: float | None = None
    single_layer: str = ""


def refuse_what_cannot_learn(experiment: Experiment) -> None:
    """Raise ArgumentError where training could only fail: no softmax for a loss of probabilities."""
    declared = experiment.to_config()
    recipe = {"network": {"layers": declared["layers"]}, "experiment": {"loss": declared["loss"]}}
    for finding in find_pitfalls(recipe):
        if finding.code == "softmax-missing":
            raise ArgumentError(str(finding))


def watch(model: Sequential, experiment: Experiment, data: Prepared, probabilities: Array) -> Watched:
    """Look at a trained network, and once more at how it began; ``probabilities`` are of the test images."""
    inputs = data.inputs(data.training.images[:FIRST])[:]
    untrained = new_network(experiment, data, model.seed)
    first = untrained.evaluate(
        inputs, data.targets(data.training.labels[:FIRST]), verbose=0, return_dict=True
    )["loss"]
    layers = model.get_config()["layers"]
    linear = any(finding.code == "only-linear" for finding in find_pitfalls({"network": {"layers": layers}}))
    return Watched(
        activations=rectified_outputs(model, inputs[:SAMPLE]),
        first_loss=float(first),
        largest_input=float(np.abs(inputs).max()),
        single_layer=_single_layer(model, data, probabilities) if linear else "",
    )


def rectified_outputs(model: Sequential, inputs: Array) -> dict[str, Array]:
    """Return the outputs (N, …, U) of each layer that ends in relu, by its name."""
    return {step.name: values for step, values in values_of(model.graph, inputs) if _can_die(step)}


def _can_die(operation: Operation) -> bool:
    """Return whether the operation's units can be dead; of a layer of the user's own nothing is claimed."""
    try:
        return is_rectified(operation)
    except UnknownOperationError:
        return False


def _single_layer(model: Sequential, data: Prepared, probabilities: Array) -> str:
    """Work out the layer that the network is, and compare their predictions."""
    inputs = data.inputs(data.test.images)
    if np.abs(probabilities.sum(axis=1) - 1).max() > 1e-3:
        return ""  # without softmax there are no probabilities to find it from
    single = probe(lambda images: model.predict(images, verbose=0), inputs.shape[1:])
    return single.agreement(inputs, probabilities)


def findings(
    configuration: Mapping[str, Any],
    rows: Sequence[Mapping[str, float]],
    data: Prepared,
    *,
    opened: int,
    seeds: int,
    watched: Watched,
) -> list[Finding]:
    """Return everything to watch in a run: its configuration, its history, its data, its network."""
    parts = {"training": data.training, "validation": data.validation, "test": data.test}
    found = find_pitfalls(
        configuration,
        history_columns(rows),
        results={"test_set_opened": opened},
        images={name: part.images for name, part in parts.items() if len(part)},
        labels={name: part.labels for name, part in parts.items() if len(part)},
        activations=watched.activations,
        first_loss=watched.first_loss,
        largest_input=watched.largest_input,
        seeds=seeds,
    )
    name = str(configuration.get("experiment", {}).get("name"))
    if name not in names():
        name = "FILE.py"  # an experiment of the user's own
    return [
        replace(
            one,
            evidence=f"{one.evidence} {watched.single_layer}".rstrip()
            if one.code == "only-linear"
            else one.evidence,
            fix=one.fix.replace("NAME", name),
        )
        for one in found
    ]


def history_columns(rows: Sequence[Mapping[str, float]]) -> dict[str, list[float]]:
    """Return a history, a row an epoch, as a column a quantity; only those that every epoch has.

    >>> history_columns([{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25}])["loss"]
    [0.5, 0.25]
    """
    keys = [key for key in (rows[0] if rows else {}) if all(key in row for row in rows)]
    return {key: [float(row[key]) for row in rows] for key in keys}
