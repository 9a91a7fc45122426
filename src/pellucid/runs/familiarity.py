"""Known images of a run, in its folder, by which new images are told to be like them or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pellucid.core.files import write_bytes
from pellucid.evaluation.familiarity import LEAST_HELD_OUT, Familiarity
from pellucid.models.features import last_features
from pellucid.models.model_file import FORMAT, VERSION, blaming, encoded, read_file

if TYPE_CHECKING:
    from pellucid.layers.layer import Array
    from pellucid.models import Sequential
    from pellucid.runs.preparation import Prepared

FILE = "familiarity.safetensors"
MOST_IMAGES = 4000
MOST_BYTES = 5_000_000


def write_familiarity(
    folder: Path, network: Sequential, data: Prepared, *, threads: int | None = None
) -> None:
    """Write some of the training images, with their features, and the threshold from validation images.

    Nothing is written where too few images are held out.
    """
    if len(data.validation) < LEAST_HELD_OUT:
        return
    pixels = int(np.prod(data.pipeline.shape))
    width = last_features(network, data.inputs(data.training.images[:1]), threads=threads).shape[1]
    known = _spread(data.training.images, max(LEAST_HELD_OUT, MOST_BYTES // (pixels + 2 * width)))
    features = last_features(network, data.inputs(known), threads=threads).astype(np.float16)
    known, held = _rows(known), _spread(data.validation.images, MOST_IMAGES)
    held_features = last_features(network, data.inputs(held), threads=threads)
    found = Familiarity.fit(known, features, _rows(held), held_features)
    settings = json.dumps({"medians": found.medians, "threshold": found.threshold})
    metadata = {"format": FORMAT, "version": VERSION, "familiarity": settings}
    write_bytes(folder / FILE, encoded({"pixels": known, "features": features}, metadata))


def read_familiarity(folder: Path) -> Familiarity | None:
    """Return the measure of a run folder; None where it has none, as in folders of earlier versions.

    Raises
    ------
    FileFormatError
        When the file is damaged.
    """
    if not (folder / FILE).is_file():
        return None
    tensors, metadata = read_file(folder / FILE)
    with blaming(folder / FILE, "it does not say how familiar images are"):
        settings = json.loads(metadata["familiarity"])
        by_pixels, by_features = settings["medians"]
        return Familiarity(
            tensors["pixels"],
            tensors["features"],
            (float(by_pixels), float(by_features)),
            float(settings["threshold"]),
        )


def _spread(images: Array, most: int) -> Array:
    """Return at most so many images, evenly spread: folders of images are sorted by class."""
    places = np.linspace(0, len(images) - 1, min(len(images), most, MOST_IMAGES)).astype(np.int64)
    return np.asarray(images[places])


def _rows(images: Array) -> Array:
    return images.reshape(len(images), -1)
