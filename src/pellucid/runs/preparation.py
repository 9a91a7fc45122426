"""Load an experiment's dataset and split it into training, validation and test images."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pellucid.core.wording.plurals import counted
from pellucid.datasets import (
    Dataset,
    InputPipeline,
    image_folder,
    load,
    missing_classes,
    names,
    stratified_split,
)
from pellucid.datasets.splits import ValidationSource
from pellucid.engine.images import ScaledImages
from pellucid.errors import ArgumentError, UnknownNameError, nearest
from pellucid.experiments.experiment import Experiment
from pellucid.runs.record.configuration import SplitDescription, TestSource

Array = npt.NDArray[Any]
MOST_LISTED = 10  # classes that a message names


@dataclass(frozen=True)
class Subset:
    """Unprocessed images (uint8, (N, H, W, C)) and their labels (N,), for one purpose.

    ``rows`` (N,) are their positions in the dataset's training or test images.
    """

    images: Array
    labels: Array
    rows: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Prepared:
    """The subsets of a dataset, and the preprocessing for the network."""

    dataset: Dataset
    training: Subset
    validation: Subset
    test: Subset
    split: SplitDescription
    pipeline: InputPipeline  # preprocesses images for the network

    def inputs(self, images: Array) -> ScaledImages:
        """Return images as the network takes them: float32, scaled and flattened as the experiment says.

        They are converted when indexed, ``inputs(images)[rows]``, and stay uint8 until then.
        """
        return self.pipeline.inputs(images)

    def targets(self, labels: Array) -> Array:
        """Return labels (N,) as one-hot labels (N, U)."""
        return np.eye(len(self.dataset.classes), dtype=np.float32)[labels]


def prepare(experiment: Experiment, *, split_seed: int = 0, limit: int | None = None) -> Prepared:
    """Load and split the experiment's data.

    Parameters
    ----------
    split_seed
        Seed of shuffled splits, apart from the network's, so that runs of different seeds share test images.
    limit
        Use at most this many images for training and validation together, drawn stratified. Where the
        validation images are the test images, all of these are for training, and as many test images are for
        validation as would be held out.

    Raises
    ------
    DatasetError
        When the data are not available.
    """
    dataset = _load(experiment)
    if experiment.dataset not in names():
        _check_enough(dataset, experiment)
    test_share = None
    rest = _whole(dataset.x_train, dataset.y_train)
    if len(dataset.x_test):
        test = _whole(dataset.x_test, dataset.y_test)
    else:
        test_share = experiment.split.test_share
        rest, test = _cut(rest, test_share, split_seed, "test part")
    limited = limit is not None and limit < len(rest)
    if limit is not None and limited:
        if limit < len(dataset.classes):
            raise ArgumentError(
                f"limit leaves at least {len(dataset.classes)} images, one a class. Received: limit={limit}"
            )
        _, rest = _cut(rest, limit, split_seed, "limit")
    source = ValidationSource(experiment.split.validation)
    share = experiment.split.validation_share
    training, validation = _validation(source, share, rest, test, split_seed)
    if source is ValidationSource.TEST and limit is not None and limited:
        count = max(round(limit * share), len(dataset.classes))
        if count < len(validation):
            _, validation = _cut(validation, count, split_seed, "limit of validation")
    split = SplitDescription(
        seed=split_seed,
        test=TestSource.OWN if test_share is None else TestSource.DRAWN,
        test_share=test_share,
        limit=limit if limited else None,
        validation=source,
        validation_share=share if source in (ValidationSource.STRATIFIED, ValidationSource.LAST) else None,
        missing_from_validation=(
            missing_classes(validation.labels, dataset.classes) if len(validation) else ()
        ),
    )
    pipeline = InputPipeline.of(dataset, scaled=experiment.scaled, flat=experiment.flat)
    return Prepared(dataset, training, validation, test, split, pipeline)


def _load(experiment: Experiment) -> Dataset:
    if experiment.dataset in names():
        return load(experiment.dataset)
    if Path(experiment.dataset).is_dir():
        size = experiment.image_size or (28, 28)
        return _folder(experiment.dataset, size, _state_of(Path(experiment.dataset)))
    raise UnknownNameError(
        f"There is no dataset, and no folder of images, {experiment.dataset!r}: "
        + nearest(experiment.dataset, names())
    )


@lru_cache(maxsize=1)
def _folder(folder: str, size: tuple[int, int], state: object) -> Dataset:
    """Return the images of a folder: read once, as long as the folder is as it was (``state``)."""
    del state
    return image_folder(folder, size=size)


def _state_of(folder: Path) -> object:
    """Return what changes when files in a folder do: their names, times and sizes."""
    files = sorted(folder.rglob("*"))
    return (Path.cwd(), *((file, file.stat().st_mtime_ns, file.stat().st_size) for file in files))


def _check_enough(dataset: Dataset, experiment: Experiment) -> None:
    """Raise ArgumentError if a class of a folder has too few images to be in every part."""
    parts = ["to learn from"]
    if experiment.split.validation in ("stratified", "last"):
        parts.append("to validate")
    if not len(dataset.x_test):
        parts.append("to test")
    counts = np.bincount(dataset.y_train, minlength=len(dataset.classes))
    few = [f"{name} has {n}" for name, n in zip(dataset.classes, counts, strict=True) if n < len(parts)]
    if few:
        listed = ", ".join(few[:MOST_LISTED]) + (", …" if len(few) > MOST_LISTED else "")
        raise ArgumentError(
            f"Each class needs at least {counted(len(parts), 'image')} ({', '.join(parts)}), and many more "
            f"to be learned well. Received: {listed}"
        )


def _validation(
    source: ValidationSource, share: float, rest: Subset, test: Subset, seed: int
) -> tuple[Subset, Subset]:
    """Return the training and the validation images."""
    if source is ValidationSource.TEST:
        return rest, test
    if source is ValidationSource.NONE:
        return rest, _taken(rest, slice(0))
    if source is ValidationSource.LAST:
        at = int(len(rest) * (1 - share))
        return _taken(rest, slice(at)), _taken(rest, slice(at, None))
    return _cut(rest, share, seed, "validation part")


def _cut(part: Subset, share: float, seed: int, purpose: str) -> tuple[Subset, Subset]:
    kept, taken = stratified_split(part.labels, share, seed=seed, purpose=purpose)
    return _taken(part, kept), _taken(part, taken)


def _whole(images: Array, labels: Array) -> Subset:
    return Subset(images, labels, np.arange(len(labels)))


def _taken(part: Subset, which: Any) -> Subset:
    return Subset(part.images[which], part.labels[which], part.rows[which])
