"""From an experiment's dataset to the arrays that its network trains on, is validated on and is tested on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pellucid.datasets import (
    Dataset,
    InputPipeline,
    image_folder,
    load,
    missing_classes,
    names,
    stratified_split,
)
from pellucid.engine.images import ScaledImages
from pellucid.errors import ArgumentError, UnknownNameError, nearest
from pellucid.experiments.experiment import Experiment

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Part:
    """Images as they came (uint8, (N, H, W, C)) and their labels (N,), for one purpose.

    ``rows`` (N,) are their places in the part of the dataset that they come from.
    """

    images: Array
    labels: Array
    rows: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Prepared:
    """The parts of a dataset, and how they become what the network takes."""

    dataset: Dataset
    training: Part
    validation: Part
    test: Part
    split: dict[str, Any]  # what was done, for the run folder
    pipeline: InputPipeline  # how an image enters the network

    def inputs(self, images: Array) -> ScaledImages:
        """Return images as the network takes them: float32, scaled and flat where the experiment says so.

        They are so once they are taken, ``inputs(images)[rows]``, and stay uint8 until then.
        """
        return self.pipeline.inputs(images)

    def targets(self, labels: Array) -> Array:
        """Return labels (N,) as one-hot rows (N, U)."""
        return np.eye(len(self.dataset.classes), dtype=np.float32)[labels]


def prepare(experiment: Experiment, *, split_seed: int = 0, limit: int | None = None) -> Prepared:
    """Load and split the experiment's data.

    Parameters
    ----------
    split_seed
        Of the shuffled splits; not of the network. So runs of different seeds share their test images.
    limit
        Use no more than so many images for training and validation together, drawn stratified.

    Raises
    ------
    DatasetError
        When the data cannot be had.
    """
    dataset = _load(experiment)
    split: dict[str, Any] = {"seed": split_seed}
    rest = _whole(dataset.x_train, dataset.y_train)
    if len(dataset.x_test):
        test = _whole(dataset.x_test, dataset.y_test)
        split["test"] = "the dataset's own"
    else:
        rest, test = _cut(rest, experiment.split.test_share, split_seed, "test part")
        split["test"] = f"{experiment.split.test_share:.0%} of all images, stratified, shuffled"
    if limit is not None and limit < len(rest):
        if limit < len(dataset.classes):
            raise ArgumentError(
                f"limit leaves at least {len(dataset.classes)} images, one a class. Received: limit={limit}"
            )
        _, rest = _cut(rest, limit, split_seed, "limit")
        split["limit"] = limit
    training, validation = _validation(experiment, rest, test, split_seed, split)
    absent = missing_classes(validation.labels, dataset.classes)
    if absent and len(validation):
        split["missing_from_validation"] = list(absent)
    pipeline = InputPipeline.of(dataset, scaled=experiment.scaled, flat=experiment.flat)
    return Prepared(dataset, training, validation, test, split, pipeline)


def _load(experiment: Experiment) -> Dataset:
    if experiment.dataset in names():
        return load(experiment.dataset)
    if Path(experiment.dataset).is_dir():
        return image_folder(experiment.dataset, size=experiment.image_size or (28, 28))
    raise UnknownNameError(
        f"There is no dataset, and no folder of images, {experiment.dataset!r}: "
        + nearest(experiment.dataset, names())
    )


def _validation(
    experiment: Experiment, rest: Part, test: Part, seed: int, split: dict[str, Any]
) -> tuple[Part, Part]:
    kind, share = experiment.split.validation, experiment.split.validation_share
    if kind == "test":
        split["validation"] = "the test images"
        return rest, test
    if kind == "none":
        split["validation"] = "none: all of the training images are learned from"
        return rest, _taken(rest, slice(0))
    if kind == "last":
        at = int(len(rest) * (1 - share))
        split["validation"] = f"the last {share:.0%} of the training images"
        return _taken(rest, slice(at)), _taken(rest, slice(at, None))
    split["validation"] = f"{share:.0%} of the training images, stratified, shuffled"
    return _cut(rest, share, seed, "validation part")


def _cut(part: Part, share: float, seed: int, purpose: str) -> tuple[Part, Part]:
    kept, taken = stratified_split(part.labels, share, seed=seed, purpose=purpose)
    return _taken(part, kept), _taken(part, taken)


def _whole(images: Array, labels: Array) -> Part:
    return Part(images, labels, np.arange(len(labels)))


def _taken(part: Part, which: Any) -> Part:
    return Part(part.images[which], part.labels[which], part.rows[which])
