"""``configuration.json``: what is trained, on which data, and how."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from pellucid import losses
from pellucid.datasets.splits import ValidationSource
from pellucid.errors import ArgumentError, DataError
from pellucid.experiments.experiment import Experiment, Program, Reported, Split
from pellucid.graph.configuration import described_operations
from pellucid.runs.record.json_form import from_json, to_json, to_object
from pellucid.runs.settings import Settings

SerializedObject: TypeAlias = dict[str, Any]  # {"class_name": …, "config": …}, as Keras serialises objects


class TestSource(StrEnum):
    """Where the test images come from: ``OWN`` ones of the dataset, or ``DRAWN`` from all its images."""

    __test__ = False  # tells pytest that this is not a test class

    OWN = "own"
    DRAWN = "drawn"


@dataclass(frozen=True, kw_only=True)
class ImageCounts:
    """Number of images for training, validation and testing."""

    train: int | None = None
    validation: int | None = None
    test: int | None = None


@dataclass(frozen=True, kw_only=True)
class SplitDescription:
    """How the images were split.

    Attributes
    ----------
    seed
        Seed of the random split.
    test, test_share
        Where the test images come from; their share of all images, if drawn.
    limit
        Maximal number of images for training and validation.
    validation, validation_share
        Where the validation images come from; their share of the training images.
    missing_from_validation
        Classes without validation images.
    """

    seed: int | None = None
    test: TestSource | None = None
    test_share: float | None = None
    limit: int | None = None
    validation: ValidationSource | None = None
    validation_share: float | None = None
    missing_from_validation: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DatasetDescription:
    """The dataset.

    Attributes
    ----------
    shape
        Shape of one image, (H, W, C).
    max_value
        Largest possible pixel value.
    scaled, flat
        Whether pixels were divided by it, and images flattened, before the network.
    sha256
        Checksum of all images and labels.
    """

    name: str
    classes: tuple[str, ...]
    counts: ImageCounts = ImageCounts()
    split: SplitDescription = SplitDescription()
    shape: tuple[int, ...] | None = None
    max_value: int | None = None
    scaled: bool | None = None
    flat: bool | None = None
    source: str | None = None
    sha256: str | None = None

    @property
    def sampled(self) -> int:
        """Number of training images measured after an epoch: as many as validation images, if possible."""
        return min(self.counts.validation or 0, self.counts.train or 0)


@dataclass(frozen=True, kw_only=True)
class OptimizerDescription:
    """An optimizer's class and its arguments."""

    name: str
    config: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TrainingSettings:
    """How the network is trained; with ``images_per_cycle``, an epoch is a cycle of that many images."""

    loss: str | None = None
    optimizer: OptimizerDescription | None = None
    batch_size: int | None = None
    epochs: int | None = None
    seed: int | None = None
    threads: int | None = None
    images_per_cycle: int | None = None


@dataclass(frozen=True, kw_only=True)
class ExperimentDescription:
    """The experiment as declared: :class:`pellucid.experiments.Experiment`, with its objects serialised."""

    name: str = ""
    summary: str = ""
    dataset: str | None = None
    layers: tuple[SerializedObject, ...] | None = None
    loss: SerializedObject | None = None
    optimizer: SerializedObject | None = None
    batch_size: int | None = None
    epochs: int | None = None
    flat: bool = False
    scaled: bool = True
    split: Split = field(default_factory=Split)
    image_size: tuple[int, int] | None = None
    patience: int | None = None
    reported: tuple[Reported, ...] = ()
    program: Program = Program.NETWORK

    @classmethod
    def of(cls, experiment: Experiment) -> ExperimentDescription:
        """Return the description of an experiment."""
        return from_json(cls, to_json(experiment.to_config()))

    def experiment(self) -> Experiment:
        """Return the experiment that was declared.

        Raises
        ------
        DataError
            Part of the declaration is missing.
        """
        try:
            return Experiment.from_config(to_object(self))
        except (KeyError, TypeError) as error:
            raise DataError(f"the experiment {self.name!r} is not described whole: {error}") from error


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """What is trained, on which data, and how.

    Attributes
    ----------
    network
        The architecture, as returned by ``get_config``; empty for the network written out by hand.
    summary, parameters
        The model summary as text, and the number of parameters.
    """

    experiment: ExperimentDescription
    settings: Settings | None = None
    dataset: DatasetDescription
    network: dict[str, Any]
    training: TrainingSettings
    summary: str | None = None
    parameters: int | None = None

    @property
    def layers(self) -> list[SerializedObject]:
        """The network's layers, serialised."""
        layers: list[SerializedObject] = self.network.get("layers", [])
        return layers

    @property
    def objective(self) -> str:
        """What is minimised, in words: the loss, with what changes its values, such as smoothed labels.

        "" if that is not recorded.
        """
        described = self.experiment.loss
        if isinstance(described, dict) and self.experiment.program is Program.NETWORK:
            with suppress(ArgumentError):  # a loss of the user's own, whose class is not known here
                return losses.get(described).objective
        return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", self.training.loss or "").lower()

    @property
    def minimises_what_is_tested(self) -> bool:
        """Whether the loss of training is the cross-entropy that is measured on the test images."""
        return not self.objective or ("," not in self.objective and "cross" in self.objective)

    @property
    def has_dropout(self) -> bool:
        """Whether the network has dropout."""
        return any(operation.kind == "dropout" for operation in described_operations(self.layers))
