"""A network and how it is trained, as JSON-able data from which a measuring process rebuilds it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from pellucid import datasets, losses, optimizers
from pellucid.errors import ArgumentError
from pellucid.graph.configuration import layer_from_config, layer_to_config
from pellucid.layers import Input
from pellucid.models.sequential import Sequential

if TYPE_CHECKING:
    from pellucid.experiments import Experiment
    from pellucid.layers.layer import Array

SEED = 0


@dataclass(frozen=True)
class NetworkSpec:
    """A network and how it is trained; ``layers``, ``optimizer`` and ``loss`` as their configurations."""

    name: str
    input_shape: tuple[int, ...]
    layers: list[dict[str, Any]]
    optimizer: dict[str, Any]
    loss: Any
    batch_size: int

    @classmethod
    def of(cls, experiment: Experiment) -> Self:
        """Return the specification of an experiment's network.

        Raises
        ------
        ArgumentError
            When it has no network of layers, or images whose shape is not known without reading them.
        """
        if experiment.program != "network":
            raise ArgumentError(
                "An experiment that is measured has a network of layers, such as mnist-cnn. "
                f"Received: experiment={experiment.name!r}, which is written out by hand"
            )
        if experiment.dataset not in datasets.names():
            raise ArgumentError(
                f"Networks are measured on random images in the shape of {', '.join(datasets.names())}. "
                f"Received: experiment={experiment.name!r}, dataset={experiment.dataset!r}"
            )
        info = datasets.describe(experiment.dataset)
        return cls(
            experiment.name,
            datasets.InputPipeline.of(info, flat=experiment.flat).input_shape,
            [layer_to_config(layer) for layer in experiment.layers],
            optimizers.serialize(optimizers.get(experiment.optimizer)),
            losses.serialize(losses.get(experiment.loss)),
            experiment.batch_size,
        )

    def to_config(self) -> dict[str, Any]:
        """Return the specification as JSON-able data."""
        return asdict(self)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return the specification that ``to_config`` described."""
        return cls(**{**config, "input_shape": tuple(config["input_shape"])})

    def network(self) -> Sequential:
        """Return pellucid's network with its initial weights, compiled. Peers start from the same weights."""
        layers = [layer_from_config(entry) for entry in self.layers]
        network = Sequential([Input(self.input_shape), *layers], name="measured", seed=SEED)
        network.compile(optimizers.get(self.optimizer), losses.get(self.loss), ["accuracy"])
        return network

    def data(self, images: int) -> tuple[Array, Array]:
        """Return random images (N, …) from 0 to 1 and the numbers of their classes (N,).

        Not zeros: multiplying zeros can be faster, and weights that learn from zeros become denormal.
        """
        generator = np.random.default_rng(SEED)
        x = generator.random((images, *self.input_shape), dtype=np.float32)
        return x, generator.integers(0, self.classes, images)

    @property
    def classes(self) -> int:
        """The number of classes: the units of the last layer that has units."""
        units = [entry["config"]["units"] for entry in self.layers if "units" in entry["config"]]
        if not units:
            raise ArgumentError(
                "A network that is measured has a Dense layer with a unit for each class. "
                f"Received: experiment={self.name!r}"
            )
        return int(units[-1])
