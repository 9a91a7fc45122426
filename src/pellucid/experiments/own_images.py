"""The network that a folder of one's own images is trained with, unless another one is declared.

It is small enough for a processor without a graphics card, and keeps to what is safe for any kind of image:

- Convolutions find patterns; the maximum over all places says whether a pattern is somewhere. On few images
  of thin lines it is much more accurate than the mean over all places, which such lines hardly change.
- Images are shifted at random, so that the network does not learn where things are. They are neither mirrored
  nor turned: that changes some classes (b and d, 6 and 9, left and right), and no program can know which.
- Training ends when the validation loss has stopped falling, and the best epoch's network is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pellucid.datasets import names
from pellucid.datasets.folder_facts import FolderFacts, folder_facts
from pellucid.errors import UnknownNameError
from pellucid.experiments.experiment import Experiment, Split
from pellucid.layers import (
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPooling2D,
    RandomTranslation,
    Rescaling,
)

SMALLEST, LARGEST = 16, 64  # sides in pixels of the images as the network takes them
FIRST_KERNELS = 16
SHIFT = 0.1  # share of the image's side
FEW = 1000  # images; with fewer, batches are smaller and epochs more
STEPS = 3000  # of training, about
LEAST_EPOCHS, MOST_EPOCHS = 30, 200
PATIENT_SHARE = 8  # an eighth of the epochs without progress ends training


@dataclass(frozen=True)
class LayerLine:
    """A layer as a line of Python: its class, its arguments, and what it is for."""

    kind: type[Layer]
    arguments: tuple[Any, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    purpose: str = ""

    def layer(self) -> Layer:
        """Return the layer."""
        return self.kind(*self.arguments, **self.options)

    def code(self) -> str:
        """Return the call that makes the layer.

        Examples
        --------
        >>> LayerLine(Conv2D, (16, 3), {"padding": "same"}).code()
        'Conv2D(16, 3, padding="same")'
        """
        options = [f"{name}={literal(value)}" for name, value in self.options.items()]
        return f"{self.kind.__name__}({', '.join([*map(literal, self.arguments), *options])})"


def literal(value: Any) -> str:
    """Return a value as Python has it, text in double quotes.

    Examples
    --------
    >>> print(literal("same"), literal(0.3))
    "same" 0.3
    """
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def experiment_on(folder: str) -> Experiment:
    """Return the experiment that trains the default network on a folder of images.

    Raises
    ------
    DataError
        When the folder does not have a folder of images for each class.
    UnknownNameError
        When it is the folder of a run.
    """
    if (Path(folder) / "run.json").is_file():
        raise UnknownNameError(
            f"{folder} is the folder of a run, not of images: `pellucid resume {folder}` continues it. "
            f"Received: folder={folder!r}"
        )
    facts = folder_facts(Path(folder))
    side = side_for(facts)
    epochs = epochs_for(facts)
    return Experiment(
        name=name_for(facts.name),
        summary=f"{len(facts.classes)} classes of images in {facts.name}",
        dataset=dataset_for(folder),
        image_size=(side, side),
        layers=[line.layer() for line in layer_lines(side, len(facts.classes))],
        optimizer="adam",
        batch_size=batch_size_for(facts),
        epochs=epochs,
        patience=patience_for(epochs),
        split=Split(validation_share=0.2, test_share=0.25),
    )


def layer_lines(side: int, classes: int) -> list[LayerLine]:
    """Return the layers of the default network for square images of ``side`` pixels.

    Examples
    --------
    >>> [line.code() for line in layer_lines(16, 3)][-4:]
    ['MaxPooling2D(4)', 'Flatten()', 'Dropout(0.3)', 'Dense(3, activation="softmax")']
    """
    lines = [
        LayerLine(Rescaling, (2.0,), {"offset": -1.0}, "pixels, 0 to 1, become -1 to 1"),
        LayerLine(
            RandomTranslation,
            (SHIFT, SHIFT, "nearest", "nearest"),
            purpose=f"in training: shifted by up to {SHIFT:.0%}".replace("%", " %"),
        ),
    ]
    kernels = FIRST_KERNELS
    while side // 2 >= 3:
        lines += _convolution(kernels)
        kernels, side = 2 * kernels, side // 2
    return [
        *lines,
        LayerLine(MaxPooling2D, (side,), purpose="the largest value of each map: is the pattern anywhere?"),
        LayerLine(Flatten),
        LayerLine(Dropout, (0.3,), purpose="in training: 30 % of the values are left out"),
        LayerLine(Dense, (classes,), {"activation": "softmax"}, "a probability for each class"),
    ]


def _convolution(kernels: int) -> Sequence[LayerLine]:
    convolution = {"padding": "same", "activation": "relu"}
    return (
        LayerLine(Conv2D, (kernels, 3), convolution, f"{kernels} patterns of 3×3"),
        LayerLine(MaxPooling2D, (2,), purpose="half as high and wide"),
        LayerLine(BatchNormalization, options={"momentum": 0.9}),
    )


def side_for(facts: FolderFacts) -> int:
    """Return the side of the square that images are resized to: a multiple of 4, from 16 to 64."""
    return min(LARGEST, max(SMALLEST, facts.shorter_side)) // 4 * 4


def batch_size_for(facts: FolderFacts) -> int:
    """Return the batch size: small batches give enough steps an epoch where there are few images."""
    return 16 if facts.images < FEW else 32


def epochs_for(facts: FolderFacts) -> int:
    """Return the largest number of epochs: more where an epoch has few steps."""
    steps = max(1, facts.images // batch_size_for(facts))
    return min(MOST_EPOCHS, max(LEAST_EPOCHS, STEPS // steps))


def patience_for(epochs: int) -> int:
    """Return after how many epochs without progress training ends."""
    return max(5, epochs // PATIENT_SHARE)


def name_for(folder_name: str) -> str:
    """Return an experiment's name for a folder: without spaces.

    Examples
    --------
    >>> name_for("my photos")
    'my-photos'
    """
    return re.sub(r"[\s/\\]+", "-", folder_name).strip("-") or "images"


def dataset_for(folder: str) -> str:
    """Return how an experiment names the folder: so that it is not taken for a dataset's name.

    Examples
    --------
    >>> dataset_for("photos/"), dataset_for("digits/")
    ('photos', './digits')
    """
    path = str(Path(folder))
    return f"./{path}" if path in names() else path
