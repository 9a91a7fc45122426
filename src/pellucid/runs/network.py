"""The untrained network of an experiment."""

from __future__ import annotations

from pellucid.experiments.experiment import Experiment
from pellucid.layers import Input
from pellucid.models.sequential import Sequential
from pellucid.runs.preparation import Prepared


def new_network(experiment: Experiment, data: Prepared, seed: int) -> Sequential:
    """Return the experiment's network, compiled, with the initial weights of ``seed``."""
    shape = data.pipeline.input_shape
    name = experiment.name.replace("-", "_")
    network = Sequential([Input(shape), *experiment.fresh_layers()], name=name, seed=seed)
    recipe = experiment.with_recipe()
    network.compile(recipe.optimizer, recipe.loss, ["accuracy"])
    return network
