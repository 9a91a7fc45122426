"""Trying out an experiment before its folder is made: that its network fits the data, and trains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pellucid import losses
from pellucid.core.wording.plurals import counted
from pellucid.errors import ArgumentError
from pellucid.experiments.experiment import Experiment
from pellucid.layers import Dense
from pellucid.runs.network import new_network
from pellucid.runs.preparation import Prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pellucid.models.sequential import Sequential


def tried_network(experiment: Experiment, data: Prepared, seed: int, threads: int) -> Sequential:
    """Return the experiment's network, untrained, after another one like it has trained on one batch.

    Raises
    ------
    ArgumentError
        The network has another number of outputs than there are classes, or cannot be trained on the data.
    """
    network = new_network(experiment, data, seed)
    problem = misfit(network, data.dataset.name, data.dataset.classes, loss=experiment.loss)
    if problem:
        raise ArgumentError(problem)
    batch = slice(0, min(experiment.batch_size, len(data.training)))
    new_network(experiment, data, seed).fit(
        data.inputs(data.training.images[batch])[:],
        data.targets(data.training.labels[batch]),
        batch_size=experiment.batch_size,
        verbose=0,
        threads=threads,
    )
    return network


def misfit(network: Sequential, dataset: str, classes: Sequence[object], *, loss: Any = None) -> str:
    """Return how the network's outputs do not fit the classes, and what to write instead; "" if they fit.

    Examples
    --------
    >>> from pellucid import Sequential, layers
    >>> network = Sequential([layers.Input((4,)), layers.Dense(10, activation="softmax")])
    >>> misfit(network, "shapes", ["circle", "square", "triangle"])
    "The last layer has 10 units; shapes has 3 classes: write Dense(3, activation='softmax')."
    """
    shape, count = network.output_shape, len(classes)
    of_loss = _loss_misfit(loss)
    if shape == (count,):
        return of_loss
    has, last = f"{dataset} has {count} classes", _last_layer(network, count, loss)
    also = f" {of_loss}" if of_loss else ""
    if len(shape) != 1:
        return f"The network's outputs have shape {shape}; {has}: end it with Flatten(), {last}.{also}"
    if not any(isinstance(layer, Dense) for layer in network.layers):
        return f"The network has {counted(shape[0], 'output')}; {has}: end it with {last}.{also}"
    return f"The last layer has {counted(shape[0], 'unit')}; {has}: write {last}.{also}"


def _loss_misfit(loss: Any) -> str:
    """Return what is wrong with a loss that takes other labels than one-hot ones; "" if nothing is."""
    if loss is None or not isinstance(losses.get(loss), losses.SparseCategoricalCrossentropy):
        return ""
    return (
        "The labels of a run are one-hot: write loss='categorical_crossentropy'. "
        f"Received: loss={losses.get(loss).name!r}"
    )


def _last_layer(network: Sequential, count: int, loss: Any) -> str:
    """Return the last layer as it should be written: with softmax, unless that comes after it."""
    dense = [layer for layer in network.layers if isinstance(layer, Dense)]
    followed = bool(dense) and dense[-1] is not network.layers[-1]
    logits = getattr(losses.get(loss) if loss is not None else None, "from_logits", False)
    return f"Dense({count})" if followed or logits else f"Dense({count}, activation='softmax')"
