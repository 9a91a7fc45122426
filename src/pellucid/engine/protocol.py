"""The protocol of engines: the one interface between the engines and everything above them.

An engine compiles a network's graph to a :class:`Program`, which trains, evaluates and predicts.
:mod:`pellucid.engine.engines` lists the engines; a new engine is a new module and a line there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pellucid.engine.data import Data
from pellucid.engine.images import Images
from pellucid.engine.values import ImageSource
from pellucid.engine.workers import Workers
from pellucid.graph.graph import Graph
from pellucid.layers.layer import Array
from pellucid.optimizers import Optimizer


@dataclass(frozen=True)
class Training:
    """The settings that a network is trained with.

    Attributes
    ----------
    loss
        A loss of :mod:`pellucid.losses`.
    metrics
        Metrics of :mod:`pellucid.metrics`.
    optimizer
        The optimizer; the program creates its state and applies its steps.
    seed
        Seed of the random streams of dropout and augmentation.
    """

    loss: Any
    metrics: Sequence[Any]
    optimizer: Optimizer
    seed: int


class Program(Protocol):
    """A compiled network, as an engine runs it.

    Members that need a loss or an optimizer exist only if the program was compiled for training.
    """

    @property
    def names(self) -> list[str]:
        """``"loss"``, then the names of the metrics."""

    @property
    def training(self) -> Training:
        """The settings it was compiled with."""

    def warm_up(self, images: Images) -> None:
        """Do in advance what the first training step would otherwise wait for, such as compiling."""

    def source(self, images: Images) -> ImageSource:
        """Return the source from which ``step`` gets the images of a data set."""

    def step(self, data: Data, source: ImageSource, rows: Array, workers: Workers) -> Array:
        """Run one training step on the images at indices ``rows``: forward, backward, update.

        Returns the sums of loss and metrics over these images, measured before the update.

        Raises
        ------
        NonFiniteLossError
            When the loss is NaN or infinite; the network is then as before the step.
        """

    def evaluate(self, data: Data, batch_size: int | None, workers: Workers) -> dict[str, float]:
        """Return the mean loss and metrics over all images, in inference mode."""

    def predict(self, images: Images, batch_size: int | None, workers: Workers) -> Array:
        """Return the outputs of the whole network for all images."""


class Engine(Protocol):
    """A way to compute networks."""

    @property
    def name(self) -> str:
        """Name for ``engine=`` and PELLUCID_ENGINE."""

    @property
    def description(self) -> str:
        """A description in one sentence."""

    @property
    def rounding(self) -> str:
        """How its results differ from those of other engines, and from run to run."""

    def available(self) -> bool:
        """Return whether it can be used on this machine."""

    def compile(self, graph: Graph, training: Training | None = None) -> Program:
        """Return a program for a built network: for prediction only, or for training as well."""

    def workers(self, threads: int | None) -> Workers:
        """Return the worker threads that programs of this engine use."""
