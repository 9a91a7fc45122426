"""What an engine offers: the one place where everything above and every engine meet.

An engine turns a network's graph into a :class:`Program`, which trains it, evaluates it and predicts with it.
:mod:`pellucid.engine.engines` lists the engines; a new one is a module of its own and a line there.
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
    """What a network is trained with.

    Attributes
    ----------
    loss
        From :mod:`pellucid.losses`.
    metrics
        From :mod:`pellucid.metrics`.
    optimizer
        Whose state the program makes, and whose steps it takes.
    seed
        Names the random streams of dropout and augmentation.
    """

    loss: Any
    metrics: Sequence[Any]
    optimizer: Optimizer
    seed: int


class Program(Protocol):
    """A network as an engine runs it.

    What needs a loss or an optimizer is there only if the program was compiled for training.
    """

    @property
    def names(self) -> list[str]:
        """``"loss"``, then those of the metrics."""

    @property
    def training(self) -> Training:
        """What it was compiled for."""

    def warm_up(self, images: Images) -> None:
        """Do now what the first training step would otherwise wait for, such as compiling."""

    def source(self, images: Images) -> ImageSource:
        """Return what gives the images of a data set to ``step``."""

    def step(self, data: Data, source: ImageSource, rows: Array, workers: Workers) -> Array:
        """Take one training step on the images of ``rows``: forward, backward, update.

        Returns the sums of loss and metrics over these images, measured before the update.

        Raises
        ------
        NonFiniteLossError
            When the loss is NaN or infinite; the network is then as it was before the step.
        """

    def evaluate(self, data: Data, batch_size: int | None, workers: Workers) -> dict[str, float]:
        """Return the mean loss and metrics over all images, weights frozen and dropout off."""

    def predict(self, images: Images, batch_size: int | None, workers: Workers) -> Array:
        """Return the outputs of the whole network for all images."""


class Engine(Protocol):
    """A way to compute networks."""

    @property
    def name(self) -> str:
        """How ``engine=`` and PELLUCID_ENGINE name it."""

    @property
    def description(self) -> str:
        """What it is, in a sentence."""

    @property
    def rounding(self) -> str:
        """How its results differ from those of other engines, and from run to run."""

    def available(self) -> bool:
        """Return whether it can be used here."""

    def compile(self, graph: Graph, training: Training | None = None) -> Program:
        """Return a program that runs a built network: for prediction alone, or for training too."""

    def workers(self, threads: int | None) -> Workers:
        """Return the team of threads that programs of this engine work with."""
